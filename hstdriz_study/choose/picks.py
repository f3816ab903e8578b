"""What each goal, and each rule, takes from the same points."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hstdriz_study.choose.goals import GOALS, goal_settings
from hstdriz_study.choose.points import PointSummary, summarise
from hstdriz_study.choose.rules import RULES, find_rule
from hstdriz_study.choose.words.verdicts import told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose.rule_of_thumb import HandbookPick
    from hstdriz_study.choose.settings import ChoiceSettings
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


@dataclass(frozen=True)
class RulePick:
    """What a rule takes from the points of one filter.

    ``point`` is None when it cannot choose; ``note`` then says why, and
    otherwise gives the reason in a few words.
    """

    rule: str
    point: PointSummary | None
    note: str


def picks_by_goal(
    records: Sequence[PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> tuple[GoalPick, ...]:
    """Return what every goal takes from the points of one filter.

    Parameters
    ----------
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        All points of one filter.
    settings : ChoiceSettings
        Tolerances and the limits that a goal leaves alone.
    handbook : HandbookPick
    """
    picks = []
    for name, goal in GOALS.items():
        changed = replace(settings, **goal_settings(name))
        point, note = taken(records, changed, handbook)
        picks.append(GoalPick(name, changed.rule, goal.why, point, note, changed == settings))
    return tuple(picks)


def picks_by_rule(
    records: Sequence[PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> tuple[RulePick, ...]:
    """Return what every rule takes from the points of one filter.

    Parameters
    ----------
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        All points of one filter.
    settings : ChoiceSettings
        Their rule is applied as it is, the others with their own settings and
        the tolerances and limits that they share.
    handbook : HandbookPick
    """
    picks = []
    for name, rule in RULES.items():
        asked = settings if name == settings.rule else rule.as_shipped(settings)
        picks.append(RulePick(name, *taken(records, asked, handbook)))
    return tuple(picks)


def taken(
    records: Sequence[PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> tuple[PointSummary | None, str]:
    """Return what a rule takes, and why, in a few words."""
    verdict = find_rule(settings.rule)(records, settings, handbook)
    point = None if verdict.chosen is None else summarise(verdict.chosen)
    return point, told(verdict, settings, handbook).note
