"""The default rule on tables whose answer is known."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from omegaconf import OmegaConf

from hstdriz_study.choose import (
    ChoiceSettings,
    HandbookPick,
    choose,
    handbook_pick,
)
from hstdriz_study.conf_files import conf_directory
from hstdriz_study.contracts import DrizzleSettings, Metric, PointRecord

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

SHIPPED = ChoiceSettings(
    **OmegaConf.to_container(OmegaConf.load(conf_directory() / "choose" / "default.yaml"))
)
PICK = handbook_pick(wavelength_nm=1545.0, native_scale_arcsec=0.12825)
_values = st.floats(0.05, 0.5)


@st.composite
def _records(draw: st.DrawFn) -> list[PointRecord]:
    scales = draw(st.lists(st.sampled_from([0.04, 0.06, 0.08, 0.1]), min_size=1, unique=True))
    pixfracs = draw(st.lists(st.sampled_from([0.2, 0.5, 0.8, 1.0]), min_size=1, unique=True))
    records = []
    for scale in scales:
        for pixfrac in pixfracs:
            fwhm = draw(_values)
            metrics = {
                "psf/fwhm_arcsec": Metric(fwhm, draw(st.floats(0.0, 0.01)), "arcsec"),
                "psf/pixels_per_fwhm": Metric(fwhm / scale, 0.0, "pix"),
                "weight/rms_over_median": Metric(draw(st.one_of(_values, st.just(math.nan))), 0.0),
                "weight/hole_fraction": Metric(draw(st.sampled_from([0.0, 1e-5, 1e-2])), 0.0),
                "noise/depth_abmag": Metric(draw(st.floats(25.0, 26.0)), 0.01, "mag(AB)"),
            }
            settings = DrizzleSettings(scale, pixfrac, "square", "EXP", None, None, None)
            key = f"{scale}-{pixfrac}"
            records.append(PointRecord(key, "FINISHED", "f160w", settings, metrics))
    return records


def _is_admissible(record: PointRecord) -> bool:
    metrics = {name: metric.value for name, metric in record.metrics.items()}
    return (
        metrics["weight/rms_over_median"] <= 0.2
        and metrics["weight/hole_fraction"] <= 1e-4
        and metrics["psf/pixels_per_fwhm"] >= 2.0
    )


def test_measured_grid_gives_the_coarser_of_two_practically_equal_points(
    ir_grid: list[PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    choice = choose(ir_grid, settings, handbook)
    assert (choice.chosen.final_scale_arcsec, choice.chosen.final_pixfrac) == (0.08, 0.6)
    assert (choice.sharpest.final_scale_arcsec, choice.sharpest.final_pixfrac) == (0.065, 0.6)
    assert choice.cannot_choose is None
    assert len(choice.rejected) == len(ir_grid) - 1


def test_of_equal_widths_the_smoothest_weights_for_the_fewest_pixels_win(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    records = [
        point(0.09, 0.5, 0.200, rms=0.18),
        point(0.05, 0.8, 0.200, rms=0.04),
        point(0.07, 0.6, 0.201, rms=0.06),
        point(0.06, 1.0, 0.199, rms=0.05),
    ]
    chosen = choose(records, settings, handbook).chosen
    assert (chosen.final_scale_arcsec, chosen.final_pixfrac) == (0.07, 0.6)


def test_a_point_that_is_alone_is_said_to_be_alone_for_what_it_is(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    others = {
        "the only point that was measured": (),
        "the only admissible point": (point(0.06, 1.0, 0.2, rms=0.5),),
        "the only admissible point that no other beats": (point(0.06, 1.0, 0.3, rms=0.06),),
    }
    for said, more in others.items():
        choice = choose([point(0.06, 0.6, 0.2, rms=0.05), *more], settings, handbook)
        assert choice.short_reason == said
        assert choice.reasons[0].startswith(f"It is {said}; its FWHM is 0.2")


def test_a_point_just_outside_the_tolerance_is_wider(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    records = [point(0.06, 0.5, 0.2), point(0.06, 1.0, 0.2 * 1.0201)]
    choice = choose(records, settings, handbook)
    assert choice.chosen.final_pixfrac == 0.5
    assert choice.rejected[0].stage == "wider"


def test_a_large_paired_sigma_widens_the_tolerance(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    rng = np.random.default_rng(1)
    common = rng.normal(0.0, 0.01, 200)
    noisy = [
        point(0.06, 0.5, 0.2, fwhm_replicates=0.2 + common),
        point(0.06, 1.0, 0.21, rms=0.04, fwhm_replicates=0.21 + rng.normal(0.0, 0.01, 200)),
    ]
    choice = choose(noisy, settings, handbook)
    assert choice.chosen.final_pixfrac == 1.0
    assert choice.fwhm_tolerance_arcsec.source == "paired sigma"
    assert choice.fwhm_tolerance_arcsec.value == pytest.approx(2 * 0.01 * math.sqrt(2), rel=0.2)


def test_scatter_that_two_points_share_does_not_widen_the_tolerance(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    common = np.random.default_rng(1).normal(0.0, 0.05, 200)
    records = [
        point(0.06, 0.5, 0.2, fwhm_err=0.05, fwhm_replicates=0.2 + common),
        point(0.06, 1.0, 0.21, fwhm_err=0.05, fwhm_replicates=0.21 + common),
    ]
    assert choose(records, settings, handbook).chosen.final_pixfrac == 0.5


def test_depth_rejects_a_point_that_is_really_shallower(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    records = [point(0.06, 0.5, depth=26.0), point(0.06, 1.0, depth=25.9)]
    choice = choose(records, settings, handbook)
    assert choice.chosen.final_pixfrac == 0.5
    assert choice.rejected[0].stage == "shallower"


def test_depth_within_its_scatter_rejects_nothing(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    rng = np.random.default_rng(2)
    records = [
        point(0.06, 0.5, depth=26.0, depth_replicates=26.0 + rng.normal(0, 0.05, 200)),
        point(0.06, 1.0, rms=0.04, depth=25.9, depth_replicates=25.9 + rng.normal(0, 0.05, 200)),
    ]
    assert choose(records, settings, handbook).chosen.final_pixfrac == 1.0


def test_depth_of_a_wider_point_does_not_count(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    records = [point(0.06, 0.5, 0.2, depth=26.0), point(0.06, 1.0, 0.3, depth=28.0)]
    assert choose(records, settings, handbook).chosen.final_pixfrac == 0.5


@pytest.mark.parametrize("depth", [None, math.nan])
def test_a_missing_depth_does_not_reject(
    point: Callable[..., PointRecord],
    settings: ChoiceSettings,
    handbook: HandbookPick,
    depth: float | None,
) -> None:
    records = [point(0.06, 0.5, depth=26.0), point(0.06, 1.0, rms=0.04, depth=depth)]
    assert choose(records, settings, handbook).chosen.final_pixfrac == 1.0


def test_without_psf_metrics_the_rule_says_that_it_cannot_choose(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    records = [
        point(0.06, 0.5, without=("psf/fwhm_arcsec",), warnings=("only 3 stars, 5 needed",)),
        point(0.06, 0.8, without=("psf/fwhm_arcsec",)),
    ]
    choice = choose(records, settings, handbook)
    assert choice.chosen is None
    assert "psf/fwhm_arcsec" in choice.cannot_choose
    assert "only 3 stars" in choice.cannot_choose


@given(_records())
def test_the_chosen_point_is_admissible_and_none_is_sharper_beyond_the_tolerance(
    records: list[PointRecord],
) -> None:
    choice = choose(records, SHIPPED, PICK)
    admissible = [record for record in records if _is_admissible(record)]
    assert (choice.chosen is None) == (not admissible)
    if choice.chosen is None:
        return
    assert choice.chosen.key in {record.key for record in admissible}
    width = choice.chosen.metrics["psf/fwhm_arcsec"]
    for record in admissible:
        other = record.metrics["psf/fwhm_arcsec"]
        allowed = max(0.02 * other.value, 2 * math.hypot(width.err, other.err))
        assert width.value - other.value <= allowed + 1e-12


@given(_records(), st.randoms(use_true_random=False))
def test_the_order_of_the_points_does_not_matter(
    records: list[PointRecord], random: Random
) -> None:
    shuffled = list(records)
    random.shuffle(shuffled)
    first, second = choose(records, SHIPPED, PICK), choose(shuffled, SHIPPED, PICK)
    assert first.chosen == second.chosen
    assert first.reasons == second.reasons
    assert first.cannot_choose == second.cannot_choose
    assert first.alternatives == second.alternatives
    assert {r.point.key: r.reason for r in first.rejected} == {
        r.point.key: r.reason for r in second.rejected
    }


@given(_records())
def test_every_other_point_has_a_reason(records: list[PointRecord]) -> None:
    choice = choose(records, SHIPPED, PICK)
    told = {rejection.point.key for rejection in choice.rejected}
    chosen = set() if choice.chosen is None else {choice.chosen.key}
    assert told | chosen == {record.key for record in records}
    assert not told & chosen
    assert all(rejection.reason for rejection in choice.rejected)
