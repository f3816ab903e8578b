"""Grids of points, and the same grids with half their steps."""

from __future__ import annotations

from itertools import pairwise, product
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.choose.points import settings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.contracts import PointRecord

Grid = tuple[tuple[float, ...], tuple[float, ...]]
"""Values of final_scale (arcsec) and of final_pixfrac."""


def on_grid(records: Sequence[PointRecord], grid: Grid) -> list[PointRecord]:
    """Return the points of a table that lie on a grid."""
    places = set(points_of(grid))
    return [record for record in records if _place(record) in places]


def _place(record: PointRecord) -> tuple[float, float]:
    point = settings_of(record)
    return point.final_scale_arcsec, point.final_pixfrac


def halved(grid: Grid) -> Grid:
    """Return the grid that is four times as dense."""
    scales, pixfracs = grid
    return between(scales), between(pixfracs)


def between(values: tuple[float, ...]) -> tuple[float, ...]:
    """Return values with their geometric means between them."""
    halves = (float(f"{np.sqrt(one * other):.4g}") for one, other in pairwise(values))
    return tuple(sorted({*values, *halves}))


def points_of(grid: Grid) -> list[tuple[float, float]]:
    """Return final_scale and final_pixfrac of every point."""
    return list(product(*grid))
