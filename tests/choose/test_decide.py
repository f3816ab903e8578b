"""What surrounds the rule: alternatives, filters, points without a result, bad input."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hstdriz_study.choose import (
    ChoiceSettings,
    HandbookPick,
    choose,
    choose_all,
)
from hstdriz_study.errors import ChoiceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hstdriz_study.contracts import PointRecord


def test_alternatives_show_the_choice_under_each_limit(
    ir_grid: list[PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    alternatives = choose(ir_grid, settings, handbook).alternatives
    taken = [
        (a.max_rms_over_median, a.point.final_scale_arcsec, a.point.final_pixfrac)
        for a in alternatives
    ]
    assert taken == [(0.15, 0.08, 0.6), (0.2, 0.08, 0.6), (0.25, 0.08, 0.4)]


def test_filters_are_chosen_one_by_one(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    records = [point(0.06, 0.5), point(0.04, 0.5, filter="f814w", key="other")]
    choices = choose_all(records, settings, {"f160w": handbook, "f814w": handbook})
    assert [choice.filter for choice in choices] == ["f160w", "f814w"]


def test_an_unknown_rule_names_the_key_and_the_rules(
    ir_grid: list[PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    with pytest.raises(
        ChoiceError, match=r"choose\.rule: .* 'best'; use one of .*default, .*handbook"
    ):
        choose(ir_grid, replace(settings, rule="best"), handbook)


def test_records_that_cannot_be_chosen_from_are_refused_in_one_sentence(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    with pytest.raises(ChoiceError, match="there is no point"):
        choose([], settings, handbook)
    with pytest.raises(ChoiceError, match=r"several filters \(f160w, f814w\)"):
        choose([point(0.1, 1.0), point(0.1, 1.0, filter="f814w")], settings, handbook)
    with pytest.raises(ChoiceError, match="f160w: no handbook pick"):
        choose_all([point(0.1, 1.0)], settings, {})


def test_a_point_that_was_swept_twice_counts_once(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    choice = choose([point(0.06, 1.0), point(0.06, 1.0)], settings, handbook)
    assert choice.chosen is not None
    assert choice.rejected == ()


def test_failed_and_skipped_points_are_rejected_with_their_reason(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    records = [
        point(0.06, 0.5),
        point(0.06, 0.2, status="FAILED", error="no space left", metrics={}),
        point(0.06, 0.3, status="SKIPPED", metrics={}),
    ]
    stages = [(r.stage, r.reason) for r in choose(records, settings, handbook).rejected]
    assert stages[0] == ("failed", "failed: no space left")
    assert stages[1][0] == "not run"


def test_when_every_point_failed_there_is_a_choice_without_settings(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    records = [point(0.06, 0.2, status="FAILED", error="x", metrics={})]
    assert "every point failed" in choose(records, settings, handbook).cannot_choose
