"""From one filter of an ended study and a change to what the change would do to it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from hstdriz_study.choose.points import RMS_OVER_MEDIAN
from hstdriz_study.contracts import FAST_KERNELS
from hstdriz_study.drizzle import exposure_weighting
from hstdriz_study.errors import ChoiceError
from hstdriz_study.guard import temporary_directory
from hstdriz_study.predict.combinations import predict_combinations, single_exposures
from hstdriz_study.what_if.judge import judge
from hstdriz_study.what_if.scenarios import adding, dropping

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.choose import Choice, ChoiceSettings, HandbookPick
    from hstdriz_study.contracts import PointRecord, PreparedFilter, WeightBoxes
    from hstdriz_study.measure import WeightSpread
    from hstdriz_study.what_if.change import Change
    from hstdriz_study.what_if.judge import Outcome
    from hstdriz_study.what_if.scenarios import Dither, Foresee, Scenarios


@dataclass(frozen=True)
class WhatIf:
    """What a change would do to one filter.

    Attributes
    ----------
    filter : str
    change : Change
    settings : `~hstdriz_study.choose.ChoiceSettings`
        Rule and limits.
    records : tuple of `~hstdriz_study.contracts.PointRecord`
        The points that were looked at, in the order of the sweep.
    chosen : `~hstdriz_study.contracts.PointRecord` or None
        The choice of the study.
    now : Outcome
        The exposures as they are, foreseen in the same way.
    after : tuple of Outcome
        The most uneven weights first, at the chosen point.
    dithers : tuple of Dither
        Where added exposures serve best.
    first_exposure : str
        That from which the dithers count.
    """

    filter: str
    change: Change
    settings: ChoiceSettings
    records: tuple[PointRecord, ...]
    chosen: PointRecord | None
    now: Outcome
    after: tuple[Outcome, ...]
    dithers: tuple[Dither, ...]
    first_exposure: str

    @property
    def decisive(self) -> int:
        """Index of the chosen point; of the first one when nothing was chosen."""
        return self.records.index(self.chosen) if self.chosen is not None else 0

    @property
    def disagreement(self) -> float:
        """Largest relative difference of RMS/median as foreseen now and as measured."""
        differences = [
            abs(spread.rms_over_median / record.metrics[RMS_OVER_MEDIAN].value - 1)
            for record, spread in zip(self.records, self.now.spreads, strict=True)
            if record.settings.final_wht_type == "EXP" and RMS_OVER_MEDIAN in record.metrics
        ]
        # no ratio where the median weight is 0
        return max(filter(math.isfinite, differences), default=0.0)


def what_if(
    change: Change,
    prepared: PreparedFilter,
    boxes: WeightBoxes,
    records: Sequence[PointRecord],
    *,
    choice: Choice,
    rule: tuple[ChoiceSettings, HandbookPick],
    n_processes: int = 1,
) -> WhatIf:
    """Foresee what a change would do to one filter of a study.

    Parameters
    ----------
    change : Change
    prepared : `~hstdriz_study.contracts.PreparedFilter`
        Its exposures, with their flags and shifts.
    boxes : `~hstdriz_study.contracts.WeightBoxes`
        In which the study measured the weights.
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        Its points. Those that failed are left out, and those of a kernel whose
        weights cannot be predicted.
    choice : Choice
        That of the study.
    rule : tuple of `~hstdriz_study.choose.ChoiceSettings` and HandbookPick
    n_processes : int, optional
        How many output grids are worked on at the same time.

    Raises
    ------
    ConfigError
        If the change asks for exposures that are not there.
    ChoiceError
        If there is no point to judge, or the weights of the chosen one cannot
        be foreseen.
    """
    points = _points(records, prepared.name)
    settings = [replace(record.settings, final_wht_type="EXP") for record in points]
    keys = [record.key for record in points]
    chosen = None
    if choice.chosen is not None:
        if choice.chosen.key not in keys:
            raise ChoiceError(
                f"{prepared.name}: the weights of the chosen point, final_kernel="
                f"{choice.chosen.final_kernel}, cannot be foreseen; those of "
                f"{', '.join(FAST_KERNELS)} can"
            )
        chosen = points[keys.index(choice.chosen.key)]
    decisive = settings[0 if chosen is None else points.index(chosen)]

    def foresee(
        singles: Sequence[PreparedFilter], combinations: Sequence[tuple[int, ...]]
    ) -> list[WeightSpread]:
        return predict_combinations(singles, combinations, boxes, [decisive], exposure_weighting)[0]

    with temporary_directory("what-if") as scratch:
        scenarios = _scenarios(change, prepared, foresee, scratch)
        every = (scenarios.now, *scenarios.after)
        by_point = predict_combinations(
            scenarios.singles,
            [scenario.combination for scenario in every],
            boxes,
            settings,
            exposure_weighting,  # the rule's limits are made for such weights
            n_processes=n_processes,
        )
    judged = partial(judge, now=scenarios.now, records=points, settings=rule[0], handbook=rule[1])
    now, *after = (
        judged(scenario, spreads=spreads)
        for scenario, spreads in zip(every, zip(*by_point, strict=True), strict=True)
    )
    found = WhatIf(
        filter=prepared.name,
        change=change,
        settings=rule[0],
        records=tuple(points),
        chosen=chosen,
        now=now,
        after=(),
        dithers=scenarios.dithers,
        first_exposure=prepared.exposures[0].name,
    )
    worst_first = sorted(after, key=lambda one: -one.spreads[found.decisive].rms_over_median)
    return replace(found, after=tuple(worst_first))


def _scenarios(
    change: Change, prepared: PreparedFilter, foresee: Foresee, directory: Path
) -> Scenarios:
    singles = single_exposures(prepared)
    if change.kind == "drop":
        return dropping(singles, change)
    return adding(singles, change, foresee, directory)


def _points(records: Sequence[PointRecord], name: str) -> list[PointRecord]:
    by_key = {
        record.key: record
        for record in records
        if record.status != "FAILED" and record.settings.final_kernel in FAST_KERNELS
    }
    if not by_key:
        raise ChoiceError(
            f"{name}: no point whose weights can be foreseen (kernels {', '.join(FAST_KERNELS)}, "
            "not failed); run the study first"
        )
    return list(by_key.values())
