"""From values of stars and their places to the plane that they lie on, with its error."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from astropy.modeling.fitting import LinearLSQFitter
from astropy.modeling.models import Polynomial2D
from astropy.stats import sigma_clip
from scipy.stats import f as fisher_f

if TYPE_CHECKING:
    from hstdriz_study.measure.over_field.field_plane import FieldPlane

MIN_STARS = 6
"""Twice as many as a plane has parameters."""

_OUTLIER_SIGMA = 4.0
_MAX_ROUNDS = 5


@dataclass(frozen=True)
class LinearFit:
    """A quantity over the field: ``middle + east * gradient[0] + north * gradient[1]``.

    Attributes
    ----------
    middle, middle_err : float
        At the middle of the field.
    gradient : (2,) `~numpy.ndarray`
        An arcsec east and north.
    covariance : (2, 2) `~numpy.ndarray`
        Of the gradient, from the scatter of the stars about the plane.
    change, change_err : float
        From the place of the field where the plane is lowest to that where it is highest.
    chance : float
        Probability that stars without a gradient show one as large.
    n_stars : int
        Outliers left aside.
    """

    middle: float
    middle_err: float
    gradient: np.ndarray
    covariance: np.ndarray
    change: float
    change_err: float
    chance: float
    n_stars: int

    @property
    def gradient_err(self) -> float:
        """Error of the gradient along its own direction."""
        along = self.gradient / np.linalg.norm(self.gradient)
        return math.sqrt(along @ self.covariance @ along)


UNKNOWN = LinearFit(
    math.nan, math.nan, np.full(2, np.nan), np.full((2, 2), np.nan), math.nan, math.nan, math.nan, 0
)


def linear_fit(places: np.ndarray, values: np.ndarray, field: FieldPlane) -> LinearFit:
    """Fit a plane by least squares, without outliers.

    Parameters
    ----------
    places : (N, 2) `~numpy.ndarray`
        Arcsec east and north of the middle of the field.
    values : (N,) `~numpy.ndarray`
        Nan where a star was not measured.
    field : `~hstdriz_study.measure.over_field.field_plane.FieldPlane`

    Returns
    -------
    LinearFit
        `UNKNOWN` with fewer than `MIN_STARS` stars.
    """
    kept = np.isfinite(values)
    size = float(np.abs(field.edges).max())
    for _ in range(_MAX_ROUNDS):
        if kept.sum() < MIN_STARS or np.linalg.matrix_rank(_centred(places[kept]), tol=1e-6) < 2:  # noqa: PLR2004
            return UNKNOWN
        plane = _plane(places[kept] / size, values[kept])
        away = values - plane(*(places / size).T)
        odd = sigma_clip(away[kept], sigma=_OUTLIER_SIGMA, stdfunc="mad_std", maxiters=1).mask
        if not odd.any():
            break
        kept[kept] = ~odd
    middle, *gradient = plane.parameters
    covariance = plane.cov_matrix.cov_matrix
    return _told(
        (middle, math.sqrt(covariance[0, 0])), np.array(gradient) / size,
        covariance[1:, 1:] / size**2, field=field, n_stars=int(kept.sum()),
    )  # fmt: skip


def _centred(places: np.ndarray) -> np.ndarray:
    return places - places.mean(axis=0)


def _plane(places: np.ndarray, values: np.ndarray) -> Polynomial2D:
    """Fit, with the covariance of the constant and the slopes along both axes."""
    fitted: Polynomial2D = LinearLSQFitter(calc_uncertainties=True)(
        Polynomial2D(1), *places.T, values
    )
    return fitted


def _told(
    middle: tuple[float, float],
    gradient: np.ndarray,
    covariance: np.ndarray,
    *,
    field: FieldPlane,
    n_stars: int,
) -> LinearFit:
    along = field.edges @ gradient
    across = field.edges[np.argmax(along)] - field.edges[np.argmin(along)]
    squared = gradient @ np.linalg.pinv(covariance) @ gradient / 2
    return LinearFit(
        *middle,
        gradient,
        covariance,
        change=float(across @ gradient),
        change_err=math.sqrt(across @ covariance @ across),
        chance=float(fisher_f.sf(squared, 2, n_stars - 3)),
        n_stars=n_stars,
    )
