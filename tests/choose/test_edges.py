"""Choices on the edge of the sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.choose import (
    ChoiceSettings,
    HandbookPick,
    choose,
)
from hstdriz_study.choose.edges import wider_grid
from hstdriz_study.choose.words.edges import overrides_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from hstdriz_study.contracts import PointRecord


def test_a_choice_on_the_edge_of_the_grid_says_so(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    records = [point(0.05, 0.4, 0.18), point(0.05, 0.8, 0.22), point(0.07, 0.4, 0.21)]
    edges = " ".join(choose(records, settings, handbook).grid_edges)
    assert "finest scale swept" in edges
    assert "smallest pixfrac swept" in edges


def test_pixfrac_one_is_no_edge(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    records = [point(s, p) for s in (0.05, 0.06, 0.07) for p in (0.5, 1.0)]
    edges = " ".join(choose(records, settings, handbook).grid_edges)
    assert "largest pixfrac" not in edges


def test_a_choice_on_an_edge_offers_the_overrides_that_extend_the_sweep(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    widths = {0.04: 0.19, 0.05: 0.21}
    records = [
        point(scale, pixfrac, width * (1 + 0.1 * (pixfrac > 0.4)))
        for scale, width in widths.items()
        for pixfrac in (0.4, 0.6)
    ]
    choice = choose(records, settings, handbook)
    assert choice.extension == (
        "filter=f160w",
        "drizzle.final_scale=0.04,0.05,0.032,0.0256",
        "drizzle.final_pixfrac=0.4,0.6,0.267,0.178",
    )
    assert any("edge of the swept range" in warning for warning in choice.warnings)


def test_a_choice_at_the_largest_pixfrac_below_one_is_offered_one(
    point: Callable[..., PointRecord],
) -> None:
    records = [point(scale, f) for scale in (0.06, 0.08, 0.1) for f in (0.4, 0.6, 0.8)]
    chosen = next(r for r in records if r.key.startswith("0.08-0.8"))
    assert overrides_of(wider_grid(records, chosen))[2] == "drizzle.final_pixfrac=0.4,0.6,0.8,1.0"
    whole = [*records, point(0.08, 1.0)]
    assert wider_grid(whole, whole[-1]) is None
