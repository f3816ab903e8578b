"""From places of stars to how much of the field they stand for, and which stand together."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.stats import chisquare

if TYPE_CHECKING:
    from hstdriz_study.measure.over_field.field_plane import FieldPlane

_CELLS_PER_AXIS = 4
_SURELY_CLUSTERED = 0.01  # chance that evenly scattered stars are as uneven
_LINKED = 0.75
"""Mean distances of evenly scattered stars within which clustered ones stand together."""


def coverage(places: np.ndarray, field: FieldPlane) -> float:
    """Return the area over which stars scatter by that over which the field does, at most 1.

    Areas are square roots of determinants of second moments: 1 for stars that are scattered evenly,
    however few, 1/9 in a corner of a ninth.

    Parameters
    ----------
    places : (N, 2) `~numpy.ndarray`
        Arcsec east and north of the middle of the field.
    field : `~hstdriz_study.measure.over_field.field_plane.FieldPlane`
    """
    if len(places) < 3:  # noqa: PLR2004
        return math.nan
    stars, whole = (np.linalg.det(np.cov(xy.T)) for xy in (places, field.samples))
    return min(1.0, math.sqrt(max(0.0, stars) / whole))


def blocks(places: np.ndarray, field: FieldPlane) -> np.ndarray | None:
    """Return the number of the group that each star stands in; None for evenly scattered stars.

    Stars are clustered when parts of the field of one area hold numbers that differ by more than
    chance (Pearson's test). Groups are chains of stars closer than `_LINKED` of the mean distance
    (single linkage): found by trial on clusters of 3 to 15 stars and more (docs/measuring.md).

    Parameters
    ----------
    places, field
        As in `coverage`.
    """
    counts = np.bincount(_cells(places, field.samples), minlength=_CELLS_PER_AXIS**2)
    if not chisquare(counts).pvalue < _SURELY_CLUSTERED:
        return None
    apart = _LINKED * math.sqrt(field.area_arcsec2 / len(places))
    found = np.asarray(fcluster(linkage(places, "single"), apart, "distance")) - 1
    return found if found.any() else None  # one group alone has no scatter


def _cells(places: np.ndarray, samples: np.ndarray) -> np.ndarray:
    """Tell which of 16 cells of equal area each place is in: strips, each cut across."""
    fractions = np.arange(1, _CELLS_PER_AXIS) / _CELLS_PER_AXIS
    columns = np.quantile(samples[:, 0], fractions)
    of_place, of_sample = (np.searchsorted(columns, xy[:, 0]) for xy in (places, samples))
    cells = np.empty(len(places), int)
    for column in range(_CELLS_PER_AXIS):
        rows = np.quantile(samples[of_sample == column, 1], fractions)
        here = of_place == column
        cells[here] = column * _CELLS_PER_AXIS + np.searchsorted(rows, places[here, 1])
    return cells
