"""From the weights and depth of a scenario to what the study's rule says of its points."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hstdriz_study.choose import find_rule
from hstdriz_study.choose.limits import limits_of
from hstdriz_study.choose.points import DEPTH, HOLE_FRACTION, RMS_OVER_MEDIAN, metric_of
from hstdriz_study.contracts import Metric
from hstdriz_study.measure.depth_change import depth_change

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hstdriz_study.choose import ChoiceSettings, HandbookPick
    from hstdriz_study.choose.verdict import Rejected
    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.measure import WeightSpread
    from hstdriz_study.measure.depth_change import DepthChange
    from hstdriz_study.what_if.scenarios import Scenario


@dataclass(frozen=True)
class Outcome:
    """What a scenario makes of the points of one filter.

    Attributes
    ----------
    scenario : Scenario
    spreads : tuple of `~hstdriz_study.measure.WeightSpread`
        The weight map foreseen, one a point.
    depth : DepthChange
    admissible : frozenset of str
        Keys of the points within all limits of the rule.
    within_weights : frozenset of str
        Keys of the points within its limits on the weight map; a point that was
        never run can be among them.
    taken : `~hstdriz_study.contracts.PointRecord` or None
        What the rule would take.
    faults : dict of str to Rejected
        Why a point is not admissible, by its key.
    """

    scenario: Scenario
    spreads: tuple[WeightSpread, ...]
    depth: DepthChange
    admissible: frozenset[str]
    within_weights: frozenset[str]
    taken: PointRecord | None
    faults: dict[str, Rejected]


def judge(
    scenario: Scenario,
    now: Scenario,
    records: Sequence[PointRecord],
    spreads: Sequence[WeightSpread],
    *,
    settings: ChoiceSettings,
    handbook: HandbookPick,
) -> Outcome:
    """Apply the rule to the points with the weights and the depth of a scenario.

    The FWHM is left as measured: it depends on the drop and the output pixel, not
    on how many exposures there are. Where the exposure times differ, the depth
    is changed as for noise of the background.

    Parameters
    ----------
    scenario, now : Scenario
        The one in question, and the exposures as they are.
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        Points of one filter.
    spreads : sequence of `~hstdriz_study.measure.WeightSpread`
        Of EXP weights, one a point; the limits are made for these.
    settings : `~hstdriz_study.choose.ChoiceSettings`
    handbook : HandbookPick
    """
    depth = depth_change(now.exptimes_s, scenario.exptimes_s)
    changed = [
        _changed(record, spread, depth) for record, spread in zip(records, spreads, strict=True)
    ]
    verdict = find_rule(settings.rule)(changed, settings, handbook)
    out = {
        key: rejected
        for key, rejected in verdict.rejected.items()
        if not rejected.stage.is_admitted
    }
    return Outcome(
        scenario=scenario,
        spreads=tuple(spreads),
        depth=depth,
        admissible=frozenset(record.key for record in records if record.key not in out),
        within_weights=frozenset(
            record.key
            for record, spread in zip(records, spreads, strict=True)
            if _within_weights(_foreseen(record, spread), settings)
        ),
        taken=verdict.chosen,
        faults=out,
    )


def _within_weights(foreseen: Mapping[str, Metric], settings: ChoiceSettings) -> bool:
    limits = limits_of(settings, find_rule(settings.rule).weight_limits)
    return all(limit.keeps(foreseen[limit.metric]) for limit in limits)


def _foreseen(record: PointRecord, spread: WeightSpread) -> dict[str, Metric]:
    """Give the weight metrics of a point the values that are foreseen."""
    values = {RMS_OVER_MEDIAN: spread.rms_over_median, HOLE_FRACTION: spread.hole_fraction}
    return {name: _scaled(metric_of(record, name), value) for name, value in values.items()}


def _changed(record: PointRecord, spread: WeightSpread, depth: DepthChange) -> PointRecord:
    if record.status != "FINISHED":
        return record
    foreseen = _foreseen(record, spread)
    metrics = {name: foreseen.get(name, metric) for name, metric in record.metrics.items()}
    if DEPTH in metrics:
        metrics[DEPTH] = _moved(metrics[DEPTH], depth.background_mag)
    return replace(record, metrics=metrics)


def _scaled(metric: Metric, value: float) -> Metric:
    """Give a metric another value; its relative error stays."""
    factor = value / metric.value if metric.value > 0 and math.isfinite(value) else 1.0
    replicates = None if metric.replicates is None else metric.replicates * factor
    return Metric(value, metric.err * factor, metric.unit, replicates)


def _moved(metric: Metric, by: float) -> Metric:
    replicates = None if metric.replicates is None else metric.replicates + by
    return Metric(metric.value + by, metric.err, metric.unit, replicates)
