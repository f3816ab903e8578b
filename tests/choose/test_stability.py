"""How firmly a choice stands: resamples, grid phases, warnings, goals."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from hstdriz_study.choose import choice_to_json, choose, picks_by_goal
from hstdriz_study.contracts import Metric, PointRecord
from hstdriz_study.goals import GOALS

if TYPE_CHECKING:
    from collections.abc import Callable

    from hstdriz_study.choose import HandbookPick
    from hstdriz_study.config import ChooseConfig

FWHM = "psf/fwhm_arcsec"


def two_points(point: Callable[..., PointRecord], second: np.ndarray) -> list[PointRecord]:
    """Return two points; the second is chosen in the resamples in which it is not wider."""
    return [
        point(0.06, 0.5, 0.20, fwhm_replicates=np.full(len(second), 0.20)),
        point(0.06, 1.0, 0.20, fwhm_replicates=second),
    ]


def test_probability_of_change_is_the_fraction_of_resamples_that_choose_otherwise(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    second = np.where(np.arange(100) < 25, 0.22, 0.20)
    records = two_points(point, second)
    stability = choose(records, replace(config, paired_sigma=0.0), handbook).resampling
    assert (stability.n_tables, stability.n_same) == (100, 75)
    assert stability.changed == pytest.approx(0.25)
    assert [(v.point.final_pixfrac, v.fraction) for v in stability.votes] == [
        (1.0, 0.75),
        (0.5, 0.25),
    ]


def test_each_source_of_scatter_is_told_apart(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    # of 200, so that every fourth one has the same shares
    records = two_points(point, np.where(np.arange(200) < 20, 0.22, 0.20))
    records[1].metrics["weight/rms_over_median"] = Metric(
        0.19, 0.01, "", np.where(np.arange(200) < 80, 0.21, 0.19)
    )
    stability = choose(records, replace(config, paired_sigma=0.0), handbook).resampling
    causes = {cause.source: cause.changed for cause in stability.causes}
    assert causes == {"stars": pytest.approx(0.1), "weight boxes": pytest.approx(0.4)}
    assert stability.changed == pytest.approx(0.4)
    assert "the stars in 10 %, the weight boxes in 40 %" in stability.sentence


def test_resamples_in_which_nothing_is_admissible_count_as_changed(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    record = point(0.06, 0.5)
    record.metrics["weight/rms_over_median"] = Metric(
        0.19, 0.01, "", np.array([0.19, 0.18, 0.21, np.nan])
    )
    stability = choose([record], config, handbook).resampling
    assert stability.undecided == stability.changed == pytest.approx(0.5)


def test_without_replicates_the_probability_is_not_known(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    choice = choose([point(0.06, 0.5), point(0.06, 1.0)], config, handbook)
    assert choice.resampling is None
    assert choice.grid_phases is None


def test_a_choice_far_from_its_rivals_never_changes(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    rng = np.random.default_rng(5)
    records = [
        point(0.06, 0.5, 0.20, fwhm_replicates=rng.normal(0.20, 0.001, 100)),
        point(0.06, 1.0, 0.25, fwhm_replicates=rng.normal(0.25, 0.001, 100)),
    ]
    choice = choose(records, config, handbook)
    assert choice.resampling.changed == 0.0
    assert choice.margin.n_sigma > 20


def test_a_choice_that_flips_with_the_grid_phase_is_counted_and_warned_of(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    records = [point(0.06, 0.5, 0.2), point(0.06, 1.0, 0.2)]
    records[1].metrics[FWHM] = Metric(0.2, 1e-6, phases=np.array([0.2, 0.2, 0.23, 0.2]))
    choice = choose(records, config, handbook)
    assert (choice.grid_phases.n_tables, choice.grid_phases.n_same) == (4, 3)
    assert any("3 of 4 sub-pixel phases" in warning for warning in choice.warnings)
    assert choice_to_json(choice)["grid_phases"]["n_same"] == 3


def test_few_stars_and_a_frail_choice_are_warned_of(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    records = two_points(point, np.where(np.arange(100) < 40, 0.22, 0.20))
    for record in records:
        record.metrics["psf/n_stars"] = Metric(6.0, 0.0)
    warnings = choose(records, replace(config, paired_sigma=0.0), handbook).warnings
    assert any("rests on 6 stars, fewer than the 10 advised" in warning for warning in warnings)
    assert any("changes in 40 % of the resamples" in warning for warning in warnings)


def test_an_inner_choice_with_many_stars_carries_no_warning(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    widths = {0.05: 0.2, 0.06: 0.2, 0.07: 0.25}
    records = [
        point(scale, pixfrac, width if pixfrac < 1 else 0.3)
        for scale, width in widths.items()
        for pixfrac in (0.4, 0.6, 1.0)
    ]
    choice = choose(records, config, handbook)
    assert (choice.chosen.final_scale_arcsec, choice.chosen.final_pixfrac) == (0.06, 0.6)
    assert choice.warnings == ()


def test_a_choice_on_an_edge_offers_the_overrides_that_extend_the_sweep(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    widths = {0.04: 0.19, 0.05: 0.21}
    records = [
        point(scale, pixfrac, width * (1 + 0.1 * (pixfrac > 0.4)))
        for scale, width in widths.items()
        for pixfrac in (0.4, 0.6)
    ]
    choice = choose(records, config, handbook)
    assert choice.extension == (
        "filter=f160w",
        "drizzle.final_scale=0.04,0.05,0.032,0.0256",
        "drizzle.final_pixfrac=0.4,0.6,0.267,0.178",
    )
    assert any("edge of the swept range" in warning for warning in choice.warnings)


def test_every_goal_has_a_pick_and_the_goals_differ_in_what_they_aim_at(
    model_grid: Callable[..., Any], config: ChooseConfig, handbook: HandbookPick
) -> None:
    records = model_grid()
    picks = {pick.goal: pick for pick in picks_by_goal(records, config, handbook)}
    assert set(picks) == set(GOALS)
    assert all(pick.point is not None and pick.note and pick.why for pick in picks.values())

    def rms(goal: str) -> float:
        return picks[goal].point.metrics["weight/rms_over_median"].value

    assert rms("photometry") < rms("default")
    assert (
        picks["lensing"].point.metrics[FWHM].value <= picks["photometry"].point.metrics[FWHM].value
    )


def test_a_goal_that_cannot_choose_says_why(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    picks = {p.goal: p for p in picks_by_goal([point(0.06, 0.5, depth=None)], config, handbook)}
    assert picks["default"].point is not None
    assert picks["point_sources"].point is None
    assert "noise/depth_abmag" in picks["point_sources"].note


def test_dithers_too_coarse_for_the_chosen_scale_are_warned_of(ir_grid, config, handbook):
    def with_spacing(arcsec):
        found = {"exposures/sample_spacing_arcsec": Metric(arcsec, 0.001, "arcsec")}
        records = [replace(record, metrics=record.metrics | found) for record in ir_grid]
        choice = choose(records, config, handbook)
        told = [w for w in choice.warnings if "too few dither positions" in w]
        return choice.chosen.final_scale_arcsec, told

    scale, told = with_spacing(1.49 * 0.08)
    assert scale == 0.08
    assert told == []
    _, (told,) = with_spacing(1.6 * 0.08)
    assert 'sample the sky every 0.128", 1.6 output pixels (limit 1.5' in told


def test_warnings_of_the_exposures_stand_with_the_choice(ir_grid, config, handbook):
    records = [replace(record, warnings=("the exposures are misaligned",)) for record in ir_grid]
    assert choose(records, config, handbook).warnings[0] == "the exposures are misaligned"
