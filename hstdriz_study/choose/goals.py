"""What the image is for: each goal is a rule with its limits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hstdriz_study.choose.points import PointSummary, summarise
from hstdriz_study.choose.rules import find_rule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hstdriz_study.choose.handbook import HandbookPick
    from hstdriz_study.config import ChooseConfig
    from hstdriz_study.contracts import PointRecord


@dataclass(frozen=True)
class Goal:
    """A use of the image, and the keys of ``choose`` that serve it.

    Attributes
    ----------
    why : str
        What this use needs most, and what it must not lose.
    settings : mapping of str to value
        Rule and limits, as in the configuration.
    """

    why: str
    settings: Mapping[str, Any]


GOALS: dict[str, Goal] = {
    "default": Goal(
        "as sharp and as deep as the data allow, then smooth and small",
        {"rule": "default", "max_fwhm_growth": None, "min_pixels_per_fwhm": 2.0},
    ),
    "point_sources": Goal(
        "the faintest stars; sharpness may give way by a tenth, sampling not",
        {"rule": "deepest", "max_fwhm_growth": 0.1, "min_pixels_per_fwhm": 2.0},
    ),
    "lensing": Goal(
        "uniform weights and well-sampled shapes; the PSF may hardly widen",
        {"rule": "uniform_noise", "max_fwhm_growth": 0.05, "min_pixels_per_fwhm": 2.5},
    ),
    "morphology": Goal(
        "structure near the resolution and faint outskirts alike: the balance of both",
        {"rule": "pareto_knee", "max_fwhm_growth": 0.1, "min_pixels_per_fwhm": 2.0},
    ),
    "photometry": Goal(
        "uniform noise inside apertures and along isophotes; sharpness may give way by a tenth",
        {"rule": "uniform_noise", "max_fwhm_growth": 0.1, "min_pixels_per_fwhm": 2.0},
    ),
}


@dataclass(frozen=True)
class GoalPick:
    """What a goal takes from the points of one filter.

    ``point`` is None when its rule cannot choose; ``note`` then says why, and
    otherwise gives the reason in a few words.
    """

    goal: str
    rule: str
    why: str
    point: PointSummary | None
    note: str


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
        changed = replace(config, goal=name, **goal.settings)
        verdict = find_rule(changed.rule)(records, changed, handbook)
        point = None if verdict.chosen is None else summarise(verdict.chosen)
        note = verdict.cannot_choose or verdict.short_reason
        picks.append(GoalPick(name, changed.rule, goal.why, point, note))
    return tuple(picks)
