"""What each goal and each rule takes from the same points."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from omegaconf import OmegaConf

from hstdriz_study.choose import (
    RULES,
    ChoiceSettings,
    HandbookPick,
    choose,
    picks_by_goal,
    picks_by_rule,
)
from hstdriz_study.choose.goals import GOALS
from hstdriz_study.choose.settings import OFF
from hstdriz_study.conf_files import conf_directory

if TYPE_CHECKING:
    from collections.abc import Callable

    from hstdriz_study.contracts import PointRecord

FWHM = "psf/fwhm_arcsec"


def test_every_goal_has_a_pick_and_the_goals_differ_in_what_they_aim_at(
    model_grid: Callable[..., Any], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    records = model_grid()
    picks = {pick.goal: pick for pick in picks_by_goal(records, settings, handbook)}
    assert set(picks) == set(GOALS)
    assert all(pick.point is not None and pick.note and pick.why for pick in picks.values())

    def rms(goal: str) -> float:
        return picks[goal].point.metrics["weight/rms_over_median"].value

    assert rms("photometry") < rms("default")
    assert (
        picks["lensing"].point.metrics[FWHM].value <= picks["photometry"].point.metrics[FWHM].value
    )


def test_a_goal_that_cannot_choose_says_why(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    picks = {p.goal: p for p in picks_by_goal([point(0.06, 0.5, depth=None)], settings, handbook)}
    assert picks["default"].point is not None
    assert picks["point_sources"].point is None
    assert "noise/depth_abmag" in picks["point_sources"].note


@pytest.mark.parametrize("name", RULES)
def test_each_rule_is_shown_as_its_configuration_file_would_have_it(
    name: str, ir_grid: list[PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    conf = conf_directory()
    defaults, file = (OmegaConf.load(conf / "choose" / f"{n}.yaml") for n in ("default", name))
    asked = OmegaConf.to_container(OmegaConf.merge(defaults, file))
    asked.pop("defaults", None)
    theirs = choose(ir_grid, ChoiceSettings(**asked), handbook)
    (shown,) = [p for p in picks_by_rule(ir_grid, settings, handbook) if p.rule == name]
    assert {**OFF, **RULES[name].own} == {key: asked[key] for key in ("max_fwhm_growth", "weights")}
    assert shown.point == theirs.chosen


def test_the_rule_in_use_is_shown_with_the_limits_of_the_study(
    ir_grid: list[PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    strict = replace(settings, rule="uniform_noise", max_fwhm_growth=0.03)
    choice = choose(ir_grid, strict, handbook)
    picks = {pick.rule: pick for pick in choice.by_rule}
    assert list(picks) == list(RULES)
    assert picks["uniform_noise"].point == choice.chosen
    loose = picks_by_rule(ir_grid, settings, handbook)
    assert {p.rule: p.point for p in loose}["uniform_noise"] != choice.chosen
