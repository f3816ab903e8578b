"""Choices on the edge of the sweep."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hstdriz_study.choose import (
    ChoiceSettings,
    HandbookPick,
    choose,
)
from hstdriz_study.choose.edges import wider_grid
from hstdriz_study.choose.words.edges import overrides_of
from hstdriz_study.contracts import Metric

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


def test_the_overrides_name_scales_as_they_were_asked_for(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    asked = {0.04: "psf/2", 0.05: None, 0.06: "native"}
    records = [
        replace(point(scale, 0.6, 0.15 + scale), final_scale_asked=word)
        for scale, word in asked.items()
    ]
    scales = choose(records, settings, handbook).extension[1]
    assert scales == "drizzle.final_scale=psf/2,0.05,native,0.032,0.0256"


def test_a_choice_at_the_largest_pixfrac_below_one_is_offered_one(
    point: Callable[..., PointRecord],
) -> None:
    records = [point(scale, f) for scale in (0.06, 0.08, 0.1) for f in (0.4, 0.6, 0.8)]
    chosen = next(r for r in records if r.key.startswith("0.08-0.8"))
    assert overrides_of(wider_grid(records, chosen))[2] == "drizzle.final_pixfrac=0.4,0.6,0.8,1.0"
    whole = [*records, point(0.08, 1.0)]
    assert wider_grid(whole, whole[-1]) is None


def _sharpest_on_the_edge(
    point: Callable[..., PointRecord], of_scale: float, off: float = 1.0
) -> list[PointRecord]:
    """Return a grid with the sharpest point at the finest scale and the chosen one inside.

    ``of_scale`` is how steeply the width rises with the square of the scale.
    """
    records = [
        point(
            scale,
            pixfrac,
            0.18 + of_scale * scale**2 + 0.03 * pixfrac**2,
            rms=0.15 if scale < 0.06 else 0.05,
            fwhm_err=1e-5,
            key=f"{scale}-{pixfrac}",
        )
        for scale in (0.05, 0.06, 0.07)
        for pixfrac in (0.3, 0.4, 0.6, 0.8)
    ]
    records[-1].metrics["psf/fwhm_arcsec"] = Metric(
        off * records[-1].metrics["psf/fwhm_arcsec"].value, 1e-5, "arcsec"
    )
    # smaller drops are not admissible
    return [
        replace(r, metrics=r.metrics | {"weight/hole_fraction": Metric(0.1, 0.0)})
        if r.settings.final_pixfrac == 0.3
        else r
        for r in records
    ]


@pytest.mark.parametrize(("of_scale", "said"), [(3.0, True), (0.5, False)])
def test_finer_scales_are_said_to_move_the_choice_only_where_the_surface_says_so(
    of_scale: float,
    said: bool,  # noqa: FBT001
    point: Callable[..., PointRecord],
    settings: ChoiceSettings,
    handbook: HandbookPick,
) -> None:
    choice = choose(_sharpest_on_the_edge(point, of_scale), settings, handbook)
    assert choice.sharpest.final_scale_arcsec == 0.05
    assert choice.chosen.final_scale_arcsec == (0.06 if said else 0.07)
    assert any("may move the choice" in one for one in choice.grid_edges) is said


def test_the_command_sweeps_the_finer_scales_that_may_move_the_choice(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    choice = choose(_sharpest_on_the_edge(point, 3.0), settings, handbook)
    assert choice.chosen.final_scale_arcsec not in (0.05, 0.07)
    assert choice.extension[1] == "drizzle.final_scale=0.05,0.06,0.07,0.0417,0.0347"
    assert any("foretold to be sharper" in warning for warning in choice.warnings)


def test_without_a_surface_nothing_is_said_of_finer_scales(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    choice = choose(_sharpest_on_the_edge(point, 3.0, off=1.02), settings, handbook)
    assert not any("may move the choice" in one for one in choice.grid_edges)
