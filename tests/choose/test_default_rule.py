"""The default rule on tables whose answer is known."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hstdriz_study.choose import HandbookPick, choose, handbook_pick
from hstdriz_study.config import ChooseConfig
from hstdriz_study.contracts import Metric, PointRecord

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

CONFIG = ChooseConfig(rule="default", rms_over_median_shown=[0.15, 0.2, 0.25])
PICK = handbook_pick(wavelength_nm=1545.0, native_scale_arcsec=0.12825)


def test_measured_grid_gives_the_coarser_of_two_practically_equal_points(
    ir_grid: list[PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    choice = choose(ir_grid, config, handbook)
    assert (choice.chosen.final_scale_arcsec, choice.chosen.final_pixfrac) == (0.08, 0.6)
    assert (choice.sharpest.final_scale_arcsec, choice.sharpest.final_pixfrac) == (0.065, 0.6)
    assert choice.cannot_choose is None
    assert len(choice.rejected) == len(ir_grid) - 1


def test_of_equal_widths_the_largest_pixfrac_wins_before_the_coarsest_scale(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    records = [
        point(0.09, 0.5, 0.200),
        point(0.05, 0.8, 0.200),
        point(0.07, 0.8, 0.201),
        point(0.06, 0.8, 0.199),
    ]
    chosen = choose(records, config, handbook).chosen
    assert (chosen.final_scale_arcsec, chosen.final_pixfrac) == (0.07, 0.8)


def test_a_point_just_outside_the_tolerance_is_wider(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    records = [point(0.06, 0.5, 0.2), point(0.06, 1.0, 0.2 * 1.0201)]
    choice = choose(records, config, handbook)
    assert choice.chosen.final_pixfrac == 0.5
    assert choice.rejected[0].stage == "wider"


def test_a_large_paired_sigma_widens_the_tolerance(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    rng = np.random.default_rng(1)
    common = rng.normal(0.0, 0.01, 200)
    noisy = [
        point(0.06, 0.5, 0.2, fwhm_replicates=0.2 + common),
        point(0.06, 1.0, 0.21, fwhm_replicates=0.21 + rng.normal(0.0, 0.01, 200)),
    ]
    choice = choose(noisy, config, handbook)
    assert choice.chosen.final_pixfrac == 1.0
    assert choice.fwhm_tolerance_arcsec.source == "paired sigma"
    assert choice.fwhm_tolerance_arcsec.value == pytest.approx(2 * 0.01 * math.sqrt(2), rel=0.2)


def test_scatter_that_two_points_share_does_not_widen_the_tolerance(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    common = np.random.default_rng(1).normal(0.0, 0.05, 200)
    records = [
        point(0.06, 0.5, 0.2, fwhm_err=0.05, fwhm_replicates=0.2 + common),
        point(0.06, 1.0, 0.21, fwhm_err=0.05, fwhm_replicates=0.21 + common),
    ]
    assert choose(records, config, handbook).chosen.final_pixfrac == 0.5


def test_depth_rejects_a_point_that_is_really_shallower(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    records = [point(0.06, 0.5, depth=26.0), point(0.06, 1.0, depth=25.9)]
    choice = choose(records, config, handbook)
    assert choice.chosen.final_pixfrac == 0.5
    assert choice.rejected[0].stage == "shallower"


def test_depth_within_its_scatter_rejects_nothing(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    rng = np.random.default_rng(2)
    records = [
        point(0.06, 0.5, depth=26.0, depth_replicates=26.0 + rng.normal(0, 0.05, 200)),
        point(0.06, 1.0, depth=25.9, depth_replicates=25.9 + rng.normal(0, 0.05, 200)),
    ]
    assert choose(records, config, handbook).chosen.final_pixfrac == 1.0


def test_depth_of_a_wider_point_does_not_count(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    records = [point(0.06, 0.5, 0.2, depth=26.0), point(0.06, 1.0, 0.3, depth=28.0)]
    assert choose(records, config, handbook).chosen.final_pixfrac == 0.5


@pytest.mark.parametrize("depth", [None, math.nan])
def test_a_missing_depth_does_not_reject(
    point: Callable[..., PointRecord],
    config: ChooseConfig,
    handbook: HandbookPick,
    depth: float | None,
) -> None:
    records = [point(0.06, 0.5, depth=26.0), point(0.06, 1.0, depth=depth)]
    assert choose(records, config, handbook).chosen.final_pixfrac == 1.0


def test_without_psf_metrics_the_rule_says_that_it_cannot_choose(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    records = [
        point(0.06, 0.5, without=("psf/fwhm_arcsec",), warnings=("only 3 stars, 5 needed",)),
        point(0.06, 0.8, without=("psf/fwhm_arcsec",)),
    ]
    choice = choose(records, config, handbook)
    assert choice.chosen is None
    assert "psf/fwhm_arcsec" in choice.cannot_choose
    assert "only 3 stars" in choice.cannot_choose


def test_failed_and_skipped_points_are_rejected_with_their_reason(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    records = [
        point(0.06, 0.5),
        point(0.06, 0.2, status="FAILED", error="no space left", metrics={}),
        point(0.06, 0.3, status="SKIPPED", metrics={}),
    ]
    stages = [(r.stage, r.reason) for r in choose(records, config, handbook).rejected]
    assert stages[0] == ("failed", "failed: no space left")
    assert stages[1][0] == "not run"


def test_when_every_point_failed_there_is_a_choice_without_settings(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    records = [point(0.06, 0.2, status="FAILED", error="x", metrics={})]
    assert "every point failed" in choose(records, config, handbook).cannot_choose


def test_a_choice_on_the_edge_of_the_grid_says_so(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    records = [point(0.05, 0.4, 0.18), point(0.05, 0.8, 0.22), point(0.07, 0.4, 0.21)]
    edges = " ".join(choose(records, config, handbook).grid_edges)
    assert "finest scale swept" in edges
    assert "smallest pixfrac swept" in edges


def test_pixfrac_one_is_no_edge(
    point: Callable[..., PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> None:
    records = [point(s, p) for s in (0.05, 0.06, 0.07) for p in (0.5, 1.0)]
    edges = " ".join(choose(records, config, handbook).grid_edges)
    assert "largest pixfrac" not in edges


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
            settings = {
                "final_scale_arcsec": scale,
                "final_pixfrac": pixfrac,
                "final_kernel": "square",
                "final_wht_type": "EXP",
            }
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


@given(_records())
def test_the_chosen_point_is_admissible_and_none_is_sharper_beyond_the_tolerance(
    records: list[PointRecord],
) -> None:
    choice = choose(records, CONFIG, PICK)
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
    first, second = choose(records, CONFIG, PICK), choose(shuffled, CONFIG, PICK)
    assert first.chosen == second.chosen
    assert first.reasons == second.reasons
    assert first.cannot_choose == second.cannot_choose
    assert first.alternatives == second.alternatives
    assert {r.point.key: r.reason for r in first.rejected} == {
        r.point.key: r.reason for r in second.rejected
    }


@given(_records())
def test_every_other_point_has_a_reason(records: list[PointRecord]) -> None:
    choice = choose(records, CONFIG, PICK)
    told = {rejection.point.key for rejection in choice.rejected}
    chosen = set() if choice.chosen is None else {choice.chosen.key}
    assert told | chosen == {record.key for record in records}
    assert not told & chosen
    assert all(rejection.reason for rejection in choice.rejected)
