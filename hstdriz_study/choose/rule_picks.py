"""What each rule takes from the same points."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hstdriz_study.choose.points import PointSummary, summarise
from hstdriz_study.choose.rules import RULES, find_rule, own_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose.handbook import HandbookPick
    from hstdriz_study.config import ChooseConfig
    from hstdriz_study.contracts import PointRecord


@dataclass(frozen=True)
class RulePick:
    """What a rule takes from the points of one filter.

    ``point`` is None when it cannot choose; ``note`` then says why, and
    otherwise gives the reason in a few words.
    """

    rule: str
    point: PointSummary | None
    note: str


def picks_by_rule(
    records: Sequence[PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> tuple[RulePick, ...]:
    """Return what every rule takes from the points of one filter.

    Parameters
    ----------
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        All points of one filter.
    config : `~hstdriz_study.config.ChooseConfig`
        Its rule is applied as it is, the others with their own settings and
        the tolerances and limits that they share.
    handbook : HandbookPick
    """
    picks = []
    for name in RULES:
        used = name == config.rule
        asked = config if used else replace(config, rule=name, **own_settings(name))
        verdict = find_rule(name)(records, asked, handbook)
        point = None if verdict.chosen is None else summarise(verdict.chosen)
        picks.append(RulePick(name, point, verdict.cannot_choose or verdict.short_reason))
    return tuple(picks)
