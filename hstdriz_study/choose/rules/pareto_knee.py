"""The knee of the trade-off between FWHM, depth and RMS/median of the weight map.

A point is on the Pareto front when no other is at least as good in all three
and better in one; of points that are the same in all three, that with the
fewest pixels. Each metric is scaled so that the best value on the front is 0
and the worst 1; a metric that varies less over the front than what counts as
practically equal is divided by that instead, so that noise is not stretched
into a preference. The knee is the point of the front nearest to the ideal
point (0, 0, 0) in Euclidean distance.

Source: the compromise solution of Yu (1973, Management Science 19, 936) and
Zeleny (1973) with p = 2 and equal weights.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.choose.dominance import Bought, dominated, thrift
from hstdriz_study.choose.margin import Criterion
from hstdriz_study.choose.points import DEPTH, FWHM, RMS_OVER_MEDIAN
from hstdriz_study.choose.ranking import NO_SIGMA, Ranking, TieBreak, decide_by
from hstdriz_study.choose.rule import Rule
from hstdriz_study.choose.twins import judged
from hstdriz_study.choose.words.aims import knee
from hstdriz_study.choose.words.ranking import told_by
from hstdriz_study.contracts import derived

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose.rule_of_thumb import HandbookPick
    from hstdriz_study.choose.screen import Screening
    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.choose.verdict import Verdict
    from hstdriz_study.contracts import Metric

# The three metrics and the sign that makes the smaller value the better one.
AXES = ((FWHM, 1.0), (DEPTH, -1.0), (RMS_OVER_MEDIAN, 1.0))
METRICS = tuple(metric for metric, _ in AXES)
TRADED = (Bought.FWHM, Bought.DEPTH, Bought.RMS_OVER_MEDIAN)
FURTHER = Criterion("distance from the ideal point", "further")


def _decide(
    screening: Screening,
    settings: ChoiceSettings,
    handbook: HandbookPick,  # noqa: ARG001  every rule has the same signature
) -> Verdict:
    """Choose the admissible Pareto point nearest to the ideal one.

    The nearest is taken even when the data do not tell it apart from others:
    a tie-break would lead away from the knee. How firmly it stands is told by
    its margin and by the resamples. No two points of the front are the same in
    all that is traded and in size, so that an equal distance is a chance; then the
    cheapest and smoothest.
    """
    smallest = screening.without_dominated()
    beaten = dominated(smallest.admissible, screening.records, TRADED)
    front = tuple(record for record in smallest.admissible if record.key not in beaten)
    axes = {
        record.key: [judged(record, screening.records, metric) for metric in METRICS]
        for record in screening.admissible
    }
    distances = _distances(axes, [record.key for record in front], settings)
    ranking = Ranking(distances, FURTHER, 0.0, NO_SIGMA, _tie_break(screening))
    verdict = decide_by(ranking, replace(screening, admissible=front))
    return replace(verdict, rejected={**verdict.rejected, **smallest.dominated, **beaten})


def _tie_break(screening: Screening) -> TieBreak:
    return TieBreak("the smallest product of RMS/median and pixels", thrift(screening.records))


def _costs(axes: Sequence[Metric]) -> list[float]:
    return [sign * metric.value for metric, (_, sign) in zip(axes, AXES, strict=True)]


def _distances(
    axes: dict[str, list[Metric]], front: Sequence[str], settings: ChoiceSettings
) -> dict[str, Metric]:
    """Return each point's distance from the ideal point of the front, replicate by replicate."""
    costs = np.array([_costs(axes[key]) for key in front])
    ideal = costs.min(axis=0)
    least = np.array(
        [
            settings.fwhm_tolerance * ideal[0],
            settings.depth_tolerance_mag,
            settings.rms_tolerance * ideal[2],
        ]
    )
    unit = np.maximum(np.ptp(costs, axis=0), least)
    unit[unit == 0] = 1.0  # the front does not vary in it: nor does its distance

    def distance(parts: Sequence[np.ndarray]) -> np.ndarray:
        scaled = [
            (sign * part - zero) / one
            for part, (_, sign), zero, one in zip(parts, AXES, ideal, unit, strict=True)
        ]
        return np.sqrt(sum((one**2 for one in scaled), start=np.zeros_like(scaled[0])))

    return {key: derived(distance, metrics) for key, metrics in axes.items()}


PARETO_KNEE = Rule(
    name="pareto_knee",
    takes=(
        "of the points that no other beats in FWHM, depth and RMS/median at once, the nearest to "
        "the best of each"
    ),
    source="Yu 1973; Zeleny 1973",
    held_back_by="the balance itself",
    decide=_decide,
    words=told_by(knee),
    needs=METRICS,
    ranks_by=METRICS,
)
