"""The point that a choice is most likely to go to, and by how much the chosen one beats it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.choose.contest import Contest
from hstdriz_study.choose.curve import Broken
from hstdriz_study.choose.margin import SHALLOWER, WIDER, margin_between
from hstdriz_study.choose.points import DEPTH, FWHM, metric_of
from hstdriz_study.choose.ranking import Ranked
from hstdriz_study.choose.rules import find_rule
from hstdriz_study.choose.verdict import Worse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose.margin import Margin
    from hstdriz_study.choose.rule_of_thumb import HandbookPick
    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.choose.stability import Stability
    from hstdriz_study.choose.verdict import Verdict
    from hstdriz_study.contracts import PointRecord


def runner_up(
    records: Sequence[PointRecord],
    chosen: PointRecord,
    settings: ChoiceSettings,
    handbook: HandbookPick,
    resampling: Stability | None,
) -> PointRecord | None:
    """Return the point that resampling goes to most often besides the chosen one.

    Returns
    -------
    `~hstdriz_study.contracts.PointRecord` or None
        Where no resample takes another point, or there is none, what the rule takes of
        the admissible points when the chosen one is left out; None when it was the only one.
    """
    if resampling is not None and resampling.rival is not None:
        key = resampling.rival.point.key
        return next(record for record in records if record.key == key)
    rule = find_rule(settings.rule)
    others = rule.screened(records, settings).without(chosen)
    return rule.decide(others, settings, handbook).chosen if others.admissible else None


def margin_over(verdict: Verdict, other: PointRecord) -> Margin | None:
    """Compare the chosen point with another in what the rule ranks by.

    Returns
    -------
    Margin or None
        None when nothing was chosen, or the rule does not rank the other point: it is not
        admissible, or the rule ranks by no measured quantity.
    """
    rejected = verdict.rejected.get(other.key)
    if verdict.chosen is None or rejected is None or not rejected.stage.is_admitted:
        return None
    evidence = verdict.evidence
    if isinstance(evidence, Contest):
        return _in_contest(verdict.chosen, other, rejected)
    ranked = evidence.ranked if isinstance(evidence, Broken) else evidence
    if not isinstance(ranked, Ranked) or other.key not in ranked.ranking.scores:
        return None
    scores, criterion = ranked.ranking.scores, ranked.ranking.criterion
    return margin_between(scores[verdict.chosen.key], scores[other.key], criterion)


def _in_contest(chosen: PointRecord, other: PointRecord, rejected: object) -> Margin:
    """Compare in what the other was rejected for; in FWHM when a tie-break decided."""
    criterion = rejected.criterion if isinstance(rejected, Worse) else WIDER
    metric = DEPTH if criterion is SHALLOWER else FWHM
    return margin_between(metric_of(chosen, metric), metric_of(other, metric), criterion)
