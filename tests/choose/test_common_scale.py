"""One scale for all filters and its price."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from hstdriz_study.choose import choice_to_json, choose_all, choose_common_scale, handbook_pick
from hstdriz_study.errors import ChoiceError
from hstdriz_study.json_files import write_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hstdriz_study.choose import ChoiceSettings
    from hstdriz_study.contracts import Metric, PointRecord

PICKS = {"f606w": handbook_pick(595.6, 0.05), "f160w": handbook_pick(1545.0, 0.12825)}


WIDTHS = {
    "f606w": {0.03: 0.080, 0.04: 0.084, 0.06: 0.125, 0.08: 0.170},
    "f160w": {0.03: 0.180, 0.04: 0.180, 0.06: 0.181, 0.08: 0.182},
}


@pytest.fixture
def two_filters(point: Callable[..., PointRecord]) -> list[PointRecord]:
    """A blue filter that needs small pixels and a red one that does not, on the same scales.

    The scatter common to all points of a filter is ten times that of each point alone.
    """
    rng = np.random.default_rng(11)
    records = []
    for name, widths in WIDTHS.items():
        common = rng.normal(0.0, 0.01, 500)
        for scale, width in widths.items():
            for pixfrac, growth in ((0.6, 1.0), (0.8, 1.03)):
                fwhm = width * growth
                scatter = common + rng.normal(0.0, 0.001, 500)
                records.append(
                    point(
                        scale,
                        pixfrac,
                        fwhm,
                        fwhm_replicates=fwhm * (1 + scatter),
                        filter=name,
                        key=f"{name}-{scale}-{pixfrac}",
                    )
                )
    return records


def test_the_common_scale_is_swept_in_all_filters_and_the_bluest_decides(
    two_filters: list[PointRecord], settings: ChoiceSettings
) -> None:
    common = choose_common_scale(two_filters, settings, PICKS)
    alone = {c.filter: c.chosen for c in choose_all(two_filters, settings, PICKS)}
    assert alone["f606w"].final_scale_arcsec == common.final_scale_arcsec == 0.03
    assert alone["f160w"].final_scale_arcsec == 0.08
    assert (common.runner_up_arcsec, common.margin.difference) == (0.04, pytest.approx(0.05))
    assert [price.filter for price in common.prices] == ["f606w", "f160w"]
    assert {r.final_scale_arcsec for r in common.rejected} == {0.03, 0.04, 0.06, 0.08} - {
        common.final_scale_arcsec
    }
    assert all(r.reason for r in common.rejected)


def test_the_price_is_zero_where_a_filter_keeps_its_own_point_and_has_paired_errors_elsewhere(
    two_filters: list[PointRecord], settings: ChoiceSettings
) -> None:
    blue, red = choose_common_scale(two_filters, settings, PICKS).prices
    assert blue.point == blue.own
    assert (blue.fwhm_growth.value, blue.fwhm_growth.err) == (0.0, 0.0)
    widths = [p.metrics["psf/fwhm_arcsec"] for p in (red.point, red.own)]
    assert red.fwhm_growth.value == pytest.approx(widths[0].value / widths[1].value - 1)
    # the scatter in common, ten times larger, cancels
    assert red.fwhm_growth.err == pytest.approx(0.001 * math.sqrt(2), rel=0.15)
    assert red.depth_loss_mag.value == 0.0


def test_the_recipe_is_priced_where_it_was_swept(
    two_filters: list[PointRecord], settings: ChoiceSettings
) -> None:
    recipe = choose_common_scale(two_filters, settings, PICKS).recipe
    assert {p.point.final_scale_arcsec for p in recipe} == {0.03}
    assert {p.point.final_pixfrac for p in recipe} == {0.6}
    without = [r for r in two_filters if r.settings.final_scale_arcsec != 0.03]
    assert choose_common_scale(without, settings, PICKS).recipe == ()


def test_integer_ratios_let_the_red_filter_keep_coarser_pixels_that_nest(
    two_filters: list[PointRecord], settings: ChoiceSettings
) -> None:
    common = choose_common_scale(two_filters, replace(settings, integer_ratio=True), PICKS)
    for price in common.prices:
        ratio = price.point.final_scale_arcsec / common.final_scale_arcsec
        assert ratio == pytest.approx(round(ratio))
    scales = {price.filter: price.point.final_scale_arcsec for price in common.prices}
    assert scales == {"f606w": 0.03, "f160w": 0.06}


def test_filters_without_a_scale_in_common_are_told_and_keep_their_own_with_a_warning(
    model_grid: Callable[..., Any], settings: ChoiceSettings
) -> None:
    records = [
        *model_grid(filter_name="f606w", psf_arcsec=0.085, native_arcsec=0.05, scales=(0.03, 0.04)),
        *model_grid(scales=(0.05, 0.065)),
    ]
    common = choose_common_scale(records, settings, PICKS)
    assert common.final_scale_arcsec is None
    assert "No final_scale is swept in every filter" in common.cannot_choose
    assert common.rejected == ()
    choices = choose_all(records, replace(settings, common_scale=True), PICKS)
    assert all(choice.chosen is not None for choice in choices)
    assert all("No scale common to all filters" in choice.warnings[0] for choice in choices)


def test_with_common_scale_every_choice_is_at_it_and_every_other_point_has_a_reason(
    two_filters: list[PointRecord], settings: ChoiceSettings, tmp_path: Path
) -> None:
    choices = choose_all(two_filters, replace(settings, common_scale=True), PICKS)
    assert len({choice.chosen.final_scale_arcsec for choice in choices}) == 1
    for choice in choices:
        assert choice.common.point.key == choice.chosen.key
        assert len(choice.rejected) == 7
        assert all(rejection.reason for rejection in choice.rejected)
        content = choice_to_json(choice)
        write_json(tmp_path / "choice.json", content)
        back = json.loads((tmp_path / "choice.json").read_text())
        assert "replicates" not in json.dumps(back)
        assert back["common"]["fwhm_growth"]["value"] == choice.common.fwhm_growth.value


def test_points_at_other_scales_are_rejected_as_such(
    two_filters: list[PointRecord], settings: ChoiceSettings
) -> None:
    red = choose_all(two_filters, replace(settings, common_scale=True), PICKS)[1]
    assert (red.chosen.final_scale_arcsec, red.chosen.final_pixfrac) == (0.03, 0.6)
    assert sum(rejection.stage == "other scale" for rejection in red.rejected) == 6


def test_a_filter_that_cannot_choose_alone_has_no_common_scale(
    two_filters: list[PointRecord], settings: ChoiceSettings
) -> None:
    strict = replace(settings, min_pixels_per_fwhm=4.0)
    common = choose_common_scale(two_filters, strict, PICKS)
    assert common.final_scale_arcsec is None
    assert "f606w cannot choose by itself" in common.cannot_choose


def _copied(metric: Metric) -> Metric:
    """Return an equal metric with an array of its own, as a second record has."""
    return replace(metric, replicates=None if metric.replicates is None else +metric.replicates)


def test_a_point_that_was_swept_twice_changes_nothing(
    two_filters: list[PointRecord], settings: ChoiceSettings
) -> None:
    again = [
        replace(record, metrics={name: _copied(one) for name, one in record.metrics.items()})
        for record in two_filters
    ]
    once, twice = (
        choose_common_scale(records, settings, PICKS)
        for records in (two_filters, [*two_filters, *again])
    )
    assert twice.final_scale_arcsec == once.final_scale_arcsec
    assert [p.point.key for p in twice.prices] == [p.point.key for p in once.prices]


@pytest.fixture
def swept(point: Callable[..., PointRecord]) -> Callable[..., list[PointRecord]]:
    """Make points of one pixfrac: scale to FWHM; those of ``uneven`` break a limit."""

    def make(name: str, widths: dict[float, float], uneven: tuple[float, ...] = ()) -> Any:
        return [
            point(
                scale,
                0.6,
                width,
                rms=0.5 if scale in uneven else 0.05,
                filter=name,
                key=f"{name}-{scale}",
            )
            for scale, width in widths.items()
        ]

    return make


def test_scales_that_no_two_filters_can_take_are_told_one_by_one(
    swept: Callable[..., list[PointRecord]], settings: ChoiceSettings
) -> None:
    records = [
        *swept("f606w", {0.03: 0.08, 0.04: 0.09}, uneven=(0.04,)),
        *swept("f160w", {0.03: 0.18, 0.04: 0.18}, uneven=(0.03,)),
    ]
    common = choose_common_scale(records, settings, PICKS)
    assert common.final_scale_arcsec is None
    assert common.cannot_choose.startswith(
        'No scale serves all filters (0.03": f160w cannot choose'
    )
    assert [r.final_scale_arcsec for r in common.rejected] == [0.03, 0.04]
    assert "f606w cannot choose there: No admissible point" in common.rejected[1].reason


def test_a_scale_that_one_filter_was_not_swept_at_is_not_common(
    swept: Callable[..., list[PointRecord]], settings: ChoiceSettings
) -> None:
    records = [*swept("f606w", {0.03: 0.08, 0.035: 0.08}), *swept("f160w", {0.03: 0.18})]
    common = choose_common_scale(records, settings, PICKS)
    assert common.final_scale_arcsec == 0.03
    assert [r.reason for r in common.rejected] == ["f160w was not swept there"]
    assert (common.runner_up_arcsec, common.margin) == (None, None)


def test_of_practically_equal_prices_the_coarsest_scale_is_taken_and_the_finer_told_so(
    swept: Callable[..., list[PointRecord]], settings: ChoiceSettings
) -> None:
    records = [
        *swept("f606w", {0.03: 0.0800, 0.04: 0.0801}),
        *swept("f160w", {0.03: 0.1801, 0.04: 0.1800}),
    ]
    common = choose_common_scale(records, settings, PICKS)
    assert common.final_scale_arcsec == 0.04
    assert common.reasons[0] == 'At 0.04" no filter has a larger FWHM than alone.'
    (finer,) = common.rejected
    assert finer.reason.endswith("practically equal, but the scale is finer")


def test_without_a_width_the_price_of_a_scale_is_not_known(
    swept: Callable[..., list[PointRecord]], settings: ChoiceSettings
) -> None:
    records = [*swept("f606w", {0.03: 0.08}), *swept("f160w", {0.03: math.nan})]
    common = choose_common_scale(records, replace(settings, rule="handbook"), PICKS)
    assert "the FWHM of f160w was not measured" in common.cannot_choose


def test_a_filter_keeps_the_point_it_takes_alone_though_others_are_equal_at_the_scale(
    point: Callable[..., PointRecord],
    swept: Callable[..., list[PointRecord]],
    settings: ChoiceSettings,
) -> None:
    # at 0.06" alone pixfrac 1 is practically as sharp; beside the sharpest point it is not
    red = [
        point(scale, pixfrac, width, filter="f160w", key=f"f160w-{scale}-{pixfrac}")
        for scale, pixfrac, width in (
            (0.03, 0.4, 0.190),
            (0.06, 0.6, 0.1935),
            (0.06, 1.0, 0.1955),
        )
    ]
    records = [*swept("f606w", {0.06: 0.125}), *red]
    choices = choose_all(records, replace(settings, common_scale=True), PICKS)
    chosen = choices[1].chosen
    assert (chosen.final_scale_arcsec, chosen.final_pixfrac) == (0.06, 0.6)
    assert choices[1].common.point == choices[1].common.own


def test_points_of_no_filter_or_of_one_without_a_wavelength_are_refused(
    swept: Callable[..., list[PointRecord]], settings: ChoiceSettings
) -> None:
    with pytest.raises(ChoiceError, match="there is no point"):
        choose_common_scale([], settings, PICKS)
    with pytest.raises(ChoiceError, match="f999w: no handbook pick is given"):
        choose_common_scale(swept("f999w", {0.03: 0.1}), settings, PICKS)


def test_the_filter_that_pays_most_is_named_with_its_price(
    swept: Callable[..., list[PointRecord]], settings: ChoiceSettings
) -> None:
    records = [
        *swept("f606w", {0.03: 0.080, 0.04: 0.084}),
        *swept("f160w", {0.04: 0.18, 0.05: 0.18}),
    ]
    common = choose_common_scale(records, settings, PICKS)
    assert common.final_scale_arcsec == 0.04
    assert common.reasons[0] == (
        'At 0.04" the filter that pays most is f606w: its FWHM is 5 % larger than alone.'
    )
