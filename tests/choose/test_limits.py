"""The limits of a rule: which points they exclude, and what is said of them."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from hstdriz_study.choose import HandbookPick, choose
from hstdriz_study.contracts import Metric, PointRecord

if TYPE_CHECKING:
    from collections.abc import Callable

    from hstdriz_study.choose import ChoiceSettings


def test_sharpest_point_over_the_weight_limit_is_not_chosen_and_the_limit_is_named(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    records = [point(0.06, 0.4, 0.18, rms=0.31), point(0.06, 0.8, 0.20, rms=0.1)]
    choice = choose(records, settings, handbook)
    assert choice.chosen.final_pixfrac == 0.8
    assert [limitation.limit for limitation in choice.limited_by] == ["max_rms_over_median"]
    assert choice.limited_by[0].point.final_pixfrac == 0.4
    assert "RMS/median 0.31 exceeds the limit 0.2" in choice.rejected[0].reason


def test_no_limit_is_blamed_when_the_data_decide(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    records = [point(0.06, 0.4, 0.19), point(0.06, 0.8, 0.25)]
    assert choose(records, settings, handbook).limited_by == ()


def test_two_limits_that_exclude_the_same_point_are_both_named(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    records = [point(0.06, 0.4, 0.15, rms=0.3, holes=0.01), point(0.06, 0.8, 0.20)]
    choice = choose(records, settings, handbook)
    assert {limitation.limit for limitation in choice.limited_by} == {
        "max_rms_over_median",
        "max_hole_fraction",
    }
    (sentence,) = {limitation.sentence for limitation in choice.limited_by}
    assert sentence.startswith(
        "The limits RMS/median ≤ 0.2 and hole fraction ≤ 0.0001 decided, not the data: without "
        'them the rule would take 0.06", pixfrac 0.4'
    )


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"rms": math.nan}, "RMS/median"),
        ({"rms": math.inf}, "RMS/median"),
        ({"rms": 0.21}, "RMS/median"),
        ({"holes": 2e-4}, "hole fraction"),
        ({"holes": math.nan}, "hole fraction"),
        ({"pixels": 1.9}, "pixels per FWHM"),
        ({"fwhm": math.nan}, "FWHM"),
        ({"without": ("psf/pixels_per_fwhm",)}, "pixels per FWHM"),
    ],
)
def test_each_limit_and_each_value_that_is_not_finite_excludes(
    point: Callable[..., PointRecord],
    settings: ChoiceSettings,
    handbook: HandbookPick,
    changes: dict[str, Any],
    named: str,
) -> None:
    records = [point(0.05, 0.5, **({"fwhm": 0.15} | changes)), point(0.06, 0.8, 0.2)]
    choice = choose(records, settings, handbook)
    assert choice.chosen.final_scale_arcsec == 0.06
    (rejection,) = choice.rejected
    assert rejection.stage == "inadmissible"
    assert named in rejection.reason


def test_values_exactly_at_the_limits_are_admissible(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    records = [point(0.05, 0.5, rms=0.2, holes=1e-4, pixels=2.0)]
    assert choose(records, settings, handbook).chosen is not None


def test_holes_are_beyond_their_limit_when_the_sampling_error_is_not_why(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    by_chance, surely = (point(0.05, pixfrac) for pixfrac in (0.5, 0.4))
    by_chance.metrics["weight/hole_fraction"] = Metric(1.6e-4, 0.7e-4)
    surely.metrics["weight/hole_fraction"] = Metric(2.6e-4, 0.7e-4)
    choice = choose([by_chance, surely], settings, handbook)
    assert choice.chosen is not None
    assert choice.chosen.final_pixfrac == 0.5
    said = "hole fraction 0.000160 ± 0.000070 (limit ≤ 0.0001)"
    assert any(said in why for why in choice.reasons)
    (rejection,) = choice.rejected
    assert "hole fraction 0.00026 exceeds the limit 0.0001" in rejection.reason


def test_without_admissible_point_the_limits_and_the_nearest_miss_are_named(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    records = [
        point(0.06, 0.2, rms=0.9, holes=0.1),
        point(0.06, 0.4, rms=0.21),
        point(0.06, 0.6, rms=0.3),
    ]
    choice = choose(records, settings, handbook)
    assert choice.chosen is None
    assert "RMS/median ≤ 0.2 excludes 3" in choice.cannot_choose
    assert "hole fraction ≤ 0.0001 excludes 1" in choice.cannot_choose
    assert 'nearest miss is 0.06", pixfrac 0.4' in choice.cannot_choose


def test_a_point_with_other_weights_is_judged_by_its_exp_twin(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    records = [
        point(0.06, 0.5, 0.2, weights="IVM", rms=0.9),
        point(0.06, 0.5, 0.3, rms=0.1),
    ]
    choice = choose(records, settings, handbook)
    assert choice.chosen.final_wht_type == "IVM"
    assert any("EXP weights on the same grid" in reason for reason in choice.reasons)


def test_a_point_with_other_weights_and_no_exp_twin_is_inadmissible(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    records = [point(0.06, 0.5, 0.2, weights="ERR", rms=0.1), point(0.07, 0.5, 0.3)]
    choice = choose(records, settings, handbook)
    assert choice.chosen.final_scale_arcsec == 0.07
    assert "drizzle.final_wht_type=EXP,ERR" in choice.rejected[0].reason


def test_a_point_whose_record_does_not_say_its_scale_is_not_chosen(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    measured = point(0.05, 0.5, 0.15)
    unknown = replace(measured, settings=replace(measured.settings, final_scale_arcsec=None))
    choice = choose([unknown, point(0.06, 0.8, 0.2)], settings, handbook)
    assert choice.chosen.final_scale_arcsec == 0.06
    assert choice.rejected[0].reason == "its record has no value of final_scale_arcsec"
