"""What it costs to give the images of one filter the broader PSF of another."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.signal import fftconvolve

from hstdriz_study.foreign import without_package_survey
from hstdriz_study.measure.psf_stamp import fwhm_px

with without_package_survey():
    from photutils.aperture import CircularAperture
    from photutils.psf_matching import TukeyWindow, make_kernel

if TYPE_CHECKING:
    from hstdriz_study.measure.psf_stamp import PsfStamp

# Of these windows in Fourier space the one is taken that leaves the least residual.
_TAPERED = (0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0)


@dataclass(frozen=True)
class PsfMatch:
    """One PSF matched to another on the same pixel grid.

    Attributes
    ----------
    kernel : 2D `~numpy.ndarray`
        Unit sum.
    window_alpha : float
        Tapered part of photutils' Tukey window.
    fwhm_arcsec, matched_fwhm_arcsec : float
        Before and after.
    residual : float
        Sum of the absolute difference from the target over the target's sum.
    pixel_noise : float
        Noise of a pixel after over before.
    aperture_noise : float
        The same of the sum in the photometric aperture.
    aperture_light : float
        The same of a star's light in it.
    """

    kernel: np.ndarray
    window_alpha: float
    fwhm_arcsec: float
    matched_fwhm_arcsec: float
    residual: float
    pixel_noise: float
    aperture_noise: float
    aperture_light: float

    @property
    def fwhm_growth(self) -> float:
        """FWHM after over before, minus 1."""
        return self.matched_fwhm_arcsec / self.fwhm_arcsec - 1

    @property
    def depth_lost_mag(self) -> float:
        """By how much the depth for point sources in the aperture is shallower."""
        return 2.5 * math.log10(self.aperture_noise / self.aperture_light)


def match_psf(
    source: PsfStamp,
    target: PsfStamp,
    *,
    first_guess_arcsec: float,
    aperture_radius_arcsec: float,
    noise_correlation: np.ndarray,
) -> PsfMatch:
    """Match one PSF to another with photutils' Fourier method.

    Parameters
    ----------
    source, target : `~hstdriz_study.measure.psf_stamp.PsfStamp`
        On pixels of the same scale; both are cut to the smaller one.
    first_guess_arcsec : float
        Of the FWHM.
    aperture_radius_arcsec : float
    noise_correlation : (2 r + 1, 2 r + 1) `~numpy.ndarray`
        Autocorrelation of the noise of the source's image
        (`~hstdriz_study.measure.correlation.autocorrelation`).
    """
    radius_arcsec = min(source.radius_arcsec, target.radius_arcsec)
    scale = source.final_scale_arcsec
    before, wanted = (one.cropped(radius_arcsec).values for one in (source, target))
    tried = []
    for alpha in _TAPERED:
        kernel = make_kernel(before, wanted, window=TukeyWindow(alpha))
        matched = fftconvolve(before, kernel, mode="same")
        residual = float(np.abs(matched - wanted).sum() / wanted.sum())
        tried.append((residual, alpha, kernel, matched))
    residual, alpha, kernel, matched = min(tried, key=lambda one: one[0])
    aperture = _aperture(aperture_radius_arcsec / scale, len(before))
    smeared = fftconvolve(kernel, aperture, mode="full")
    guess_px = first_guess_arcsec / scale
    return PsfMatch(
        kernel=kernel,
        window_alpha=alpha,
        fwhm_arcsec=fwhm_px(before, guess_px) * scale,
        matched_fwhm_arcsec=fwhm_px(matched, guess_px) * scale,
        residual=residual,
        pixel_noise=_noise_of(kernel, noise_correlation),
        aperture_noise=_noise_of(smeared, noise_correlation)
        / _noise_of(aperture, noise_correlation),
        aperture_light=float((matched * aperture).sum() / (before * aperture).sum()),
    )


def _aperture(radius_px: float, size: int) -> np.ndarray:
    """Part of each pixel inside a circle at the middle of an image."""
    middle = (size - 1) / 2
    mask = CircularAperture((middle, middle), radius_px).to_mask(method="exact")
    return np.asarray(mask.to_image((size, size)))


def _noise_of(kernel: np.ndarray, correlation: np.ndarray) -> float:
    """Noise of a weighted sum of pixels of unit noise: the square root of its variance."""
    power = fftconvolve(kernel, kernel[::-1, ::-1], mode="full")
    middle, reach = len(power) // 2, len(correlation) // 2
    near = slice(middle - reach, middle + reach + 1)
    return math.sqrt(float((power[near, near] * correlation).sum()))
