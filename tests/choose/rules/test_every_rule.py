"""What holds for every rule, on tables whose answer is known."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pytest

from hstdriz_study.choose import (
    RULES,
    ChoiceSettings,
    HandbookPick,
    choose,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from hstdriz_study.contracts import PointRecord

    RuleMaker = Callable[..., ChoiceSettings]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_gives_a_runner_up_a_reason_and_a_verdict_on_every_point(
    rule: str, model_grid: Callable[..., Any], with_rule: RuleMaker, handbook: HandbookPick
) -> None:
    records = model_grid(noise=0.002)
    choice = choose(records, with_rule(rule), handbook)
    assert choice.chosen is not None
    assert choice.runner_up is not None
    assert choice.runner_up.key != choice.chosen.key
    assert choice.reasons
    assert choice.short_reason
    told = {rejection.point.key for rejection in choice.rejected}
    assert told == {record.key for record in records} - {choice.chosen.key}
    assert all(rejection.reason for rejection in choice.rejected)
    assert (choice.margin is None) == (rule == "handbook")


@pytest.mark.parametrize("rule", RULES)
def test_the_order_of_the_points_does_not_matter_to_any_rule(
    rule: str, model_grid: Callable[..., Any], with_rule: RuleMaker, handbook: HandbookPick
) -> None:
    records = model_grid(noise=0.002)
    first = choose(records, with_rule(rule), handbook)
    second = choose(records[::-1], with_rule(rule), handbook)
    assert first.chosen == second.chosen
    assert first.runner_up == second.runner_up
    assert first.resampling == second.resampling
    assert {r.point.key: r.reason for r in first.rejected} == {
        r.point.key: r.reason for r in second.rejected
    }


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule != "curve_break"])
def test_one_point_is_chosen_when_it_keeps_the_limits(
    rule: str, point: Callable[..., PointRecord], with_rule: RuleMaker, handbook: HandbookPick
) -> None:
    choice = choose([point(0.06, 0.8)], with_rule(rule), handbook)
    assert choice.chosen is not None
    assert (choice.runner_up, choice.margin, choice.rejected) == (None, None, ())


@pytest.mark.parametrize("rule", RULES)
def test_no_rule_chooses_a_point_with_holes_or_without_values(
    rule: str, point: Callable[..., PointRecord], with_rule: RuleMaker, handbook: HandbookPick
) -> None:
    records = [
        point(0.06, 0.8, holes=0.5),
        point(0.06, 0.6, rms=math.nan),
        point(0.06, 0.4, rms=math.inf),
        point(0.06, 0.2, status="FAILED", error="x", metrics={}),
    ]
    choice = choose(records, with_rule(rule), handbook)
    assert choice.chosen is None
    assert choice.cannot_choose
    assert len(choice.rejected) == len(records)


@pytest.mark.parametrize("rule", [rule.name for rule in RULES.values() if rule.needs_stars])
def test_without_stars_a_rule_names_the_metric_and_the_rules_that_need_none(
    rule: str, point: Callable[..., PointRecord], with_rule: RuleMaker, handbook: HandbookPick
) -> None:
    records = [point(0.06, 0.8, without=("psf/fwhm_arcsec", "psf/pixels_per_fwhm"))]
    choice = choose(records, with_rule(rule), handbook)
    assert choice.chosen is None
    assert "psf/fwhm_arcsec" in choice.cannot_choose
    assert "curve_break need no star" in choice.cannot_choose


@pytest.mark.parametrize("rule", ["deepest", "pareto_knee"])
def test_without_depth_a_rule_that_aims_at_it_says_that_it_cannot_choose(
    rule: str, point: Callable[..., PointRecord], with_rule: RuleMaker, handbook: HandbookPick
) -> None:
    choice = choose([point(0.06, 0.8, depth=None)], with_rule(rule), handbook)
    assert choice.chosen is None
    assert "noise/depth_abmag" in choice.cannot_choose


@pytest.mark.parametrize("rule", RULES)
def test_equal_points_are_told_apart_by_the_same_tie_break_every_time(
    rule: str, point: Callable[..., PointRecord], with_rule: RuleMaker, handbook: HandbookPick
) -> None:
    records = [
        point(scale, pixfrac, 0.2, rms=0.1, pixels=3.0)
        for scale in (0.05, 0.08)
        for pixfrac in (0.2, 0.4, 0.6, 0.8, 1.0)
    ]
    choice = choose(records, with_rule(rule), handbook)
    if rule == "curve_break":  # a flat curve has no break
        assert "no break" in choice.cannot_choose
    elif rule == "handbook":
        assert (choice.chosen.final_scale_arcsec, choice.chosen.final_pixfrac) == (0.08, 0.8)
    else:
        assert (choice.chosen.final_scale_arcsec, choice.chosen.final_pixfrac) == (0.08, 1.0)
