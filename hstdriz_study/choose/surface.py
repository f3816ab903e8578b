"""What a metric is between the points that were measured: a low-order surface with its error.

A second-order polynomial is fitted, weighted by the errors, over the points of one kernel and
weighting that keep the limits on the weight map. The width of an image is, near enough, a sum of
squares, so that the FWHM is fitted over the squares of scale and pixfrac; the depth over the
logarithm of the scale and pixfrac. Each point is then left out in turn: where a point lies
further from the surface of the others than its stated error allows, there is no surface.

The errors are scaled by how far the points scatter about the surface. What all points share,
because they share their stars and their sky, is no part of them: they are of differences.

Source: astropy.modeling's linear fit and its covariance; externally studentised residuals with
the bound of Bonferroni (Cook & Weisberg 1982, Residuals and Influence in Regression, ch. 2).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from astropy.modeling.fitting import LinearLSQFitter
from astropy.modeling.models import Polynomial2D
from scipy.special import stdtrit

from hstdriz_study.choose.faults import faults_of
from hstdriz_study.choose.limits import WEIGHT_LIMITS, limits_of
from hstdriz_study.choose.points import DEPTH, FWHM, finished, metric_of, settings_of
from hstdriz_study.contracts import Metric

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.contracts import PointRecord

    Coordinates = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]

MIN_POINTS = 9
MIN_VALUES = 3
DEGREE = 2
CHANCE_OF_REFUSAL = 0.01
"""How often a surface is refused that is right."""

COORDINATES: dict[str, Coordinates] = {
    FWHM: lambda scale, pixfrac: (scale**2, pixfrac**2),
    DEPTH: lambda scale, pixfrac: (np.log(scale), pixfrac),
}


@dataclass(frozen=True)
class _Axis:
    """Maps a coordinate to -1 to 1, so that the fit is well conditioned."""

    low: float
    high: float

    def __call__(self, values: np.ndarray) -> np.ndarray:
        return (2.0 * values - self.low - self.high) / (self.high - self.low)


@dataclass(frozen=True, eq=False)
class Surface:
    """A metric over scale and pixfrac.

    Attributes
    ----------
    metric : str
    unit : str
    n_points : int
        How many points it was fitted to.
    coefficients : 1D `~numpy.ndarray`
    covariance : 2D `~numpy.ndarray`
        Scaled by the scatter of the points about the surface.
    axes : tuple of callable
        Map the coordinates of the metric to the range of the fit.
    """

    metric: str
    unit: str
    n_points: int
    coefficients: np.ndarray
    covariance: np.ndarray
    axes: tuple[_Axis, _Axis]

    def at(self, final_scale_arcsec: float, final_pixfrac: float) -> Metric:
        """Return the metric at a place, with the error of the surface there."""
        row = self._row(np.array([final_scale_arcsec]), np.array([final_pixfrac]))[0]
        err = math.sqrt(float(row @ self.covariance @ row))
        return Metric(float(row @ self.coefficients), err, self.unit)

    def _row(self, scales: np.ndarray, pixfracs: np.ndarray) -> np.ndarray:
        x, y = COORDINATES[self.metric](scales, pixfracs)
        return _design(self.axes[0](x), self.axes[1](y))


def surface_of(
    metric: str,
    records: Sequence[PointRecord],
    like: PointRecord,
    settings: ChoiceSettings,
) -> Surface | None:
    """Fit the surface of a metric.

    Parameters
    ----------
    metric : str
        The FWHM or the depth.
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        All points of one filter.
    like : `~hstdriz_study.contracts.PointRecord`
        The points differ from it in scale and pixfrac alone.
    settings : ChoiceSettings
        The limits on the weight map: points beyond them take no part.

    Returns
    -------
    Surface or None
        None with fewer than nine points, with fewer than three values of scale or of
        pixfrac, or where a point does not lie where the surface of the others says.
    """
    used = _used(metric, records, like, settings)
    points = [settings_of(record) for record in used]
    scales = np.array([point.final_scale_arcsec for point in points])
    pixfracs = np.array([point.final_pixfrac for point in points])
    if len(used) < MIN_POINTS or min(len(set(scales)), len(set(pixfracs))) < MIN_VALUES:
        return None
    x, y = COORDINATES[metric](scales, pixfracs)
    axes = (_Axis(float(x.min()), float(x.max())), _Axis(float(y.min()), float(y.max())))
    x, y = axes[0](x), axes[1](y)
    measured = [metric_of(record, metric) for record in used]
    values, errors = np.array([m.value for m in measured]), _errors(measured)
    if not _foretells_each(x, y, values, errors):
        return None
    coefficients, covariance = _fitted(x, y, values, errors)
    unit = measured[0].unit
    return Surface(metric, unit, len(used), coefficients, covariance, axes)


def alike(record: PointRecord, other: PointRecord) -> bool:
    """Tell whether two points differ in scale and pixfrac at most."""
    free = ("final_scale_arcsec", "final_pixfrac")
    one, two = vars(record.settings), vars(other.settings)
    return all(one[name] == two[name] for name in one if name not in free)


def _used(
    metric: str,
    records: Sequence[PointRecord],
    like: PointRecord,
    settings: ChoiceSettings,
) -> list[PointRecord]:
    limits = limits_of(settings, WEIGHT_LIMITS)
    return [
        record
        for record in finished(records)
        if alike(record, like) and not faults_of(record, records, limits, (metric,))
    ]


def _errors(measured: Sequence[Metric]) -> np.ndarray:
    """Return the relative weights of the points: their errors, or the same of all."""
    errors = np.array([one.err for one in measured])
    return errors if np.all(np.isfinite(errors) & (errors > 0)) else np.ones(len(errors))


def _foretells_each(x: np.ndarray, y: np.ndarray, values: np.ndarray, errors: np.ndarray) -> bool:
    """Tell whether each value lies where the surface of the others says, within its error.

    The fit of the others follows from that of all: no value is left out of a fit of its own.
    """
    basis, sizes, _ = np.linalg.svd(_design(x, y) / errors[:, None], full_matrices=False)
    without = 1.0 - np.sum(basis**2, axis=1)  # 1 less the leverage of each value
    if sizes[-1] < _SINGULAR * sizes[0] or without.min() < _SINGULAR:
        return False  # the others have no surface
    scaled = values / errors
    residuals = scaled - basis @ (basis.T @ scaled)
    n_free = len(values) - 1 - _N_PARAMETERS
    chi2_of_others = (np.sum(residuals**2) - residuals**2 / without) / n_free
    off, variance = residuals / without * errors, chi2_of_others / without * errors**2
    # quantile of Student's t, as scipy.stats has it, of which the import takes half a second
    furthest = stdtrit(n_free, 1.0 - CHANCE_OF_REFUSAL / (2 * len(values)))
    return bool(np.all(off**2 <= np.maximum(furthest**2 * variance, _ROUNDING * values**2)))


def _fitted(
    x: np.ndarray, y: np.ndarray, values: np.ndarray, errors: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return coefficients and their covariance, which the scatter about the surface scales."""
    fitter = LinearLSQFitter(calc_uncertainties=True)
    model = fitter(Polynomial2D(DEGREE), x, y, values, weights=1.0 / errors)
    return model.parameters, model.cov_matrix.cov_matrix


def _design(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the terms of the polynomial, (N, 6), in the order of its parameters.

    ``Polynomial2D.fit_deriv`` leaves out the mixed term where it is 0 at all places.
    """
    return np.stack([x**i * y**j for i, j in _POWERS], axis=-1)


_POWERS = [(int(name[1]), int(name[3])) for name in Polynomial2D(DEGREE).param_names]
_N_PARAMETERS = len(Polynomial2D(DEGREE).parameters)
_SINGULAR = 1e-12
_ROUNDING = 1e-18  # of values that lie on the surface to rounding
