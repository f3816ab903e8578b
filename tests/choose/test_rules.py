"""The rules that aim at one quantity or at a balance, on tables whose answer is known."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from omegaconf import OmegaConf

from hstdriz_study.app.main import conf_directory
from hstdriz_study.choose import RULES, choose, picks_by_rule
from hstdriz_study.choose.rules import find_rule, own_settings
from hstdriz_study.config import ChooseConfig
from hstdriz_study.contracts import Metric, PointRecord
from hstdriz_study.errors import ChoiceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hstdriz_study.choose import HandbookPick

SETTINGS: dict[str, dict[str, Any]] = {
    "default": {},
    "handbook": {},
    "curve_break": {},
    "uniform_noise": {"max_fwhm_growth": 0.1},
    "deepest": {"max_fwhm_growth": 0.1},
    "pareto_knee": {},
    "weighted": {"weights": {"psf/fwhm_arcsec": 1.0, "weight/rms_over_median": 1.0}},
}
NEED_STARS = ("default", "uniform_noise", "deepest", "pareto_knee", "weighted")


def with_rule(config: ChooseConfig, rule: str, **changes: Any) -> ChooseConfig:
    return replace(config, rule=rule, **(SETTINGS[rule] | changes))


def test_the_settings_of_these_tests_cover_every_rule() -> None:
    assert set(SETTINGS) == set(RULES)


@pytest.mark.parametrize("rule", SETTINGS)
def test_every_rule_gives_a_runner_up_a_reason_and_a_verdict_on_every_point(
    rule: str, model_grid: Callable[..., Any], config: ChooseConfig, handbook: HandbookPick
) -> None:
    records = model_grid(noise=0.002)
    choice = choose(records, with_rule(config, rule), handbook)
    assert choice.chosen is not None
    assert choice.runner_up is not None
    assert choice.runner_up.key != choice.chosen.key
    assert choice.reasons
    assert choice.short_reason
    told = {rejection.point.key for rejection in choice.rejected}
    assert told == {record.key for record in records} - {choice.chosen.key}
    assert all(rejection.reason for rejection in choice.rejected)
    assert (choice.margin is None) == (rule == "handbook")


@pytest.mark.parametrize("rule", SETTINGS)
def test_the_order_of_the_points_does_not_matter_to_any_rule(
    rule: str, model_grid: Callable[..., Any], config: ChooseConfig, handbook: HandbookPick
) -> None:
    records = model_grid(noise=0.002)
    first = choose(records, with_rule(config, rule), handbook)
    second = choose(records[::-1], with_rule(config, rule), handbook)
    assert first.chosen == second.chosen
    assert first.runner_up == second.runner_up
    assert first.resampling == second.resampling
    assert {r.point.key: r.reason for r in first.rejected} == {
        r.point.key: r.reason for r in second.rejected
    }


@pytest.mark.parametrize("rule", [rule for rule in SETTINGS if rule != "curve_break"])
def test_one_point_is_chosen_when_it_keeps_the_limits(
    rule: str, point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    choice = choose([point(0.06, 0.8)], with_rule(config, rule), handbook)
    assert choice.chosen is not None
    assert (choice.runner_up, choice.margin, choice.rejected) == (None, None, ())


@pytest.mark.parametrize("rule", SETTINGS)
def test_no_rule_chooses_a_point_with_holes_or_without_values(
    rule: str, point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    records = [
        point(0.06, 0.8, holes=0.5),
        point(0.06, 0.6, rms=math.nan),
        point(0.06, 0.4, rms=math.inf),
        point(0.06, 0.2, status="FAILED", error="x", metrics={}),
    ]
    choice = choose(records, with_rule(config, rule), handbook)
    assert choice.chosen is None
    assert choice.cannot_choose
    assert len(choice.rejected) == len(records)


@pytest.mark.parametrize("rule", NEED_STARS)
def test_without_stars_a_rule_names_the_metric_and_the_rules_that_need_none(
    rule: str, point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    records = [point(0.06, 0.8, without=("psf/fwhm_arcsec", "psf/pixels_per_fwhm"))]
    choice = choose(records, with_rule(config, rule), handbook)
    assert choice.chosen is None
    assert "psf/fwhm_arcsec" in choice.cannot_choose
    assert "curve_break need no star" in choice.cannot_choose


@pytest.mark.parametrize("rule", ["deepest", "pareto_knee"])
def test_without_depth_a_rule_that_aims_at_it_says_that_it_cannot_choose(
    rule: str, point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    choice = choose([point(0.06, 0.8, depth=None)], with_rule(config, rule), handbook)
    assert choice.chosen is None
    assert "noise/depth_abmag" in choice.cannot_choose


@pytest.mark.parametrize("rule", SETTINGS)
def test_equal_points_are_told_apart_by_the_same_tie_break_every_time(
    rule: str, point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    records = [
        point(scale, pixfrac, 0.2, rms=0.1, pixels=3.0)
        for scale in (0.05, 0.08)
        for pixfrac in (0.2, 0.4, 0.6, 0.8, 1.0)
    ]
    choice = choose(records, with_rule(config, rule), handbook)
    if rule == "curve_break":  # a flat curve has no break
        assert "no break" in choice.cannot_choose
    elif rule == "handbook":
        assert (choice.chosen.final_scale_arcsec, choice.chosen.final_pixfrac) == (0.08, 0.8)
    else:
        assert (choice.chosen.final_scale_arcsec, choice.chosen.final_pixfrac) == (0.08, 1.0)


@pytest.mark.parametrize("rule", ["uniform_noise", "deepest"])
def test_a_one_sided_rule_without_its_opposite_limit_is_refused(
    rule: str, point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    with pytest.raises(ChoiceError, match=r"choose\.max_fwhm_growth is not set"):
        choose([point(0.06, 0.8)], with_rule(config, rule, max_fwhm_growth=None), handbook)


@pytest.mark.parametrize("rule", ["uniform_noise", "deepest"])
@pytest.mark.parametrize("growth", [0.01, 0.02])
def test_a_one_sided_rule_stays_within_its_fwhm_limit_and_names_it(
    rule: str,
    growth: float,
    model_grid: Callable[..., Any],
    config: ChooseConfig,
    handbook: HandbookPick,
) -> None:
    choice = choose(
        model_grid(scales=(0.03, 0.05, 0.065)),
        with_rule(config, rule, max_fwhm_growth=growth, paired_sigma=0.0),
        handbook,
    )
    widest = (1 + growth) * choice.sharpest.metrics["psf/fwhm_arcsec"].value
    assert choice.chosen.metrics["psf/fwhm_arcsec"].value <= widest
    assert "max_fwhm_growth" in {limitation.limit for limitation in choice.limited_by}
    assert any("wider than that of" in rejection.reason for rejection in choice.rejected)


def test_uniform_noise_takes_the_sharpest_of_the_practically_flattest(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    records = [
        point(0.06, 0.4, 0.190, rms=0.10),
        point(0.06, 0.6, 0.195, rms=0.051),
        point(0.06, 0.8, 0.200, rms=0.050),
        point(0.06, 1.0, 0.230, rms=0.010),
    ]
    choice = choose(records, with_rule(config, "uniform_noise"), handbook)
    assert choice.chosen.final_pixfrac == 0.6
    stages = {r.point.final_pixfrac: r.stage for r in choice.rejected}
    assert stages == {0.4: "less uniform", 0.8: "practically equal", 1.0: "inadmissible"}


def test_deepest_takes_the_depth_and_tells_the_margin_in_paired_sigma(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    rng = np.random.default_rng(3)
    common, own = rng.normal(0, 0.05, 2000), rng.normal(0, 0.01, 2000)
    records = [
        point(0.06, 0.4, 0.19, depth=26.00, depth_replicates=26.00 + common),
        point(0.06, 0.8, 0.20, depth=26.06, depth_replicates=26.06 + common + own),
    ]
    choice = choose(records, with_rule(config, "deepest"), handbook)
    assert choice.chosen.final_pixfrac == 0.8
    assert choice.margin.difference == pytest.approx(0.06)
    assert choice.margin.sigma == pytest.approx(0.01, rel=0.05)
    assert choice.margin.n_sigma == pytest.approx(6.0, rel=0.05)


def test_knee_is_the_middle_of_a_bent_front_and_dominated_points_are_named(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    records = [
        point(0.06, 0.2, 0.180, depth=26.00, rms=0.19),
        point(0.06, 0.6, 0.185, depth=26.18, rms=0.06),
        point(0.06, 1.0, 0.220, depth=26.20, rms=0.05),
        point(0.05, 0.6, 0.190, depth=26.10, rms=0.07),
    ]
    choice = choose(records, with_rule(config, "pareto_knee"), handbook)
    assert (choice.chosen.final_scale_arcsec, choice.chosen.final_pixfrac) == (0.06, 0.6)
    stages = {(r.point.final_scale_arcsec, r.point.final_pixfrac): r for r in choice.rejected}
    assert stages[0.05, 0.6].stage == "dominated"
    assert '0.06", pixfrac 0.6 is at least as good' in stages[0.05, 0.6].reason


def test_a_metric_that_varies_less_than_its_tolerance_does_not_decide_the_knee(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    def taken(depths: tuple[float, float, float]) -> float:
        records = [
            point(0.06, 0.2, 0.18, depth=depths[0], rms=0.15),
            point(0.06, 0.6, 0.19, depth=depths[1], rms=0.08),
            point(0.06, 1.0, 0.22, depth=depths[2], rms=0.05),
        ]
        return choose(records, with_rule(config, "pareto_knee"), handbook).chosen.final_pixfrac

    assert taken((26.0, 26.0, 26.0)) == taken((26.0, 26.001, 26.002)) == 0.6


def test_weights_move_the_choice_along_the_trade_off(
    model_grid: Callable[..., Any], config: ChooseConfig, handbook: HandbookPick
) -> None:
    def width(weights: dict[str, float]) -> float:
        choice = choose(model_grid(), with_rule(config, "weighted", weights=weights), handbook)
        return choice.chosen.metrics["psf/fwhm_arcsec"].value

    sharp = width({"psf/fwhm_arcsec": 10.0, "weight/rms_over_median": 1.0})
    even = width({"psf/fwhm_arcsec": 1.0, "weight/rms_over_median": 1.0})
    flat = width({"psf/fwhm_arcsec": 1.0, "weight/rms_over_median": 10.0})
    assert sharp < even < flat


def test_weights_do_not_depend_on_the_unit_of_a_metric_or_on_their_sum(
    model_grid: Callable[..., Any], config: ChooseConfig, handbook: HandbookPick
) -> None:
    records = model_grid()
    in_mas = [
        replace(r, metrics=r.metrics | {"psf/ee50_arcsec": Metric(1e3 * width.value, 0.0)})
        for r in records
        if (width := r.metrics["psf/fwhm_arcsec"])
    ]
    first = choose(
        records,
        with_rule(config, "weighted", weights={"psf/fwhm_arcsec": 1, "noise/depth_abmag": 2}),
        handbook,
    )
    second = choose(
        in_mas,
        with_rule(config, "weighted", weights={"psf/ee50_arcsec": 5, "noise/depth_abmag": 10}),
        handbook,
    )
    assert first.chosen.key == second.chosen.key


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ({}, r"choose\.weights has no weight above 0"),
        ({"psf/fwhm_arcsec": 0.0}, r"choose\.weights has no weight above 0"),
        ({"psf/fwhm": 1.0}, r"psf/fwhm cannot be weighted; use some of psf/fwhm_arcsec"),
        ({"psf/fwhm_arcsec": -1.0}, r"the weight of psf/fwhm_arcsec is -1\.0"),
        ({"psf/fwhm_arcsec": math.nan}, r"the weight of psf/fwhm_arcsec is nan"),
    ],
)
def test_bad_weights_are_refused_by_name(
    weights: dict[str, float],
    said: str,
    point: Callable[..., PointRecord],
    config: ChooseConfig,
    handbook: HandbookPick,
) -> None:
    with pytest.raises(ChoiceError, match=said):
        choose([point(0.06, 0.8)], with_rule(config, "weighted", weights=weights), handbook)


@pytest.mark.parametrize("name", RULES)
def test_each_rule_is_shown_as_its_configuration_file_would_have_it(
    name: str, ir_grid: list[PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    conf = conf_directory()
    defaults, file = (OmegaConf.load(conf / "choose" / f"{n}.yaml") for n in ("default", name))
    asked = OmegaConf.to_container(OmegaConf.merge(defaults, file))
    asked.pop("defaults", None)
    theirs = choose(ir_grid, ChooseConfig(**asked), handbook)
    (shown,) = [p for p in picks_by_rule(ir_grid, config, handbook) if p.rule == name]
    assert own_settings(name) == {key: asked[key] for key in ("max_fwhm_growth", "weights")}
    assert shown.point == theirs.chosen


def test_the_rule_in_use_is_shown_with_the_limits_of_the_study(
    ir_grid: list[PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    strict = replace(config, rule="uniform_noise", max_fwhm_growth=0.03)
    choice = choose(ir_grid, strict, handbook)
    picks = {pick.rule: pick for pick in choice.by_rule}
    assert list(picks) == list(RULES)
    assert picks["uniform_noise"].point == choice.chosen
    loose = picks_by_rule(ir_grid, config, handbook)
    assert {p.rule: p.point for p in loose}["uniform_noise"] != choice.chosen


def test_handbook_says_so_when_every_pixfrac_is_below_the_ratio_of_the_scales(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    below, beyond = (
        find_rule("handbook")([point(0.08, pixfrac) for pixfrac in pixfracs], config, handbook)
        for pixfracs in ((0.2, 0.4), (0.4, 0.8))
    )
    assert (
        "the largest pixfrac, for all are below the ratio of the scales, 0.62" in below.reasons[0]
    )
    assert "the smallest pixfrac not below the ratio of the scales" in beyond.reasons[0]
