"""What surrounds the rule: alternatives, the handbook, JSON, bad input."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hstdriz_study.choose import (
    RULES,
    HandbookPick,
    choice_to_json,
    choose,
    choose_all,
    handbook_pick,
)
from hstdriz_study.choose.edges import extension
from hstdriz_study.contracts import Metric, PointRecord
from hstdriz_study.errors import ChoiceError
from hstdriz_study.record import write_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hstdriz_study.choose.verdict import Verdict
    from hstdriz_study.config import ChooseConfig


@pytest.mark.parametrize(
    ("wavelength_nm", "psf_arcsec", "final_scale_arcsec"),
    [
        (595.6, 0.0624, 0.0312),
        (835.3, 0.0876, 0.0438),
        (1050.0, 0.110, 0.0550),
        (1250.0, 0.131, 0.0655),
        (1545.0, 0.162, 0.0810),
    ],
)
def test_handbook_pick_reproduces_the_published_table(
    wavelength_nm: float, psf_arcsec: float, final_scale_arcsec: float
) -> None:
    pick = handbook_pick(wavelength_nm, 0.12825)
    assert pick.psf_arcsec == pytest.approx(psf_arcsec, abs=6e-4)
    assert pick.final_scale_arcsec == pytest.approx(final_scale_arcsec, abs=3e-4)


def test_handbook_point_is_the_nearest_scale_with_pixfrac_above_the_scale_ratio(
    ir_grid: list[PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    near = choose(ir_grid, config, handbook).handbook_point
    assert (near.final_scale_arcsec, near.final_pixfrac) == (0.08, 0.8)


def test_handbook_rule_chooses_without_any_psf(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    records = [
        point(scale, pixfrac, without=("psf/fwhm_arcsec", "psf/pixels_per_fwhm"))
        for scale in (0.065, 0.08)
        for pixfrac in (0.4, 0.8)
    ]
    choice = choose(records, replace(config, rule="handbook"), handbook)
    assert (choice.chosen.final_scale_arcsec, choice.chosen.final_pixfrac) == (0.08, 0.8)


def test_handbook_rule_keeps_the_weight_limits(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    records = [point(0.08, 0.8, rms=0.5), point(0.065, 0.8, rms=0.1)]
    choice = choose(records, replace(config, rule="handbook"), handbook)
    assert choice.chosen.final_scale_arcsec == 0.065
    assert [limitation.limit for limitation in choice.limited_by] == ["max_rms_over_median"]


def test_alternatives_show_the_choice_under_each_limit(
    ir_grid: list[PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    alternatives = choose(ir_grid, config, handbook).alternatives
    taken = [
        (a.max_rms_over_median, a.point.final_scale_arcsec, a.point.final_pixfrac)
        for a in alternatives
    ]
    assert taken == [(0.15, 0.08, 0.6), (0.2, 0.08, 0.6), (0.25, 0.08, 0.4)]


def test_choice_as_json_is_strict_and_holds_the_settings_at_the_top(
    ir_grid: list[PointRecord], config: ChooseConfig, handbook: HandbookPick, tmp_path: Path
) -> None:
    content = choice_to_json(choose(ir_grid, config, handbook))
    write_json(tmp_path / "choice.json", content)
    back = json.loads((tmp_path / "choice.json").read_text())
    assert back == content
    assert (back["filter"], back["final_scale_arcsec"], back["final_pixfrac"]) == (
        "f160w",
        0.08,
        0.6,
    )
    assert back["metrics"]["psf/fwhm_arcsec"] == {"value": 0.201, "err": 1e-6, "unit": "arcsec"}
    assert "practically equal" in back["reason"]


def test_a_choice_that_was_not_made_has_null_settings_and_its_reason(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick, tmp_path: Path
) -> None:
    records = [point(0.06, 0.5, math.nan, metrics={"x": Metric(math.nan, math.nan)})]
    content = choice_to_json(choose(records, config, handbook))
    write_json(tmp_path / "choice.json", content)
    assert content["final_scale_arcsec"] is None
    assert "psf/fwhm_arcsec" in content["reason"]


def test_adding_a_rule_is_one_function_and_one_line(
    ir_grid: list[PointRecord],
    config: ChooseConfig,
    handbook: HandbookPick,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def last(records: list[PointRecord], config: ChooseConfig, handbook: HandbookPick) -> Verdict:
        return replace(RULES["default"](records, config, handbook), chosen=records[-1])

    monkeypatch.setitem(RULES, "last", last)
    choice = choose(ir_grid, replace(config, rule="last"), handbook)
    assert choice.chosen.key == ir_grid[-1].key


def test_filters_are_chosen_one_by_one(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    records = [point(0.06, 0.5), point(0.04, 0.5, filter="f814w", key="other")]
    choices = choose_all(records, config, {"f160w": handbook, "f814w": handbook})
    assert [choice.filter for choice in choices] == ["f160w", "f814w"]


def test_an_unknown_rule_names_the_key_and_the_rules(
    ir_grid: list[PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    with pytest.raises(
        ChoiceError, match=r"choose\.rule: .* 'best'; use one of .*default, .*handbook"
    ):
        choose(ir_grid, replace(config, rule="best"), handbook)


def test_records_that_cannot_be_chosen_from_are_refused_in_one_sentence(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    with pytest.raises(ChoiceError, match="there is no point"):
        choose([], config, handbook)
    with pytest.raises(ChoiceError, match=r"several filters \(f160w, f814w\)"):
        choose([point(0.1, 1.0), point(0.1, 1.0, filter="f814w")], config, handbook)
    with pytest.raises(ChoiceError, match="no setting final_scale_arcsec"):
        choose([point(0.1, 1.0, settings={})], config, handbook)
    with pytest.raises(ChoiceError, match="f160w: no handbook pick"):
        choose_all([point(0.1, 1.0)], config, {})


def test_a_point_that_was_swept_twice_counts_once(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    choice = choose([point(0.06, 1.0), point(0.06, 1.0)], config, handbook)
    assert choice.chosen is not None
    assert choice.rejected == ()


def test_a_choice_at_the_largest_pixfrac_below_one_is_offered_one(
    point: Callable[..., PointRecord],
) -> None:
    records = [point(scale, f) for scale in (0.06, 0.08, 0.1) for f in (0.4, 0.6, 0.8)]
    chosen = next(r for r in records if r.key.startswith("0.08-0.8"))
    assert extension(records, chosen)[2] == "drizzle.final_pixfrac=0.4,0.6,0.8,1.0"
    whole = [*records, point(0.08, 1.0)]
    assert extension(whole, whole[-1]) == ()
