"""Which points another one beats: not worse in anything that is bought, and better in one thing.

What is bought with a setting are a small FWHM, even weights, depth and few pixels. A
point that another beats in these has no use: no rule that ranks points by measurements
takes it. Values are compared as they are, without their errors, so that the order has no
circles. A value that is not known is worse than any that is, and equal to another such.

Weights of different kinds have different RMS/median at the same evenness: a point with
other weights than EXP is compared by that of its EXP twin, as it is by the limit. Kernels
share their kind of weights and are compared as they are.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.choose.points import (
    DEPTH,
    FWHM,
    RMS_OVER_MEDIAN,
    n_pixels,
    preference,
    value,
)
from hstdriz_study.choose.twins import judged
from hstdriz_study.choose.verdict import Dominated

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from hstdriz_study.choose.points import BySettings, Order
    from hstdriz_study.contracts import PointRecord


class Bought(StrEnum):
    """What is bought with a setting."""

    FWHM = FWHM
    DEPTH = DEPTH
    RMS_OVER_MEDIAN = RMS_OVER_MEDIAN
    N_PIXELS = "number of pixels"


def cost(record: PointRecord, records: Sequence[PointRecord], bought: Bought) -> float:
    """Return a number that is the smaller the better a point is; infinite when unknown.

    Parameters
    ----------
    record : `~hstdriz_study.contracts.PointRecord`
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        All points of the filter, among them the EXP twins.
    bought : Bought
        The number of pixels is counted per square arcsec.
    """
    found = {
        Bought.FWHM: lambda: value(record, FWHM),
        Bought.DEPTH: lambda: -value(record, DEPTH),
        Bought.RMS_OVER_MEDIAN: lambda: judged(record, records, RMS_OVER_MEDIAN).value,
        Bought.N_PIXELS: lambda: n_pixels(record),
    }[bought]()
    return math.inf if math.isnan(found) else found


def dominated(
    candidates: Sequence[PointRecord],
    records: Sequence[PointRecord],
    bought: Collection[Bought] = tuple(Bought),
) -> dict[str, Dominated]:
    """Find the candidates that another candidate beats.

    Parameters
    ----------
    candidates : sequence of `~hstdriz_study.contracts.PointRecord`
        Admissible points.
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        All points of the filter.
    bought : collection of Bought, optional
        What counts; by default, all.

    Returns
    -------
    dict of str to Dominated
        By the key of the point that is beaten. The better point that is named is not
        beaten itself: of several the first in the order of ``bought``.
    """
    axes = tuple(bought)
    costs = np.array([[cost(one, records, axis) for axis in axes] for one in candidates])
    costs = costs.reshape(len(candidates), len(axes))
    not_worse = np.all(costs[None, :, :] <= costs[:, None, :], axis=2)
    better = np.any(costs[None, :, :] < costs[:, None, :], axis=2)
    beating = not_worse & better
    found = {}
    for index in map(int, np.flatnonzero(beating.any(axis=1))):
        # equal ones come in the order of their settings, not of the table
        best = min(
            map(int, np.flatnonzero(beating[index])),
            key=lambda other: (tuple(costs[other]), preference(candidates[other])),
        )
        won = tuple(
            axis
            for axis, mine, other in zip(axes, costs[index], costs[best], strict=True)
            if other < mine
        )
        found[candidates[index].key] = Dominated(candidates[best], axes, won)
    return found


def thrift(records: Sequence[PointRecord]) -> Order:
    """Return the sort key of practically equal points: the smallest is the cheapest and smoothest.

    The first of it is the product of RMS/median and the number of pixels: half the pixels
    are worth as much as weights twice as even. It needs no unit, no weights, and nothing of
    the other points, so that points that are added can only win or lose by themselves. The
    rest decides between equal products, so that a point comes before all that it beats.
    """

    def key(record: PointRecord) -> tuple[float | BySettings, ...]:
        size = cost(record, records, Bought.N_PIXELS)
        rms = cost(record, records, Bought.RMS_OVER_MEDIAN)
        width = cost(record, records, Bought.FWHM)
        depth = cost(record, records, Bought.DEPTH)
        return (size * rms, size, rms, width, depth, *preference(record))

    return key
