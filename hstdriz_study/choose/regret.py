"""What one loses at most by taking a point: in FWHM, in depth and in the size of the file.

The losses are against the best of the admissible points in each, which are in general not one
point, and the best of many measured values is lucky: what is lost is at most this.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.choose.beaten import admissible_by_all
from hstdriz_study.choose.dominance import Bought, cost, thrift
from hstdriz_study.choose.points import (
    DEPTH,
    FWHM,
    PointSummary,
    metric_of,
    n_pixels,
    settings_of,
)
from hstdriz_study.contracts import Metric, derived, paired_sigma

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.contracts import PointRecord


class Role(Enum):
    """What a point is to the choice."""

    CHOSEN = auto()
    RUNNER_UP = auto()
    BEATS_IT = auto()
    SHARPEST = auto()
    DEEPEST = auto()
    SMOOTHEST = auto()
    SMALLEST = auto()
    HANDBOOK = auto()
    EARLIER = auto()


BEST = {
    Role.SHARPEST: Bought.FWHM,
    Role.DEEPEST: Bought.DEPTH,
    Role.SMOOTHEST: Bought.RMS_OVER_MEDIAN,
    Role.SMALLEST: Bought.N_PIXELS,
}
"""In what the points of some roles are the best of the admissible ones."""


@dataclass(frozen=True)
class Regret:
    """What one loses at most by taking a point.

    Attributes
    ----------
    point : PointSummary
        Its settings.
    roles : tuple of Role
        Empty for a point that is admissible and nothing else.
    admissible : bool
        Whether it keeps every limit; one that does not may be better than all that do.
    fwhm_growth : `~hstdriz_study.contracts.Metric`
        FWHM over that of the sharpest, minus 1. The errors are of paired resamples.
    depth_loss_mag : `~hstdriz_study.contracts.Metric`
        By how much the 5-sigma depth is shallower than the deepest, mag.
    size_ratio : float
        Number of pixels, and so the size of the file, over the fewest.
    """

    point: PointSummary
    roles: tuple[Role, ...]
    admissible: bool
    fwhm_growth: Metric
    depth_loss_mag: Metric
    size_ratio: float


def regrets(
    records: Sequence[PointRecord],
    settings: ChoiceSettings,
    named: Mapping[Role, str | None],
) -> tuple[Regret, ...]:
    """Return what is lost at most with every admissible point, and with the points that are named.

    Parameters
    ----------
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        All points of one filter.
    settings : ChoiceSettings
    named : mapping of Role to str or None
        Keys of points that have a role because of the choice.

    Returns
    -------
    tuple of Regret
        In the order of the roles; the points without one last, the sharpest of them
        first. Empty when no point keeps every limit.
    """
    admissible = admissible_by_all(records, settings)
    if not admissible:
        return ()
    order = thrift(records)
    best = {
        role: min(admissible, key=lambda one: (cost(one, records, bought), order(one)))
        for role, bought in BEST.items()
    }
    keys = {**named, **{role: record.key for role, record in best.items()}}
    roles = {one.key: _roles(one.key, keys) for one in records}
    kept = {record.key for record in admissible}
    wanted = [one for one in records if one.key in kept or roles[one.key]]
    found = [_regret(one, roles[one.key], best, admissible=one.key in kept) for one in wanted]
    return tuple(sorted(found, key=_place))


def _roles(key: str, keys: Mapping[Role, str | None]) -> tuple[Role, ...]:
    return tuple(role for role in Role if keys.get(role) == key)


def _regret(
    record: PointRecord,
    roles: tuple[Role, ...],
    best: Mapping[Role, PointRecord],
    *,
    admissible: bool,
) -> Regret:
    width, narrowest = metric_of(record, FWHM), metric_of(best[Role.SHARPEST], FWHM)
    depth, faintest = metric_of(record, DEPTH), metric_of(best[Role.DEEPEST], DEPTH)
    growth = derived(lambda parts: parts[0] / parts[1] - 1.0, [width, narrowest])
    loss = derived(lambda parts: parts[1] - parts[0], [depth, faintest])
    return Regret(
        point=settings_of(record),
        roles=roles,
        admissible=admissible,
        fwhm_growth=_with_err(growth, width, narrowest, narrowest.value),
        depth_loss_mag=replace(_with_err(loss, depth, faintest, 1.0), unit="mag"),
        size_ratio=n_pixels(record) / n_pixels(best[Role.SMALLEST]),
    )


def _with_err(lost: Metric, metric: Metric, best: Metric, unit: float) -> Metric:
    """Add the error in quadrature where no replicates tell it; a point against itself has none."""
    if metric is best:
        return replace(lost, err=0.0)
    return lost if math.isfinite(lost.err) else replace(lost, err=paired_sigma(metric, best) / unit)


def _place(regret: Regret) -> tuple[int, float]:
    first = min((role.value for role in regret.roles), default=len(Role) + 1)
    return first, np.nan_to_num(regret.fwhm_growth.value, nan=np.inf)
