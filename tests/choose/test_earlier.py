"""What an earlier version of a rule would have taken is told where it differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hstdriz_study.choose import ChoiceSettings, HandbookPick, choose
from hstdriz_study.choose.words.prices import earlier_said

if TYPE_CHECKING:
    from collections.abc import Callable

    from hstdriz_study.contracts import PointRecord

    RuleMaker = Callable[..., ChoiceSettings]


def test_the_largest_pixfrac_that_an_earlier_default_took_is_told_with_its_price(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    records = [
        point(0.0648, 0.4, 0.200, rms=0.086, depth=26.385),
        point(0.0429, 0.6, 0.203, rms=0.151, depth=26.384),
    ]
    choice = choose(records, settings, handbook)
    assert choice.chosen.final_pixfrac == 0.4
    assert choice.earlier.point.final_pixfrac == 0.6
    assert choice.earlier.size_ratio == pytest.approx((0.0648 / 0.0429) ** 2)
    assert earlier_said(choice.earlier) == (
        'An earlier version of this rule would have taken 0.0429", pixfrac 0.6: against the chosen '
        "point, a FWHM 1.5 % larger, a depth 0.001 mag shallower, an RMS/median 0.065 larger and "
        "2.3 times the pixels."
    )


def test_where_the_versions_agree_nothing_is_told(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    assert choose([point(0.06, 0.6)], settings, handbook).earlier is None


@pytest.mark.parametrize("rule", ["deepest", "uniform_noise"])
def test_an_earlier_one_sided_rule_took_points_that_are_beaten(
    rule: str,
    point: Callable[..., PointRecord],
    with_rule: RuleMaker,
    handbook: HandbookPick,
) -> None:
    # the same but for the pixels, or for what did not take part
    records = [point(0.05, 0.8, depth=26.001), point(0.06, 0.4, depth=26.001)]
    choice = choose(records, with_rule(rule), handbook)
    assert choice.chosen.final_scale_arcsec == 0.06
    assert choice.earlier.point.final_scale_arcsec == 0.05


@pytest.mark.parametrize("rule", ["handbook", "weighted", "pareto_knee"])
def test_a_rule_that_decides_as_before_has_no_earlier_version(
    rule: str,
    model_grid: Callable[..., list[PointRecord]],
    with_rule: RuleMaker,
    handbook: HandbookPick,
) -> None:
    assert choose(model_grid(), with_rule(rule), handbook).earlier is None
