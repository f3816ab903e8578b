"""Let several metrics of one point share a costly intermediate result."""

from __future__ import annotations

import functools
import weakref
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from hstdriz_study.contracts import MeasureContext, PointPixels

Result = TypeVar("Result")


def once_per_point(
    function: Callable[[PointPixels, MeasureContext], Result],
) -> Callable[[PointPixels, MeasureContext], Result]:
    """Remember a pure function's result for as long as its point lives.

    Points hold arrays and cannot be hashed, so they are told apart by
    identity; they are frozen, so identity is enough.
    """
    results: dict[tuple[int, int], Result] = {}

    @functools.wraps(function)
    def remembered(point: PointPixels, context: MeasureContext) -> Result:
        key = (id(point), id(context))
        if key not in results:
            results[key] = function(point, context)
            for owner in (point, context):
                weakref.finalize(owner, results.pop, key, None)
        return results[key]

    return remembered
