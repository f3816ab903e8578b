"""The runner-up is the point that resampling goes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from hstdriz_study.choose import ChoiceSettings, HandbookPick, choose
from hstdriz_study.choose.words.firmness import runner_up_said
from hstdriz_study.contracts import Metric

if TYPE_CHECKING:
    from collections.abc import Callable

    from hstdriz_study.contracts import PointRecord

    Records = list[PointRecord]


def _three(point: Callable[..., PointRecord], limited: np.ndarray) -> Records:
    """Return the chosen point, its next by the rule, and one that a limit parts from it."""
    steady = {"fwhm_replicates": np.full(len(limited), 0.200)}
    records = [
        point(0.080, 0.6, 0.200, rms=0.05, **steady),
        point(0.070, 0.6, 0.200, rms=0.049, **steady),
        point(0.060, 0.4, 0.190, rms=0.21, fwhm_replicates=np.full(len(limited), 0.190)),
    ]
    records[2].metrics["weight/rms_over_median"] = Metric(0.21, 0.01, "", limited)
    return records


def test_it_is_the_point_that_wins_most_of_the_other_resamples_whatever_the_rule_takes_next(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    records = _three(point, np.where(np.arange(100) < 22, 0.19, 0.22))
    choice = choose(records, settings, handbook)
    assert choice.chosen.final_scale_arcsec == 0.08
    assert choice.resampling.rival.fraction == pytest.approx(0.22)
    assert choice.runner_up.key == choice.resampling.rival.point.key == records[2].key
    # it is not admissible in the whole sample, so that there is no margin but a reason
    assert choice.margin is None
    assert runner_up_said(choice) == (
        'The runner-up is 0.06", pixfrac 0.4; in the whole sample: RMS/median 0.21 exceeds the '
        "limit 0.2."
    )


def test_where_no_resample_goes_elsewhere_it_is_what_the_rule_takes_next(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    records = _three(point, np.full(100, 0.22))
    choice = choose(records, settings, handbook)
    assert choice.resampling.rival is None
    assert choice.runner_up.key == records[1].key
    assert (choice.margin.criterion.phrase, choice.margin.difference) == ("FWHM", 0.0)


@pytest.mark.parametrize("rule", ["deepest", "uniform_noise", "pareto_knee", "curve_break"])
def test_a_rule_that_ranks_says_by_how_much_the_runner_up_loses(
    rule: str,
    model_grid: Callable[..., Records],
    with_rule: Callable[..., ChoiceSettings],
    handbook: HandbookPick,
) -> None:
    choice = choose(model_grid(noise=0.02), with_rule(rule), handbook)
    assert np.isfinite(choice.margin.difference)
    assert choice.runner_up.label in runner_up_said(choice)
