"""The break of RMS/median against pixfrac."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from hstdriz_study.choose import choose
from hstdriz_study.contracts import Metric, PointRecord

if TYPE_CHECKING:
    from collections.abc import Callable

    from hstdriz_study.choose import Choice, ChoiceSettings, HandbookPick

PIXFRACS = np.round(np.arange(0.1, 1.01, 0.1), 1)


@pytest.fixture
def chosen_on(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> Callable[..., Choice]:
    def choose_on(
        curves: dict[float, np.ndarray], scatter: float = 0.0, scale_of_holes: float | None = None
    ) -> Choice:
        records = []
        for scale, curve in curves.items():
            replicates = np.random.default_rng(7).normal(curve, scatter, (200, len(curve)))
            for i, pixfrac in enumerate(PIXFRACS[: len(curve)]):
                holes = 0.1 if scale == scale_of_holes else 0.0
                record = point(scale, float(pixfrac), rms=float(curve[i]), holes=holes)
                record.metrics["weight/rms_over_median"] = Metric(
                    float(curve[i]), scatter, "", replicates[:, i]
                )
                records.append(record)
        return choose(records, replace(settings, rule="curve_break"), handbook)

    return choose_on


def hinge(kink: float, before: float = -1.0, after: float = -0.1) -> np.ndarray:
    return 0.8 + before * np.minimum(PIXFRACS - kink, 0) + after * np.maximum(PIXFRACS - kink, 0)


@pytest.mark.parametrize("kink", [0.3, 0.5, 0.7])
def test_the_kink_of_a_two_segment_line_is_found_and_its_pixfrac_chosen(
    kink: float, chosen_on: Callable[..., Choice]
) -> None:
    choice = chosen_on({0.08: hinge(kink)})
    assert choice.chosen.final_pixfrac == kink
    assert f"pixfrac {kink:g}" in choice.short_reason


def test_the_error_of_the_break_follows_the_scatter_of_the_curve(
    chosen_on: Callable[..., Choice],
) -> None:
    quiet, loud = chosen_on({0.08: hinge(0.52)}, 0.002), chosen_on({0.08: hinge(0.52)}, 0.02)
    assert quiet.margin.sigma < loud.margin.sigma
    assert quiet.chosen.final_pixfrac == 0.5
    assert quiet.margin.n_sigma > 2


def test_a_break_that_cannot_tell_two_pixfracs_apart_takes_the_larger(
    chosen_on: Callable[..., Choice],
) -> None:
    choice = chosen_on({0.08: hinge(0.54)}, 0.02)
    assert choice.chosen.final_pixfrac == 0.6
    assert choice.runner_up.final_pixfrac in (0.5, 0.7)


def test_the_scale_is_the_one_nearest_to_the_handbook_whose_curve_has_a_break(
    chosen_on: Callable[..., Choice],
) -> None:
    straight = 0.9 - 0.5 * PIXFRACS
    curves = {0.05: hinge(0.6), 0.08: straight, 0.11: hinge(0.4)}
    choice = chosen_on(curves)
    assert (choice.chosen.final_scale_arcsec, choice.chosen.final_pixfrac) == (0.11, 0.4)
    assert '0.60 at 0.05"' in choice.reasons[-1]


def test_a_curve_that_grows_steeper_or_has_too_few_pixfracs_has_no_break(
    chosen_on: Callable[..., Choice],
) -> None:
    steeper = hinge(0.5, before=-0.1, after=-0.5)
    for curve in (steeper, hinge(0.3)[:4], 0.9 - 0.5 * PIXFRACS):
        choice = chosen_on({0.08: curve})
        assert choice.chosen is None
        assert "has no break" in choice.cannot_choose
        assert len(choice.rejected) == len(curve)


def test_points_with_holes_shape_the_curve_but_are_not_chosen(
    chosen_on: Callable[..., Choice],
) -> None:
    choice = chosen_on({0.08: hinge(0.5), 0.06: hinge(0.4)}, scale_of_holes=0.08)
    assert (choice.chosen.final_scale_arcsec, choice.chosen.final_pixfrac) == (0.06, 0.4)
