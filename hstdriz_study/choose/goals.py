"""What each goal takes from the same points."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hstdriz_study.choose.points import PointSummary, summarise
from hstdriz_study.choose.rules import find_rule
from hstdriz_study.goals import GOALS, goal_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose.handbook import HandbookPick
    from hstdriz_study.config import ChooseConfig
    from hstdriz_study.contracts import PointRecord


@dataclass(frozen=True)
class GoalPick:
    """What a goal takes from the points of one filter.

    ``point`` is None when its rule cannot choose; ``note`` then says why, and
    otherwise gives the reason in a few words. ``used`` tells whether the choice
    was made with all of the goal's settings.
    """

    goal: str
    rule: str
    why: str
    point: PointSummary | None
    note: str
    used: bool


def picks_by_goal(
    records: Sequence[PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> tuple[GoalPick, ...]:
    """Return what every goal takes from the points of one filter.

    Parameters
    ----------
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        All points of one filter.
    config : `~hstdriz_study.config.ChooseConfig`
        Tolerances and the limits that a goal leaves alone.
    handbook : HandbookPick
    """
    picks = []
    for name, goal in GOALS.items():
        changed = replace(config, **goal_settings(name))
        verdict = find_rule(changed.rule)(records, changed, handbook)
        point = None if verdict.chosen is None else summarise(verdict.chosen)
        note = verdict.cannot_choose or verdict.short_reason
        picks.append(GoalPick(name, changed.rule, goal.why, point, note, changed == config))
    return tuple(picks)
