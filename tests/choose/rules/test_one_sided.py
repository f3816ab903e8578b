"""Rules that aim at one side of the trade-off, and what holds them back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from hstdriz_study.choose import (
    ChoiceSettings,
    HandbookPick,
    choose,
)
from hstdriz_study.errors import ChoiceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hstdriz_study.contracts import PointRecord

    RuleMaker = Callable[..., ChoiceSettings]


@pytest.mark.parametrize("rule", ["uniform_noise", "deepest"])
def test_a_one_sided_rule_without_its_opposite_limit_is_refused(
    rule: str, point: Callable[..., PointRecord], with_rule: RuleMaker, handbook: HandbookPick
) -> None:
    with pytest.raises(ChoiceError, match=r"choose\.max_fwhm_growth is not set"):
        choose([point(0.06, 0.8)], with_rule(rule, max_fwhm_growth=None), handbook)


@pytest.mark.parametrize("rule", ["uniform_noise", "deepest"])
@pytest.mark.parametrize("growth", [0.01, 0.02])
def test_a_one_sided_rule_stays_within_its_fwhm_limit_and_names_it(
    rule: str,
    growth: float,
    model_grid: Callable[..., Any],
    with_rule: RuleMaker,
    handbook: HandbookPick,
) -> None:
    choice = choose(
        model_grid(scales=(0.03, 0.05, 0.065)),
        with_rule(rule, max_fwhm_growth=growth, paired_sigma=0.0),
        handbook,
    )
    widest = (1 + growth) * choice.sharpest.metrics["psf/fwhm_arcsec"].value
    assert choice.chosen.metrics["psf/fwhm_arcsec"].value <= widest
    assert "max_fwhm_growth" in {limitation.limit for limitation in choice.limited_by}
    assert any("wider than that of" in rejection.reason for rejection in choice.rejected)


def test_uniform_noise_takes_the_sharpest_of_the_practically_flattest(
    point: Callable[..., PointRecord], with_rule: RuleMaker, handbook: HandbookPick
) -> None:
    records = [
        point(0.06, 0.4, 0.190, rms=0.10),
        point(0.06, 0.6, 0.195, rms=0.051),
        point(0.06, 0.8, 0.200, rms=0.050),
        point(0.06, 1.0, 0.230, rms=0.010),
    ]
    choice = choose(records, with_rule("uniform_noise"), handbook)
    assert choice.chosen.final_pixfrac == 0.6
    stages = {r.point.final_pixfrac: r.stage for r in choice.rejected}
    assert stages == {0.4: "less uniform", 0.8: "practically equal", 1.0: "inadmissible"}


def test_deepest_takes_the_depth_and_tells_the_margin_in_paired_sigma(
    point: Callable[..., PointRecord], with_rule: RuleMaker, handbook: HandbookPick
) -> None:
    rng = np.random.default_rng(3)
    common, own = rng.normal(0, 0.05, 2000), rng.normal(0, 0.01, 2000)
    records = [
        point(0.06, 0.4, 0.19, depth=26.00, depth_replicates=26.00 + common),
        point(0.06, 0.8, 0.20, depth=26.06, depth_replicates=26.06 + common + own),
    ]
    choice = choose(records, with_rule("deepest"), handbook)
    assert choice.chosen.final_pixfrac == 0.8
    assert choice.margin.difference == pytest.approx(0.06)
    assert choice.margin.sigma == pytest.approx(0.01, rel=0.05)
    assert choice.margin.n_sigma == pytest.approx(6.0, rel=0.05)
