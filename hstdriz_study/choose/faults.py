"""What makes a point inadmissible: the limits it breaks, and the values it lacks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.choose.points import (
    FWHM,
    RMS_OVER_MEDIAN,
    metric_of,
    settings_of,
    value,
)
from hstdriz_study.choose.twins import exp_twin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose.limits import Limit
    from hstdriz_study.contracts import PointRecord


@dataclass(frozen=True)
class Fault:
    """Why a point is not admissible.

    Attributes
    ----------
    key : str
        The limit that it breaks, or what it lacks.
    excess : float
        Factor by which the value is beyond the bound; infinite when there is
        no value to compare.
    """

    key: str
    excess: float


@dataclass(frozen=True)
class NoSetting(Fault):
    """Its record does not say what was set; ``key`` is the setting."""


@dataclass(frozen=True)
class NoMetric(Fault):
    """A metric that the rule needs is not finite; ``key`` is its name."""


@dataclass(frozen=True)
class NoLimitedMetric(Fault):
    """The metric of a limit is not finite, at the point or at the twin that judges it."""

    limit: Limit
    of_twin: bool


@dataclass(frozen=True)
class NoTwin(Fault):
    """A limit holds for EXP weights, and no point with such is on the same grid."""

    limit: Limit
    wht_type: str


@dataclass(frozen=True)
class BeyondLimit(Fault):
    """A value is beyond a limit, at the point or at the twin that judges it."""

    limit: Limit
    measured: float
    of_twin: bool


@dataclass(frozen=True)
class TooWide(Fault):
    """The FWHM is wider than that of the sharpest point by more than the limit on its growth."""

    limit: Limit
    growth: float
    sharpest: PointRecord


def faults_of(
    record: PointRecord,
    records: Sequence[PointRecord],
    bounds: Sequence[Limit],
    needed: Sequence[str],
) -> tuple[Fault, ...]:
    """Return everything that makes a finished point inadmissible by its own values.

    Parameters
    ----------
    record : `~hstdriz_study.contracts.PointRecord`
        The point.
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        All points of the filter. The limit on RMS/median was set for EXP
        weights, so that a point with other weights is judged by the EXP point
        of the same grid and drop.
    bounds : sequence of Limit
        The limits that apply to it.
    needed : sequence of str
        Metrics that must be finite.

    Returns
    -------
    tuple of Fault
        Empty when the point is admissible.
    """
    found: list[Fault] = [*_unknown_settings(record)]
    found += [
        NoMetric(metric, math.inf) for metric in needed if not math.isfinite(value(record, metric))
    ]
    for limit in bounds:
        twin = exp_twin(record, records) if limit.metric == RMS_OVER_MEDIAN else record
        if twin is None:
            wht_type = settings_of(record).final_wht_type
            found.append(NoTwin(limit.key, math.inf, limit, wht_type))
        else:
            found.extend(_beyond(twin, limit, of_twin=twin is not record))
    return tuple(found)


def too_wide(record: PointRecord, sharpest: PointRecord, limit: Limit) -> tuple[Fault, ...]:
    """Return what the limit on the growth of the FWHM has against a point."""
    growth = value(record, FWHM) / value(sharpest, FWHM) - 1.0
    if growth <= limit.bound:
        return ()
    excess = (1.0 + growth) / (1.0 + limit.bound)
    return (TooWide(limit.key, excess, limit, growth, sharpest),)


def _unknown_settings(record: PointRecord) -> list[NoSetting]:
    point = settings_of(record)
    swept = {"final_scale_arcsec": point.final_scale_arcsec, "final_pixfrac": point.final_pixfrac}
    return [
        NoSetting(name, math.inf) for name, number in swept.items() if not math.isfinite(number)
    ]


def _beyond(judging: PointRecord, limit: Limit, *, of_twin: bool) -> list[Fault]:
    measured = value(judging, limit.metric)
    if not math.isfinite(measured):
        return [NoLimitedMetric(limit.key, math.inf, limit, of_twin)]
    excess = limit.excess(limit.counted(metric_of(judging, limit.metric)))
    return [] if excess <= 1.0 else [BeyondLimit(limit.key, excess, limit, measured, of_twin)]
