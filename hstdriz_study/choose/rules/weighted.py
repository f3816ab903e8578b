"""The user's own weights on named metrics.

The score of a point is the weighted mean of its deviations from the best
value of each metric, each in units of that metric's spread over the
admissible points (their standard deviation), so that the weights compare
metrics of any unit. The smallest score wins.

Source: the simple additive weighting of decision analysis (Hwang and Yoon
1981, Multiple Attribute Decision Making, ch. 3), with the spread as the unit.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.choose.margin import Criterion
from hstdriz_study.choose.points import DEPTH, FWHM, RMS_OVER_MEDIAN
from hstdriz_study.choose.ranking import NO_SIGMA, SMOOTHEST, Ranking, decide_by
from hstdriz_study.choose.rule import Rule
from hstdriz_study.choose.twins import judged
from hstdriz_study.choose.words.aims import smallest_score
from hstdriz_study.choose.words.ranking import told_by
from hstdriz_study.contracts import Better, derived, entries_of
from hstdriz_study.errors import ChoiceError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hstdriz_study.choose.rule_of_thumb import HandbookPick
    from hstdriz_study.choose.screen import Screening
    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.choose.verdict import Verdict
    from hstdriz_study.contracts import Metric, MetricEntry

ROUNDING = 1e-12
WORSE = Criterion("weighted score", "worse")


def _decide(
    screening: Screening,
    settings: ChoiceSettings,
    handbook: HandbookPick,  # noqa: ARG001  every rule has the same signature
) -> Verdict:
    """Choose the admissible point with the smallest weighted score.

    The smallest is taken even when the data do not tell it apart from others,
    because the weights are the user's. How firmly it stands is told by its
    margin and by the resamples. Of equal scores, the largest pixfrac, then the
    coarsest scale.
    """
    weights = settings.weights_above_zero
    parts = {
        record.key: [judged(record, screening.records, metric) for metric in weights]
        for record in screening.admissible
    }
    entries = entries_of(screening.records)
    senses = np.array([entries[metric].better.sense for metric in weights])
    share = np.array(list(weights.values())) / sum(weights.values())
    ranking = Ranking(_scores(parts, senses, share), WORSE, 0.0, NO_SIGMA, SMOOTHEST)
    return decide_by(ranking, screening)


def _check(settings: ChoiceSettings, entries: Mapping[str, MetricEntry]) -> None:
    """Refuse weights that cannot be used.

    Raises
    ------
    ChoiceError
        If ``weights`` names a metric whose entry does not say what is better,
        holds a negative weight, or none above 0.
    """
    known = [name for name, entry in entries.items() if entry.better is not Better.NEITHER]
    for metric, weight in settings.weights.items():
        if metric not in known:
            raise ChoiceError(
                f"choose.weights: {metric} cannot be weighted; use some of {', '.join(known)}, or "
                "say in the entry of your own metric which value is better"
            )
        if not 0 <= weight < math.inf:
            raise ChoiceError(
                f"choose.weights: the weight of {metric} is {weight}; it must be 0 or more, finite"
            )
    if not settings.weights_above_zero:
        raise ChoiceError(
            "choose.weights has no weight above 0: the rule weighted needs at least one, such as "
            f"'choose.weights={{{FWHM}: 1}}'"
        )


def _scores(
    parts: dict[str, list[Metric]], senses: np.ndarray, share: np.ndarray
) -> dict[str, Metric]:
    costs = senses * np.array([[part.value for part in row] for row in parts.values()])
    best, spread = costs.min(axis=0), costs.std(axis=0)
    # A metric that is the same everywhere, to rounding, decides nothing.
    varies = spread > ROUNDING * np.abs(costs).max(axis=0)
    factor = np.divide(share, spread, out=np.zeros_like(share), where=varies)

    def score(values: Sequence[np.ndarray]) -> np.ndarray:
        terms = [
            one * (sense * value - zero)
            for one, sense, value, zero in zip(factor, senses, values, best, strict=True)
        ]
        return np.sum(terms, axis=0)

    return {key: derived(score, row) for key, row in parts.items()}


WEIGHTED = Rule(
    name="weighted",
    takes=(
        "the smallest weighted mean of the deviations from the best of each metric, in units of "
        "its spread"
    ),
    source="Hwang & Yoon 1981",
    held_back_by="your weights",
    decide=_decide,
    words=told_by(smallest_score),
    needs=(FWHM,),
    own={
        "weights": {
            FWHM: 1.0,
            DEPTH: 1.0,
            RMS_OVER_MEDIAN: 1.0,
        }
    },
    named_in=lambda settings: tuple(settings.weights_above_zero),
    check=_check,
)
