"""From what exposures measure of the same stars to which of them differ from the others."""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np

SURE_SIGMA = 4.0
MIN_STARS = 5
_MAD_TO_SIGMA = 1.4826
MEDIAN_OVER_MEAN = 1.2533
"""Error of a median by that of a mean, normal distribution."""

_USUAL_FOR = 5.0
"""Stars, as which the usual scatter of the exposures counts beside that of the stars at hand: the
scatter of six stars is known to a half."""


class Differences(NamedTuple):
    """Difference of each exposure from the median of others; nan where there is none.

    Attributes
    ----------
    value : (E,) `~numpy.ndarray`
    err : (E,) `~numpy.ndarray`
        1 sigma, from the scatter of the stars; of few, from that in the other exposures too.
    n_stars : (E,) integer `~numpy.ndarray`
    """

    value: np.ndarray
    err: np.ndarray
    n_stars: np.ndarray

    def exceed(self, limit: float) -> np.ndarray:
        """Tell which are surely beyond a limit."""
        enough = self.n_stars >= MIN_STARS
        size = np.abs(np.where(enough, self.value, 0.0))
        return enough & (size > limit) & (size > SURE_SIGMA * np.where(enough, self.err, 0.0))


def against_others(values: np.ndarray, limit: float) -> Differences:
    """Compare each exposure with those that agree.

    The exposure that differs most is taken from what the others are compared with, until none
    that is left differs by more than the limit, or two are left. One that has stars in common with
    such an exposure alone stays compared with it: of these two, either may be the odd one.

    Parameters
    ----------
    values : (E, N) `~numpy.ndarray`
        Real, or complex for places; nan where a star was not measured.
    limit : float
    """
    trusted = np.ones(len(values), bool)
    found = _differences(values, trusted)
    while True:
        odd = found.exceed(limit) & trusted
        if not odd.any() or trusted.sum() <= 2:  # noqa: PLR2004
            return found
        trusted[np.argmax(np.where(odd, np.abs(found.value), -1.0))] = False
        found = _where_known(_differences(values, trusted), found)


def _where_known(found: Differences, before: Differences) -> Differences:
    """Take the differences found before where stars are too few now."""
    lost = (found.n_stars < MIN_STARS) & (before.n_stars >= MIN_STARS)
    columns = (np.where(lost, old, new) for old, new in zip(before, found, strict=True))
    return Differences(*columns)


def _differences(values: np.ndarray, trusted: np.ndarray) -> Differences:
    rows = [_one(values, trusted, number) for number in range(len(values))]
    value, spread, n_stars = (np.array(column) for column in zip(*rows, strict=True))
    with np.errstate(divide="ignore"):
        err = MEDIAN_OVER_MEAN * _with_usual(spread, n_stars) / np.sqrt(n_stars)
    return Differences(value, err, n_stars)


def _with_usual(spread: np.ndarray, n_stars: np.ndarray) -> np.ndarray:
    """Return the scatter in each exposure, that of few stars drawn to what is usual."""
    enough = n_stars >= MIN_STARS
    if not enough.any():
        return spread
    usual = np.median(spread[enough])
    return np.sqrt((n_stars * spread**2 + _USUAL_FOR * usual**2) / (n_stars + _USUAL_FOR))


def _one(values: np.ndarray, trusted: np.ndarray, number: int) -> tuple[complex, float, int]:
    """Return the difference of an exposure, the scatter of its stars and their number."""
    others = trusted.copy()
    others[number] = False
    difference = values[number] - _median(values[others])
    known = difference[np.isfinite(difference)]
    if len(known) == 0:
        return np.nan, np.nan, 0
    middle = _median(known[:, None])[0]
    return middle, scatter(known - middle), len(known)


def scatter(away: np.ndarray) -> float:
    """Return the robust standard deviation of deviations; of complex ones, the larger part's."""
    parts = np.array([away.real, away.imag]) if np.iscomplexobj(away) else away[None]
    return float(_MAD_TO_SIGMA * np.median(np.abs(parts), axis=1).max())


def _median(values: np.ndarray) -> np.ndarray:
    """Return the median over the first axis, of each part of complex numbers by itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # stars that no other has
        if np.iscomplexobj(values):
            return np.nanmedian(values.real, axis=0) + 1j * np.nanmedian(values.imag, axis=0)
        return np.asarray(np.nanmedian(values, axis=0))
