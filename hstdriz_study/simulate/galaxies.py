"""Galaxies seen through the effective PSF.

A Sersic profile is written as a sum of Gaussians (as Hogg & Lang 2013, PASP
125, 719), whose Fourier transforms are closed: shear, pixel shape and PSF are a
product on the Fourier plane.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.fft import fft2, fftfreq, ifft2
from scipy.optimize import nnls
from scipy.special import gammainc, gammaincinv

if TYPE_CHECKING:
    from hstdriz_study.optics.psf import EffectivePSF

SERSIC_INDEX = {"exponential": 1.0, "devaucouleurs": 4.0}
_SIGMAS = np.geomspace(0.02, 3.0, 10)  # half-light radii; truncates the de Vaucouleurs wings
_STAMP_PX = 128
# HST's transfer function is zero beyond one cycle per pixel of any of its cameras.
_SAMPLES_PER_PX = 2


@cache
def gaussian_mixture(sersic_index: float) -> tuple[np.ndarray, np.ndarray]:
    """Sum of Gaussians with the curve of growth of a Sersic profile.

    Parameters
    ----------
    sersic_index : float

    Returns
    -------
    fractions, sigmas : 1D `~numpy.ndarray`
        Fraction of the light and standard deviation (in half-light radii) of
        each Gaussian; the fractions sum to 1.
    """
    radii = np.geomspace(0.01, 6.0, 300)
    # Enclosed light, Graham & Driver (2005, PASA 22, 118) equations 1 and 2.
    shape = gammaincinv(2 * sersic_index, 0.5)
    growth = gammainc(2 * sersic_index, shape * radii ** (1 / sersic_index))
    basis = 1 - np.exp(-0.5 * (radii[:, None] / _SIGMAS) ** 2)
    fractions, _ = nnls(basis, growth)
    used = fractions > 0
    fractions = fractions[used] / fractions.sum()
    # The truncation took light from outside: stretch until half is within radius 1 again.
    half_light = np.interp(0.5, basis[:, used] @ fractions, radii)
    return fractions, _SIGMAS[used] / half_light


def sky_covariance(half_light_arcsec: float, axis_ratio: float, angle_rad: float) -> np.ndarray:
    """Second-moment matrix (east, north; arcsec^2) of a Gaussian of unit width in half-light radii.

    ``half_light_arcsec`` is taken along the major axis, ``angle_rad`` from east
    to north.
    """
    cos, sin = np.cos(angle_rad), np.sin(angle_rad)
    rotation = np.array([[cos, -sin], [sin, cos]])
    return half_light_arcsec**2 * rotation @ np.diag([1.0, axis_ratio**2]) @ rotation.T


class GalaxyPainter:
    """Adds galaxies to images, convolved with an effective PSF."""

    def __init__(self, psf: EffectivePSF) -> None:
        size = _STAMP_PX * psf.oversampling
        n = psf.values.shape[0]
        padded = np.zeros((size, size))
        padded[:n, :n] = psf.values / psf.oversampling**2
        padded = np.roll(padded, -(n // 2), axis=(0, 1))
        self._frequency = fftfreq(_STAMP_PX * _SAMPLES_PER_PX, d=1 / _SAMPLES_PER_PX)
        kept = np.round(self._frequency * _STAMP_PX).astype(int) % size
        self._transfer = fft2(padded)[np.ix_(kept, kept)]

    def add(
        self,
        image: np.ndarray,
        x: float,
        y: float,
        flux: float,
        *,
        sersic_index: float,
        covariance_px: np.ndarray,
    ) -> None:
        """Add a galaxy in place.

        Parameters
        ----------
        image : 2D `~numpy.ndarray`
        x, y : float
            0-based pixel coordinates.
        flux : float
            Total light, the image's unit.
        sersic_index : float
        covariance_px : (2, 2) `~numpy.ndarray`
            As `sky_covariance`, in pixel coordinates (x, y), square pixels.
        """
        half = _STAMP_PX // 2
        x0, y0 = round(x) - half, round(y) - half
        rows = slice(max(0, y0), min(image.shape[0], y0 + _STAMP_PX))
        columns = slice(max(0, x0), min(image.shape[1], x0 + _STAMP_PX))
        if rows.start >= rows.stop or columns.start >= columns.stop:
            return
        stamp = self._stamp(x - x0, y - y0, sersic_index, covariance_px)
        image[rows, columns] += (
            flux * stamp[rows.start - y0 : rows.stop - y0, columns.start - x0 : columns.stop - x0]
        )

    def _stamp(
        self, x: float, y: float, sersic_index: float, covariance_px: np.ndarray
    ) -> np.ndarray:
        fx, fy = self._frequency[None, :], self._frequency[:, None]
        (cxx, cxy), (_, cyy) = covariance_px
        spread = 2 * np.pi**2 * (cxx * fx**2 + 2 * cxy * fx * fy + cyy * fy**2)
        profile = np.zeros_like(spread)
        for fraction, sigma in zip(*gaussian_mixture(sersic_index), strict=True):
            profile += fraction * np.exp(-spread * sigma**2)
        shift = np.exp(-2j * np.pi * fx * x) * np.exp(-2j * np.pi * fy * y)
        fine = ifft2(self._transfer * profile * shift).real * _SAMPLES_PER_PX**2
        return fine[::_SAMPLES_PER_PX, ::_SAMPLES_PER_PX]
