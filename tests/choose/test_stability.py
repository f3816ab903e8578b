"""How firmly a choice stands: resamples and grid phases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from hstdriz_study.choose import (
    ChoiceSettings,
    HandbookPick,
    choice_to_json,
    choose,
)
from hstdriz_study.choose.paired import RememberedSigma
from hstdriz_study.choose.words.firmness import stability_said
from hstdriz_study.contracts import Metric, PointRecord

if TYPE_CHECKING:
    from collections.abc import Callable

FWHM = "psf/fwhm_arcsec"


def two_points(point: Callable[..., PointRecord], second: np.ndarray) -> list[PointRecord]:
    """Return two points; the second is chosen in the resamples in which it is not wider."""
    return [
        point(0.06, 0.5, 0.20, fwhm_replicates=np.full(len(second), 0.20)),
        point(0.06, 1.0, 0.20, fwhm_replicates=second),
    ]


def test_probability_of_change_is_the_fraction_of_resamples_that_choose_otherwise(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    second = np.where(np.arange(100) < 25, 0.22, 0.20)
    records = two_points(point, second)
    stability = choose(records, replace(settings, paired_sigma=0.0), handbook).resampling
    assert (stability.n_tables, stability.n_same) == (100, 75)
    assert stability.changed == pytest.approx(0.25)
    assert [(v.point.final_pixfrac, v.fraction) for v in stability.votes] == [
        (1.0, 0.75),
        (0.5, 0.25),
    ]


@pytest.mark.parametrize("keys", ["xyz", "zyx"])
def test_rivals_with_as_many_votes_stand_in_the_order_of_their_settings_whatever_their_keys(
    keys: str, point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    turn = np.arange(90) % 6
    records = [
        point(scale, 0.5, 0.2, key=key, fwhm_replicates=np.where(np.isin(turn, best), 0.2, 0.3))
        for scale, key, best in zip((0.05, 0.06, 0.07), keys, ([0], [1], [2, 3, 4, 5]), strict=True)
    ]
    stability = choose(records, replace(settings, paired_sigma=0.0), handbook).resampling
    assert [v.point.final_scale_arcsec for v in stability.votes] == [0.07, 0.05, 0.06]
    assert stability.rival.point.final_scale_arcsec == 0.05


def test_each_source_of_scatter_is_told_apart(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    # of 200, so that every fourth one has the same shares
    records = two_points(point, np.where(np.arange(200) < 20, 0.22, 0.20))
    records[1].metrics["weight/rms_over_median"] = Metric(
        0.19, 0.01, "", np.where(np.arange(200) < 80, 0.21, 0.19)
    )
    stability = choose(records, replace(settings, paired_sigma=0.0), handbook).resampling
    causes = {cause.source: cause.changed for cause in stability.causes}
    assert causes == {"stars": pytest.approx(0.1), "weight boxes": pytest.approx(0.4)}
    assert stability.changed == pytest.approx(0.4)
    assert "the stars in 10 %, the weight boxes in 40 %" in stability_said(stability)


def test_resamples_in_which_nothing_is_admissible_count_as_changed(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    record = point(0.06, 0.5)
    record.metrics["weight/rms_over_median"] = Metric(
        0.19, 0.01, "", np.array([0.19, 0.18, 0.21, np.nan])
    )
    stability = choose([record], settings, handbook).resampling
    assert stability.undecided == stability.changed == pytest.approx(0.5)


def test_without_replicates_the_probability_is_not_known(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    choice = choose([point(0.06, 0.5), point(0.06, 1.0)], settings, handbook)
    assert choice.resampling is None
    assert choice.grid_phases is None


def test_a_choice_far_from_its_rivals_never_changes(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    rng = np.random.default_rng(5)
    records = [
        point(0.06, 0.5, 0.20, fwhm_replicates=rng.normal(0.20, 0.001, 100)),
        point(0.06, 1.0, 0.25, fwhm_replicates=rng.normal(0.25, 0.001, 100)),
    ]
    choice = choose(records, settings, handbook)
    assert choice.resampling.changed == 0.0
    assert choice.margin.n_sigma > 20


def test_a_choice_that_flips_with_the_grid_phase_is_counted_and_warned_of(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    records = [point(0.06, 0.5, 0.2), point(0.06, 1.0, 0.2)]
    records[1].metrics[FWHM] = Metric(0.2, 1e-6, phases=np.array([0.2, 0.2, 0.23, 0.2]))
    choice = choose(records, settings, handbook)
    assert (choice.grid_phases.n_tables, choice.grid_phases.n_same) == (4, 3)
    assert any("3 of 4 sub-pixel phases" in warning for warning in choice.warnings)
    assert choice_to_json(choice)["grid_phases"]["n_same"] == 3


def test_the_error_of_a_difference_is_remembered_for_as_long_as_its_arrays_live() -> None:
    rng = np.random.default_rng(3)
    first, second = (Metric(0.2, 0.1, "", rng.normal(size=50)) for _ in range(2))
    sigma = RememberedSigma()
    expected = np.std(first.replicates - second.replicates, ddof=1)
    assert sigma(first, second) == pytest.approx(expected, rel=1e-12)
    first.replicates[:] = 0.0  # nobody writes to them; here, to see that they are not read again
    assert sigma(first, second) == pytest.approx(expected, rel=1e-12)
    assert RememberedSigma()(first, second) != pytest.approx(expected, rel=1e-3)
    third = Metric(0.2, 0.1, "", rng.normal(size=50))
    assert sigma(third, second) == pytest.approx(
        np.std(third.replicates - second.replicates, ddof=1), rel=1e-12
    )
