"""The limits that decided a choice: those without which the rule takes another point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.choose.limits import limits_of
from hstdriz_study.choose.points import PointSummary, summarise
from hstdriz_study.choose.rules import find_rule
from hstdriz_study.choose.verdict import Inadmissible
from hstdriz_study.choose.words.faults import limits_decided

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose.limits import Limit
    from hstdriz_study.choose.rule_of_thumb import HandbookPick
    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.choose.verdict import Verdict
    from hstdriz_study.contracts import PointRecord


@dataclass(frozen=True)
class Limitation:
    """A limit that decided: without it the rule would take ``point``."""

    limit: str
    bound: float
    point: PointSummary
    sentence: str


def limitations(
    records: Sequence[PointRecord],
    settings: ChoiceSettings,
    handbook: HandbookPick,
    verdict: Verdict,
) -> tuple[Limitation, ...]:
    """Find the limits without which the rule chooses another point.

    Where no single limit does, several may exclude the same points together.

    Parameters
    ----------
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        Points of one filter.
    settings : ChoiceSettings
    handbook : HandbookPick
    verdict : Verdict
        What the rule says of them.
    """
    if verdict.chosen is None:
        return ()
    rule = find_rule(settings.rule)
    kept = limits_of(settings, rule.limits)
    found: list[Limitation] = []
    free = settings
    for limit in kept:
        free = limit.relaxed(free)
        other = rule(records, limit.relaxed(settings), handbook).chosen
        if other is not None and other is not verdict.chosen:
            found += _decided((limit,), other)
    if found:
        return tuple(found)
    other = rule(records, free, handbook).chosen
    if other is None or other is verdict.chosen:
        return ()
    why = verdict.rejected[other.key]
    broken = why.keys if isinstance(why, Inadmissible) else ()
    return tuple(_decided([limit for limit in kept if limit.key in broken], other))


def _decided(together: Sequence[Limit], other: PointRecord) -> list[Limitation]:
    sentence = limits_decided(together, other)
    return [Limitation(one.key, one.bound, summarise(other), sentence) for one in together]
