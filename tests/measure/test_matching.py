"""Matching of PSFs against Gaussians, for which everything is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter
from scipy.signal import fftconvolve

from hstdriz_study.contracts import Patch
from hstdriz_study.measure.correlation import autocorrelation
from hstdriz_study.measure.matching import match_psf
from hstdriz_study.measure.psf_stamp import psf_stamp

SCALE, HALF_PX = 0.05, 30
FWHM = np.sqrt(8 * np.log(2))
WHITE = np.pad([[1.0]], 2)


def _gaussian(sigma_px: float, n_stars: int = 1):
    """Stamp of a Gaussian that lies a row off in its patch, with some flux."""
    rows, columns = np.indices((2 * HALF_PX + 5, 2 * HALF_PX + 5))
    image = np.exp(-0.5 * ((rows - 33) ** 2 + (columns - 32) ** 2) / sigma_px**2)
    patch = Patch(7.0 * image, np.ones(image.shape), 32.0, 33.0)
    return psf_stamp([patch] * n_stars, HALF_PX, SCALE)


def _match(source: float, target: float, correlation: np.ndarray = WHITE):
    return match_psf(
        _gaussian(source), _gaussian(target), first_guess_arcsec=0.2,
        aperture_radius_arcsec=0.4, noise_correlation=correlation,
    )  # fmt: skip


def test_a_stamp_has_the_widths_of_its_gaussian() -> None:
    stamp = _gaussian(2.0, n_stars=3)
    assert stamp.values.sum() == pytest.approx(1.0)
    assert stamp.spread.max() < 1e-12
    assert stamp.fwhm_arcsec(0.2) == pytest.approx(FWHM * 2.0 * SCALE, rel=0.01)
    half = SCALE * np.sqrt(2 * np.log(2) * 2.0**2 + 1 / 12)
    assert stamp.energy_radius_arcsec(0.5) == pytest.approx(half, rel=0.02)
    assert stamp.cropped(1.0).values.shape == (41, 41)


def test_the_kernel_between_gaussians_is_their_difference_in_variance() -> None:
    match = _match(1.5, 2.5)
    sigma = np.sqrt(2.5**2 - 1.5**2)
    rows, columns = np.indices(match.kernel.shape) - len(match.kernel) // 2
    expected = np.exp(-0.5 * (rows**2 + columns**2) / sigma**2) / (2 * np.pi * sigma**2)
    np.testing.assert_allclose(match.kernel, expected, atol=0.02 * expected.max())
    assert match.residual < 0.01
    assert match.fwhm_growth == pytest.approx(2.5 / 1.5 - 1, rel=0.02)
    assert match.pixel_noise == pytest.approx(1 / (2 * np.sqrt(np.pi) * sigma), rel=0.02)
    inside = [1 - np.exp(-0.5 * (0.4 / SCALE / width) ** 2) for width in (1.5, 2.5)]
    assert match.aperture_light == pytest.approx(inside[1] / inside[0], rel=0.01)


def test_noise_after_matching_is_that_of_a_convolved_noise_image() -> None:
    rng = np.random.default_rng(5)
    noise = gaussian_filter(rng.normal(size=(600, 600)), 0.7)
    boxes = noise[:600, :600].reshape(20, 30, 20, 30).swapaxes(1, 2).reshape(-1, 30, 30)
    match = _match(1.5, 2.5, autocorrelation(boxes, 4))
    after = fftconvolve(noise, match.kernel, mode="valid")
    assert match.pixel_noise == pytest.approx(after.std() / noise.std(), rel=0.03)
    white = _match(1.5, 2.5)
    assert match.pixel_noise > 1.5 * white.pixel_noise


def test_autocorrelation_is_that_of_the_smoothing() -> None:
    noise = gaussian_filter(np.random.default_rng(6).normal(size=(50, 40, 40)), (0, 0.9, 0.9))
    found = autocorrelation(noise, 3)
    lag = np.arange(-3, 4)
    expected = np.exp(-(lag[:, None] ** 2 + lag**2) / (4 * 0.9**2))
    np.testing.assert_allclose(found, expected, atol=0.03)
    assert found[3, 3] == 1
