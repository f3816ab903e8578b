"""The delivered PSF against analytic truth."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import erf

from hstdriz_study.contracts import Metric, Patch
from hstdriz_study.errors import MetricUnavailableError
from hstdriz_study.measure.psf import fit_box_pixels, measure_psf
from hstdriz_study.measure.resample import resample_counts
from hstdriz_study.measure.star_sample import star_sample

FWHM = 0.2


def measured(
    scenes: Any, surface: Any, scale: float, seed: int, *, n_stars: int = 30, snr: float = np.inf
) -> dict[str, Metric]:
    rng = np.random.default_rng(seed)
    each = np.exp(rng.uniform(np.log(50), np.log(300), n_stars)) * snr / 50
    point, _ = scenes.star_point(surface, scale, n_stars, rng, each)
    return measure_psf(point, scenes.context(scenes.regions(n_stars), n_bootstrap=20))


def fwhm_and_resamples(
    scenes: Any, scale: float, seed: int, *, snr: float, n_bootstrap: int
) -> np.ndarray:
    """FWHM of 20 noisy Gaussian stars, and of bootstrap resamples of them."""
    rng = np.random.default_rng(seed)
    each = np.exp(rng.uniform(np.log(snr), np.log(6 * snr), 20))
    point, _ = scenes.star_point(scenes.gaussian(FWHM), scale, 20, rng, each)
    sample = star_sample(point, scenes.context(scenes.regions(20)))
    rows = np.concatenate([np.ones((1, 20)), resample_counts(20, n_bootstrap, seed)])
    return scale * sample.registration.fwhm(rows * sample.star_weights)


@pytest.mark.parametrize("pixels_per_fwhm", [1.6, 2.0, 2.5, 3.0, 4.0])
def test_fwhm_of_noiseless_gaussian_is_recovered_within_one_percent(
    scenes: Any, pixels_per_fwhm: float
) -> None:
    metrics = measured(scenes, scenes.gaussian(FWHM), FWHM / pixels_per_fwhm, 1)
    assert metrics["psf/fwhm_arcsec"].value == pytest.approx(FWHM, rel=0.01)
    assert metrics["psf/pixels_per_fwhm"].value == pytest.approx(pixels_per_fwhm, rel=0.01)


@pytest.mark.parametrize("pixels_per_fwhm", [1.6, 2.5, 4.0])
def test_noise_leaves_mean_fwhm_within_one_percent(scenes: Any, pixels_per_fwhm: float) -> None:
    scale = FWHM / pixels_per_fwhm
    values = [
        fwhm_and_resamples(scenes, scale, seed, snr=50, n_bootstrap=1)[0] for seed in range(10)
    ]
    assert np.mean(values) == pytest.approx(FWHM, rel=0.01)


def test_bootstrap_error_of_fwhm_covers_the_scatter_over_realisations(scenes: Any) -> None:
    results = np.array(
        [fwhm_and_resamples(scenes, 0.08, seed, snr=40, n_bootstrap=100) for seed in range(60)]
    )
    scatter = np.std(results[:, 0], ddof=1)
    errors = np.std(results[:, 1:], axis=1) * np.sqrt(20 / 19)
    assert 0.75 < np.median(errors) / scatter < 1.4
    covered = np.abs(results[:, 0] - results[:, 0].mean()) < errors
    assert 0.5 < covered.mean() < 0.85


def test_encircled_energy_radii_of_a_gaussian_are_analytic(scenes: Any) -> None:
    """An aperture takes each pixel as a flat square, which blurs by scale^2 / 12."""
    scale = 0.06
    metrics = measured(scenes, scenes.gaussian(0.3), scale, 3)
    sigma = np.hypot(0.3 / np.sqrt(8 * np.log(2)), scale / np.sqrt(12))
    for fraction, name in ((0.5, "psf/ee50_arcsec"), (0.8, "psf/ee80_arcsec")):
        radius = sigma * np.sqrt(-2 * np.log(1 - fraction))
        assert metrics[name].value == pytest.approx(radius, rel=0.01)


@pytest.mark.parametrize("axis_ratio", [1.0, 0.9, 0.75])
def test_ellipticity_of_an_elliptical_gaussian_is_recovered(scenes: Any, axis_ratio: float) -> None:
    metrics = measured(scenes, scenes.gaussian(0.22, axis_ratio), 0.06, 4)
    assert metrics["psf/ellipticity"].value == pytest.approx(1 - axis_ratio, abs=0.015)


def test_ellipticity_of_round_noisy_stars_is_small(scenes: Any) -> None:
    metrics = measured(scenes, scenes.gaussian(0.22), 0.06, 5, snr=50)
    assert metrics["psf/ellipticity"].value < 0.08


def test_fitted_fwhm_removes_the_blur_of_the_pixel(scenes: Any) -> None:
    scale, sigma = 0.12, FWHM / np.sqrt(8 * np.log(2))

    def one_axis(d: np.ndarray) -> np.ndarray:
        high, low = (erf((d + s * scale / 2) / (np.sqrt(2) * sigma)) for s in (1, -1))
        return np.asarray((high - low) / 2 / scale)

    metrics = measured(scenes, lambda dx, dy: one_axis(dx) * one_axis(dy), scale, 6)
    assert metrics["psf/fwhm_fit_arcsec"].value == pytest.approx(FWHM, rel=0.01)
    assert metrics["psf/fwhm_arcsec"].value > 1.05 * FWHM


@settings(max_examples=8, deadline=None)
@given(factor=st.floats(1e-6, 1e6))
def test_fwhm_does_not_depend_on_brightness(scenes: Any, factor: float) -> None:
    rng = np.random.default_rng(8)
    point, _ = scenes.star_point(scenes.gaussian(FWHM), 0.08, 8, rng, np.full(8, 80.0))
    bright = scenes.point(0.08, stars=[Patch(p.sci * factor, p.wht, p.x, p.y) for p in point.stars])
    context = scenes.context(scenes.regions(8), n_bootstrap=5)
    first, second = (measure_psf(p, context)["psf/fwhm_arcsec"].value for p in (point, bright))
    assert second == pytest.approx(first, rel=1e-5)


@settings(max_examples=8, deadline=None)
@given(dx=st.floats(-0.5, 0.5), dy=st.floats(-0.5, 0.5))
def test_fwhm_survives_a_wrong_sub_pixel_position(scenes: Any, dx: float, dy: float) -> None:
    rng = np.random.default_rng(9)
    point, _ = scenes.star_point(scenes.gaussian(FWHM), 0.08, 10, rng)
    moved = scenes.point(0.08, stars=[Patch(p.sci, p.wht, p.x + dx, p.y + dy) for p in point.stars])
    context = scenes.context(scenes.regions(10), n_bootstrap=5)
    assert measure_psf(moved, context)["psf/fwhm_arcsec"].value == pytest.approx(FWHM, rel=0.01)


def test_a_hole_in_each_core_leaves_fwhm_and_energy_unbiased(scenes: Any) -> None:
    rng = np.random.default_rng(10)
    point, _ = scenes.star_point(scenes.gaussian(FWHM), 0.06, 30, rng)
    holed = []
    for patch in point.stars:
        sci, wht = patch.sci.copy(), patch.wht.copy()
        row, column = round(patch.y) + rng.integers(-1, 2), round(patch.x) + rng.integers(-1, 2)
        sci[row, column], wht[row, column] = np.nan, 0.0
        holed.append(Patch(sci, wht, patch.x, patch.y))
    context = scenes.context(scenes.regions(30), n_bootstrap=5)
    whole = measure_psf(point, context)
    broken = measure_psf(scenes.point(0.06, stars=holed), context)
    for name in ("psf/fwhm_arcsec", "psf/ee50_arcsec"):
        assert broken[name].value == pytest.approx(whole[name].value, rel=0.01)


def test_too_few_stars_is_said_in_one_sentence(scenes: Any) -> None:
    point, _ = scenes.star_point(scenes.gaussian(FWHM), 0.08, 3, np.random.default_rng(0))
    with pytest.raises(MetricUnavailableError, match=r"3 usable stars, 5 are needed"):
        measure_psf(point, scenes.context(scenes.regions(3)))


def test_a_pixel_wider_than_a_star_is_named_as_the_cause(scenes: Any) -> None:
    wide = scenes.point(2.0, stars=[])
    with pytest.raises(MetricUnavailableError, match=r"wider than a star, use a finer drizzle"):
        measure_psf(wide, scenes.context(scenes.regions(3)))


@pytest.mark.parametrize(
    ("box", "scale", "pixels"), [(0.9, 0.1283, 7), (0.9, 0.06, 15), (0.35, 0.05, 7), (0.3, 0.13, 5)]
)
def test_fit_box_is_odd_and_at_least_five_pixels(box: float, scale: float, pixels: int) -> None:
    assert fit_box_pixels(box, scale) == pixels
