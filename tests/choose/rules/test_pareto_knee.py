"""The knee of the trade-off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.choose import (
    ChoiceSettings,
    HandbookPick,
    choose,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from hstdriz_study.contracts import PointRecord

    RuleMaker = Callable[..., ChoiceSettings]


def test_knee_is_the_middle_of_a_bent_front_and_dominated_points_are_named(
    point: Callable[..., PointRecord], with_rule: RuleMaker, handbook: HandbookPick
) -> None:
    records = [
        point(0.06, 0.2, 0.180, depth=26.00, rms=0.19),
        point(0.06, 0.6, 0.185, depth=26.18, rms=0.06),
        point(0.06, 1.0, 0.220, depth=26.20, rms=0.05),
        point(0.07, 0.6, 0.190, depth=26.10, rms=0.07),
    ]
    choice = choose(records, with_rule("pareto_knee"), handbook)
    assert (choice.chosen.final_scale_arcsec, choice.chosen.final_pixfrac) == (0.06, 0.6)
    stages = {(r.point.final_scale_arcsec, r.point.final_pixfrac): r for r in choice.rejected}
    assert stages[0.07, 0.6].stage == "dominated"
    assert stages[0.07, 0.6].reason == (
        '0.06", pixfrac 0.6 is not worse in FWHM, 5-sigma depth and RMS/median, and better in '
        "FWHM, 5-sigma depth and RMS/median"
    )


def test_a_metric_that_varies_less_than_its_tolerance_does_not_decide_the_knee(
    point: Callable[..., PointRecord], with_rule: RuleMaker, handbook: HandbookPick
) -> None:
    def taken(depths: tuple[float, float, float]) -> float:
        records = [
            point(0.06, 0.2, 0.18, depth=depths[0], rms=0.15),
            point(0.06, 0.6, 0.19, depth=depths[1], rms=0.08),
            point(0.06, 1.0, 0.22, depth=depths[2], rms=0.05),
        ]
        return choose(records, with_rule("pareto_knee"), handbook).chosen.final_pixfrac

    assert taken((26.0, 26.0, 26.0)) == taken((26.0, 26.001, 26.002)) == 0.6
