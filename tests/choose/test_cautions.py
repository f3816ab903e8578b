"""What is warned of before a choice is trusted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.choose import (
    ChoiceSettings,
    HandbookPick,
    choose,
)
from hstdriz_study.contracts import Metric, PointRecord

if TYPE_CHECKING:
    from collections.abc import Callable


def two_points(point: Callable[..., PointRecord], second: np.ndarray) -> list[PointRecord]:
    """Return two points; the second is chosen in the resamples in which it is not wider."""
    return [
        point(0.06, 0.5, 0.20, fwhm_replicates=np.full(len(second), 0.20)),
        point(0.06, 1.0, 0.20, fwhm_replicates=second),
    ]


def test_few_stars_and_a_frail_choice_are_warned_of(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    records = two_points(point, np.where(np.arange(100) < 40, 0.22, 0.20))
    for record in records:
        record.metrics["psf/n_stars"] = Metric(6.0, 0.0)
    warnings = choose(records, replace(settings, paired_sigma=0.0), handbook).warnings
    assert any("rests on 6 stars, fewer than the 10 advised" in warning for warning in warnings)
    assert any("changes in 40 % of the resamples" in warning for warning in warnings)


def test_an_inner_choice_with_many_stars_carries_no_warning(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    widths = {0.05: 0.2, 0.06: 0.2, 0.07: 0.25}
    records = [
        point(scale, pixfrac, width if pixfrac < 1 else 0.3)
        for scale, width in widths.items()
        for pixfrac in (0.4, 0.6, 1.0)
    ]
    choice = choose(records, settings, handbook)
    assert (choice.chosen.final_scale_arcsec, choice.chosen.final_pixfrac) == (0.06, 0.6)
    assert choice.warnings == ()


def test_dithers_too_coarse_for_the_chosen_scale_are_warned_of(ir_grid, settings, handbook):
    def with_spacing(arcsec):
        found = {"exposures/sample_spacing_arcsec": Metric(arcsec, 0.001, "arcsec")}
        records = [replace(record, metrics=record.metrics | found) for record in ir_grid]
        choice = choose(records, settings, handbook)
        told = [w for w in choice.warnings if "too few dither positions" in w]
        return choice.chosen.final_scale_arcsec, told

    scale, told = with_spacing(1.49 * 0.08)
    assert scale == 0.08
    assert told == []
    _, (told,) = with_spacing(1.6 * 0.08)
    assert 'sample the sky every 0.128", 1.6 output pixels (limit 1.5' in told


def test_warnings_of_the_exposures_stand_with_the_choice(ir_grid, settings, handbook):
    records = [replace(record, warnings=("the exposures are misaligned",)) for record in ir_grid]
    assert choose(records, settings, handbook).warnings[0] == "the exposures are misaligned"


def test_a_psf_that_changes_more_over_the_field_than_between_points_is_told_with_both_numbers(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    def told(change: Metric) -> list[str]:
        records = [point(0.05, 0.6, 0.20), point(0.06, 0.6, 0.21), point(0.07, 0.6, 0.22)]
        for record in records:
            record.metrics["over_field/fwhm_change"] = change
        return [one for one in choose(records, settings, handbook).warnings if "over the" in one]

    (sentence,) = told(Metric(0.08, 0.01))
    assert "changes by 8 % ± 1 % over the field, more than the 5 % between" in sentence
    assert told(Metric(0.04, 0.01)) == []  # less than between the points
    assert told(Metric(0.08, 0.04)) == []  # not surely
