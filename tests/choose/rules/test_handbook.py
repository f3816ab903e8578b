"""The rule of thumb as a rule."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hstdriz_study.choose import (
    ChoiceSettings,
    HandbookPick,
    choose,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from hstdriz_study.contracts import PointRecord


def test_handbook_rule_chooses_without_any_psf(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    records = [
        point(scale, pixfrac, without=("psf/fwhm_arcsec", "psf/pixels_per_fwhm"))
        for scale in (0.065, 0.08)
        for pixfrac in (0.4, 0.8)
    ]
    choice = choose(records, replace(settings, rule="handbook"), handbook)
    assert (choice.chosen.final_scale_arcsec, choice.chosen.final_pixfrac) == (0.08, 0.8)


def test_handbook_rule_keeps_the_weight_limits(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    records = [point(0.08, 0.8, rms=0.5), point(0.065, 0.8, rms=0.1)]
    choice = choose(records, replace(settings, rule="handbook"), handbook)
    assert choice.chosen.final_scale_arcsec == 0.065
    assert [limitation.limit for limitation in choice.limited_by] == ["max_rms_over_median"]


def test_handbook_says_so_when_every_pixfrac_is_below_the_ratio_of_the_scales(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    below, beyond = (
        choose(
            [point(0.08, pixfrac) for pixfrac in pixfracs],
            replace(settings, rule="handbook"),
            handbook,
        )
        for pixfracs in ((0.2, 0.4), (0.4, 0.8))
    )
    assert (
        "the largest pixfrac, for all are below the ratio of the scales, 0.62" in below.reasons[0]
    )
    assert "the smallest pixfrac not below the ratio of the scales" in beyond.reasons[0]
