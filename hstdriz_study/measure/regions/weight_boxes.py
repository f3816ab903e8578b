"""From the full-depth region to the boxes in which the weight map is measured.

The pixels of a full frame are far more than the weight metrics need: boxes
drawn at random, spread evenly over the region, give the same values with a
small sampling error. A small region is covered by boxes instead.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shapely.geometry import MultiPolygon, Polygon

COVERING_SIDE_ARCSEC = 2.0
DRAWN_SIDE_ARCSEC = 1.0
"""Pixels of one box are alike: drawn small, boxes of half the area sample as well. Both are larger
than the pattern of the weights, which repeats within a few native pixels."""

MIN_DRAWN = 100
"""Fewer boxes would not tell their own sampling error well."""

COVER_UP_TO = 8.0
"""A region up to so many times the wanted area is covered rather than sampled."""

_N_SIDES = 9
_AS_GOOD = 0.995
_MAX_HALVINGS = 4
_HILBERT_ORDER = 10
_ROUNDING = 1e-9


def weight_boxes(
    region: MultiPolygon, scale_arcsec: float, wanted_arcsec2: float, seed: int
) -> tuple[np.ndarray, float]:
    """Choose the boxes that stand for a region.

    As many squares are laid on the region, side by side, as fit in; the side is
    the one by which they cover most. Where the region is small, they all are
    the boxes; otherwise they are put in order along a Hilbert curve, the order is
    cut into strata of equal length, and one square is drawn from each (a
    spatially balanced sample in the manner of Stevens & Olsen 2004, JASA 99,
    262): every square has the same chance, and no part of the region is left out.

    Parameters
    ----------
    region : `~shapely.geometry.MultiPolygon`
        In 0-based pixels of the native-scale product.
    scale_arcsec : float
        Side of such a pixel.
    wanted_arcsec2 : float
        Total area of the boxes of a large region.
    seed : int

    Returns
    -------
    centers : (N, 2) `~numpy.ndarray`
        x and y of the centres, 0-based pixels, in the order of the Hilbert
        curve: neighbours in it are neighbours in the region. Empty for a region
        so thin that no box fits.
    side_arcsec : float
        Side of a box.
    """
    small = region.area * scale_arcsec**2 <= COVER_UP_TO * wanted_arcsec2
    largest = COVERING_SIDE_ARCSEC
    if not small:
        largest = min(DRAWN_SIDE_ARCSEC, math.sqrt(wanted_arcsec2 / MIN_DRAWN))
    centers, side = _squares_that_fit(region, largest / scale_arcsec, 0.6 if small else 0.85)
    side_arcsec = side * scale_arcsec
    ordered = centers[_hilbert_order(centers)]
    if not small:
        n_drawn = round(wanted_arcsec2 / side_arcsec**2)
        ordered = ordered[_one_of_each_stratum(len(ordered), n_drawn, seed)]
    return ordered, side_arcsec


def _squares_that_fit(
    region: MultiPolygon, largest: float, smallest_over_largest: float
) -> tuple[np.ndarray, float]:
    """Find squares of the largest side that covers about as much as any; pixels."""
    left, bottom, right, top = region.bounds
    whole = [extent / math.ceil(extent / largest) for extent in (right - left, top - bottom)]
    for halvings in range(_MAX_HALVINGS):
        sides = np.append(whole, largest * np.linspace(1.0, smallest_over_largest, _N_SIDES))
        sides = np.sort(sides[sides >= smallest_over_largest * largest])[::-1] / 2**halvings
        tried = [
            ([run for part in region.geoms for run in _runs(part, float(side))], float(side))
            for side in sides
        ]
        covered = [sum(run.n for run in runs) * side**2 for runs, side in tried]
        if max(covered) > 0:
            best = [area >= _AS_GOOD * max(covered) for area in covered].index(True)
            return _centers(*tried[best]), tried[best][1]
    return np.empty((0, 2)), largest


class _Run(NamedTuple):
    """Squares side by side: the corner of the first, pixels, and how many there are."""

    x: float
    y: float
    n: int


def _runs(region: Polygon, side: float) -> Iterator[_Run]:
    """Yield the squares inside a polygon, row by row."""
    left, bottom, right, top = region.bounds
    n_rows = math.floor((top - bottom) / side + _ROUNDING)
    y = (bottom + top - n_rows * side) / 2 + np.arange(n_rows) * side
    inner = side * _ROUNDING  # an edge common with the region is not outside it
    bands = shapely.box(left, y + inner, right, y + side - inner)
    outside, rows = shapely.get_parts(shapely.difference(bands, region), return_index=True)
    blocked = np.split(
        shapely.bounds(outside)[:, [0, 2]], np.searchsorted(rows, np.arange(1, n_rows))
    )
    for below, in_row in zip(y.tolist(), blocked, strict=False):
        for start, stop in _gaps(in_row, left, right):
            n = math.floor((stop - start) / side + _ROUNDING)
            yield _Run((start + stop - n * side) / 2, below, n)


def _centers(runs: Sequence[_Run], side: float) -> np.ndarray:
    x, y, n = np.array(runs).T
    n = n.astype(int)
    number = np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n)  # of each square in its run
    return np.column_stack([np.repeat(x, n) + (number + 0.5) * side, np.repeat(y + side / 2, n)])


def _gaps(blocked: np.ndarray, start: float, stop: float) -> list[tuple[float, float]]:
    """Intervals between ``start`` and ``stop`` that no blocked interval touches."""
    gaps = []
    for low, high in blocked[np.argsort(blocked[:, 0])]:
        if low > start:
            gaps.append((start, float(low)))
        start = max(start, float(high))
    return [*gaps, (start, stop)] if stop > start else gaps


def _one_of_each_stratum(n_squares: int, n_strata: int, seed: int) -> np.ndarray:
    """Draw one index from each of ``n_strata`` equal parts of ``range(n_squares)``."""
    n_strata = min(n_strata, n_squares)
    edges = np.rint(np.linspace(0, n_squares, n_strata + 1)).astype(int)
    return np.asarray(np.random.default_rng(seed).integers(edges[:-1], edges[1:]))


def _hilbert_order(centers: np.ndarray) -> np.ndarray:
    """Sort points along a Hilbert curve over their bounding square; return indices."""
    if len(centers) == 0:
        return np.empty(0, dtype=int)
    low = centers.min(axis=0)
    extent = max(float(np.ptp(centers, axis=0).max()), _ROUNDING)
    size = 2**_HILBERT_ORDER
    x, y = np.minimum((centers - low) / extent * size, size - 1).astype(int).T
    distance = np.zeros(len(centers), dtype=int)
    half = size // 2
    while half:
        right, up = (x & half) > 0, (y & half) > 0
        distance += half * half * ((3 * right) ^ up)
        # Turn the quadrant so that the curve inside it joins the next one.
        flip = right & ~up
        x, y = np.where(flip, size - 1 - x, x), np.where(flip, size - 1 - y, y)
        x, y = np.where(up, x, y), np.where(up, y, x)
        half //= 2
    return np.argsort(distance, kind="stable")
