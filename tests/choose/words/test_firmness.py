"""How firmly a choice stands, in sentences."""

from __future__ import annotations

import math

import pytest

from hstdriz_study.choose.margin import SHALLOWER, WIDER, margin_between
from hstdriz_study.choose.words.firmness import margin_said
from hstdriz_study.contracts import Metric


def test_a_runner_up_that_is_worse_is_said_to_be_so_with_its_sigmas() -> None:
    margin = margin_between(Metric(0.20, 0.003), Metric(0.21, 0.004), WIDER)
    assert margin_said(margin, "the other") == (
        'The runner-up, the other, is 0.01" (2.0 paired sigma) wider.'
    )


def test_a_runner_up_that_is_better_lost_by_the_tie_break() -> None:
    margin = margin_between(Metric(26.0, 0.03), Metric(26.1, 0.04), SHALLOWER)
    assert margin.difference == pytest.approx(-0.1)
    said = margin_said(margin, "the other")
    assert said.startswith(
        "The runner-up, the other, is not shallower: its 5-sigma depth is better"
    )
    assert "by 0.1 mag (2.0 paired sigma)." in said
    assert said.endswith("its tie-break decided.")


@pytest.mark.parametrize("err", [0.0, math.nan])
def test_a_difference_whose_error_is_not_known_is_said_without_sigmas(err: float) -> None:
    margin = margin_between(Metric(0.20, err), Metric(0.21, err), WIDER)
    assert math.isnan(margin.n_sigma)
    assert margin_said(margin, "the other") == 'The runner-up, the other, is 0.01" wider.'
