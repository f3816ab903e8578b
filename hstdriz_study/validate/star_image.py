"""The image of a star that the simulator's optics must give on a drizzled product: a closed form.

Optics, detector pixel and charge diffusion make the effective PSF; drop and output pixel blur it
(Fruchter & Hook 2002, section 7). Everything is averaged over the sub-pixel phases, as very many
dithers do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import map_coordinates, spline_filter
from scipy.optimize import brentq

from hstdriz_study.optics.psf import effective_psf

if TYPE_CHECKING:
    from hstdriz_study.simulate.bands import Band

_OVERSAMPLING = 12
_N_ANGLES = 120
_N_RADII = 60


class StarImage:
    """Surface brightness of a star of unit flux, per square arcsec.

    Parameters
    ----------
    values : 2D `~numpy.ndarray`
        Square, the star at its centre, any unit.
    step_arcsec : float
        Side of a grid cell.
    blurs_arcsec : tuple of float
        Sides of the square boxes that blur the image further.
    flux : float, optional
        Light of the whole star, in the unit of the sum of ``values``; by default what is on the
        grid.
    """

    def __init__(
        self,
        values: np.ndarray,
        step_arcsec: float,
        blurs_arcsec: tuple[float, ...],
        flux: float | None = None,
    ) -> None:
        frequency = np.fft.fftfreq(len(values), step_arcsec)
        transfer = np.prod([np.sinc(frequency * blur) for blur in blurs_arcsec], axis=0)
        spectrum = np.fft.fft2(np.fft.ifftshift(values)) * np.multiply.outer(transfer, transfer)
        total = values.sum() if flux is None else flux
        image = np.fft.fftshift(np.fft.ifft2(spectrum).real) / total / step_arcsec**2
        self._coefficients = spline_filter(image, 3)
        self._step, self._middle = step_arcsec, len(values) // 2

    def __call__(self, dx_arcsec: np.ndarray, dy_arcsec: np.ndarray) -> np.ndarray:
        """Surface brightness at offsets from the star."""
        at = [dy_arcsec / self._step + self._middle, dx_arcsec / self._step + self._middle]
        return np.asarray(map_coordinates(self._coefficients, at, order=3, prefilter=False))

    def fwhm_arcsec(self) -> float:
        """Full width of the azimuthal average at half of the central value."""

        def above_half(radius: float) -> float:
            return float(self._mean_at(np.array([radius]))[0] - self._mean_at(np.zeros(1))[0] / 2)

        reach = self._middle * self._step
        return float(2 * brentq(above_half, 1e-4 * reach, reach / 2))

    def energy_inside(self, radius_arcsec: float) -> float:
        """Light inside a circle."""
        nodes, quadrature = np.polynomial.legendre.leggauss(_N_RADII)
        radii = (nodes + 1) / 2 * radius_arcsec
        rings = self._mean_at(radii) * 2 * np.pi * radii
        return float(np.sum(quadrature * rings) * radius_arcsec / 2)

    def median_between(self, inner_arcsec: float, outer_arcsec: float) -> float:
        """Median surface brightness between two circles."""
        axis = np.arange(-outer_arcsec, outer_arcsec, self._step * _OVERSAMPLING / 4)
        dx, dy = np.meshgrid(axis, axis)
        distance = np.hypot(dx, dy)
        between = (distance > inner_arcsec) & (distance <= outer_arcsec)
        return float(np.median(self(dx[between], dy[between])))

    def _mean_at(self, radii: np.ndarray) -> np.ndarray:
        angles = np.linspace(0, 2 * np.pi, _N_ANGLES, endpoint=False)
        on_circles = (
            np.multiply.outer(radii, np.cos(angles)),
            np.multiply.outer(radii, np.sin(angles)),
        )
        return np.asarray(self(*on_circles).mean(axis=1))


def delivered_star(band: Band, blurs_arcsec: tuple[float, ...], *, half_px: int) -> StarImage:
    """Return the image of a star of unit flux as the detector samples it, further blurred.

    Parameters
    ----------
    band : `~hstdriz_study.simulate.bands.Band`
    blurs_arcsec : tuple of float
        Drop and output pixel, for instance.
    half_px : int
        Half the side of the image, native pixels.
    """
    side = float(np.sqrt(np.prod(band.detector.pixel_arcsec)))
    psf = effective_psf(
        band.detector.optics, band.pivot_um, band.bandwidth, side * np.eye(2),
        oversampling=_OVERSAMPLING, half_px=half_px,
    )  # fmt: skip
    # the values are light per native pixel: their mean over a pixel's cells sums to the light
    return StarImage(psf.values, side / _OVERSAMPLING, blurs_arcsec, flux=_OVERSAMPLING**2)
