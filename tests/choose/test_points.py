"""A swept point, and how it is named."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hstdriz_study.choose.points import label, preference, summarise

if TYPE_CHECKING:
    from collections.abc import Callable

    from hstdriz_study.contracts import PointRecord


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({}, '0.06", pixfrac 0.8'),
        ({"kernel": "gaussian"}, '0.06", pixfrac 0.8, kernel gaussian'),
        ({"weights": "IVM"}, '0.06", pixfrac 0.8, IVM weights'),
    ],
)
def test_a_point_is_named_by_its_settings_and_by_what_is_not_the_default(
    changes: dict[str, str], named: str, point: Callable[..., PointRecord]
) -> None:
    assert label(point(0.06, 0.8, **changes)) == named


def test_preferred_are_the_larger_pixfrac_the_coarser_scale_then_the_sharper_point(
    point: Callable[..., PointRecord],
) -> None:
    best_first = [
        point(0.05, 0.8),
        point(0.06, 0.6),
        point(0.05, 0.6, 0.19),
        point(0.05, 0.6, 0.20, kernel="gaussian"),
    ]
    shuffled = [best_first[index] for index in (2, 0, 3, 1)]
    assert sorted(shuffled, key=preference) == best_first


def test_points_that_nothing_tells_apart_are_ordered_by_what_was_set_whatever_their_keys(
    point: Callable[..., PointRecord],
) -> None:
    def with_bits(bits: int, key: str) -> PointRecord:
        record = point(0.05, 0.6, key=key)
        return replace(record, settings=replace(record.settings, final_bits=bits))

    for keys in ("ab", "ba"):
        first, second = with_bits(16, keys[0]), with_bits(64, keys[1])
        for rows in ([first, second], [second, first]):
            assert min(rows, key=preference) is first


def test_a_summary_has_every_metric_without_its_replicates(
    model_grid: Callable[..., list[PointRecord]],
) -> None:
    record = model_grid(noise=0.01)[0]
    summary = summarise(record)
    assert set(summary.metrics) == set(record.metrics)
    assert all(metric.replicates is None for metric in summary.metrics.values())
    assert summary == summarise(replace(record, timing_s={"drizzle": 1.0}))
