"""The user's own weights."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from hstdriz_study.choose import (
    ChoiceSettings,
    HandbookPick,
    choose,
)
from hstdriz_study.choose.rules import check_rule
from hstdriz_study.contracts import ENTRIES, Better, Metric, MetricEntry, PointRecord
from hstdriz_study.errors import ChoiceError

if TYPE_CHECKING:
    from collections.abc import Callable

    RuleMaker = Callable[..., ChoiceSettings]


def test_weights_move_the_choice_along_the_trade_off(
    model_grid: Callable[..., Any], with_rule: RuleMaker, handbook: HandbookPick
) -> None:
    def width(weights: dict[str, float]) -> float:
        choice = choose(model_grid(), with_rule("weighted", weights=weights), handbook)
        return choice.chosen.metrics["psf/fwhm_arcsec"].value

    sharp = width({"psf/fwhm_arcsec": 10.0, "weight/rms_over_median": 1.0})
    even = width({"psf/fwhm_arcsec": 1.0, "weight/rms_over_median": 1.0})
    flat = width({"psf/fwhm_arcsec": 1.0, "weight/rms_over_median": 10.0})
    assert sharp < even < flat


def test_weights_do_not_depend_on_the_unit_of_a_metric_or_on_their_sum(
    model_grid: Callable[..., Any], with_rule: RuleMaker, handbook: HandbookPick
) -> None:
    records = model_grid()
    in_mas = [
        replace(r, metrics=r.metrics | {"psf/ee50_arcsec": Metric(1e3 * width.value, 0.0)})
        for r in records
        if (width := r.metrics["psf/fwhm_arcsec"])
    ]
    first = choose(
        records,
        with_rule("weighted", weights={"psf/fwhm_arcsec": 1, "noise/depth_abmag": 2}),
        handbook,
    )
    second = choose(
        in_mas,
        with_rule("weighted", weights={"psf/ee50_arcsec": 5, "noise/depth_abmag": 10}),
        handbook,
    )
    assert first.chosen.key == second.chosen.key


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ({}, r"choose\.weights has no weight above 0"),
        ({"psf/fwhm_arcsec": 0.0}, r"choose\.weights has no weight above 0"),
        ({"psf/fwhm": 1.0}, r"psf/fwhm cannot be weighted; use some of psf/fwhm_arcsec"),
        ({"psf/fwhm_arcsec": -1.0}, r"the weight of psf/fwhm_arcsec is -1\.0"),
        ({"psf/fwhm_arcsec": math.nan}, r"the weight of psf/fwhm_arcsec is nan"),
    ],
)
def test_bad_weights_are_refused_by_name(
    weights: dict[str, float],
    said: str,
    point: Callable[..., PointRecord],
    with_rule: RuleMaker,
    handbook: HandbookPick,
) -> None:
    with pytest.raises(ChoiceError, match=said):
        choose([point(0.06, 0.8)], with_rule("weighted", weights=weights), handbook)


@pytest.mark.parametrize(("better", "pixfrac"), [(Better.LOWER, 0.5), (Better.HIGHER, 1.0)])
def test_a_metric_of_ones_own_is_weighted_as_its_entry_says(
    better: Better,
    pixfrac: float,
    point: Callable[..., PointRecord],
    with_rule: RuleMaker,
    handbook: HandbookPick,
) -> None:
    records = []
    for index, swept in enumerate((0.5, 0.75, 1.0)):
        record = point(
            0.06, swept, entries={"own/peak": MetricEntry("own/peak", "", better=better)}
        )
        # of three points with equal spacing, the resamples keep the order
        values = index + 0.1 * np.sin(np.arange(40))
        record.metrics["own/peak"] = Metric(float(index), 0.1, "", values)
        records.append(record)
    choice = choose(records, with_rule("weighted", weights={"own/peak": 1.0}), handbook)
    assert choice.chosen.final_pixfrac == pixfrac
    assert choice.resampling.changed == 0


def test_a_metric_of_ones_own_is_known_before_it_is_measured(with_rule: RuleMaker) -> None:
    settings = with_rule("weighted", weights={"own/peak": 1.0})
    with pytest.raises(ChoiceError, match=r"own/peak cannot be weighted; .* say in the entry"):
        check_rule(settings, ENTRIES | {"own/peak": MetricEntry("own/peak", "")})
    check_rule(settings, ENTRIES | {"own/peak": MetricEntry("own/peak", "", better=Better.LOWER)})
