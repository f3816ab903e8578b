"""From registered stars to the encircled energy of the delivered image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.interpolate import PchipInterpolator

from hstdriz_study.measure.memo import once_per_point
from hstdriz_study.measure.star_resamples import n_independent, star_counts
from hstdriz_study.measure.star_sample import star_sample

if TYPE_CHECKING:
    from hstdriz_study.contracts import MeasureContext, PointPixels

_N_RADII = 13
_FIRST_RADIUS = 0.08
_N_FINE = 501


@dataclass(frozen=True)
class EncircledEnergy:
    """Mean encircled energy of a point's stars, with its bootstrap resamples.

    Attributes
    ----------
    radii_arcsec : (R,) `~numpy.ndarray`
        The last is the normalisation radius.
    curves : (1 + n_bootstrap, R) `~numpy.ndarray`
        Fraction of the flux inside the normalisation radius; the first row
        is of all stars, the others of the resamples.
    n_independent : int
        Number of stars that take part, or of groups of them that are resampled together.
    """

    radii_arcsec: np.ndarray
    curves: np.ndarray
    n_independent: int

    def fraction_inside(self, radius_arcsec: float) -> np.ndarray:
        """Encircled energy at a radius, one value a row of ``curves``."""
        return np.asarray(self._interpolator()(radius_arcsec))

    def radius_of(self, fraction: float) -> np.ndarray:
        """Radius in arcsec that holds ``fraction``, one value a row of ``curves``."""
        fine = np.linspace(0.0, self.radii_arcsec[-1], _N_FINE)
        curves = self._interpolator()(fine)
        reached = curves >= fraction
        index = np.maximum(np.argmax(reached, axis=0), 1)
        rows = np.arange(curves.shape[1])
        below, above = curves[index - 1, rows], curves[index, rows]
        with np.errstate(divide="ignore", invalid="ignore"):
            radius = fine[index] - fine[1] * (above - fraction) / (above - below)
        return np.where(reached.any(axis=0), radius, np.nan)

    def _interpolator(self) -> PchipInterpolator:
        radii = np.concatenate([[0.0], self.radii_arcsec])
        curves = np.concatenate([np.zeros((len(self.curves), 1)), self.curves], axis=1)
        return PchipInterpolator(radii, curves.T)


@once_per_point
def encircled_energy(point: PointPixels, context: MeasureContext) -> EncircledEnergy:
    """Measure the mean curve of growth, normalised at ``ee_radius_arcsec``.

    Raises
    ------
    MetricUnavailableError
        If there are too few stars.
    """
    sample = star_sample(point, context)
    geometry = context.regions.geometry
    radii = np.unique(
        np.append(
            geometry.ee_radius_arcsec * np.geomspace(_FIRST_RADIUS, 1.0, _N_RADII),
            min(geometry.aperture_radius_arcsec, geometry.ee_radius_arcsec),
        )
    )
    growth = sample.aperture_sums(radii / point.final_scale_arcsec)
    normalised = growth * (sample.star_weights / sample.registration.flux)[:, None]
    n = len(growth)
    rows = np.concatenate([np.ones((1, n)), star_counts(context)])
    sums = rows @ normalised
    with np.errstate(divide="ignore", invalid="ignore"):
        curves = sums / sums[:, -1:]
    independent = n_independent(sample.star_weights > 0, context)
    usable = np.isfinite(curves).all(axis=1)
    return EncircledEnergy(radii, np.where(usable[:, None], curves, 0.0), independent)
