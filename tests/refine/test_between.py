"""A better place between the points is proposed where surfaces and foreseen weights say so."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import pytest
from omegaconf import OmegaConf

from hstdriz_study.choose import ChoiceSettings, choose, find_rule, handbook_pick
from hstdriz_study.choose.points import settings_of
from hstdriz_study.conf_files import conf_directory
from hstdriz_study.contracts import DrizzleSettings, Metric, PointRecord
from hstdriz_study.refine import Spot, spot_of
from hstdriz_study.refine.axes import pixfrac_axis, scale_axis
from hstdriz_study.refine.between import Between, place_between, places_between
from hstdriz_study.refine.neighbourhood import Sweep

if TYPE_CHECKING:
    from collections.abc import Sequence

HANDBOOK = handbook_pick(wavelength_nm=1545.0, native_scale_arcsec=0.128)
SHIPPED = ChoiceSettings(
    **OmegaConf.to_container(OmegaConf.load(conf_directory() / "choose" / "default.yaml"))
)
SCALES, PIXFRACS = (0.05, 0.06, 0.072, 0.0864), (0.4, 0.6, 0.8)


def weights_at(spot: Spot) -> tuple[float, float]:
    """Return weights that are even at one pixfrac between those that were swept."""
    dip = math.exp(-(((spot.final_pixfrac - 0.5) / 0.05) ** 2))
    return 0.15 - 0.12 * dip, 0.0


def record_at(
    spot: Spot, *, weights: str = "EXP", off: float = 1.0, err: float = 1e-5
) -> PointRecord:
    scale, pixfrac = spot
    width = off * (0.15 + 0.9 * scale**2 + 0.012 * pixfrac**2)
    rms, holes = weights_at(spot)
    metrics = {
        "psf/fwhm_arcsec": Metric(width, err, "arcsec"),
        "psf/pixels_per_fwhm": Metric(width / scale, 0.0, "pix"),
        "weight/rms_over_median": Metric(rms, 0.0),
        "weight/hole_fraction": Metric(holes, 0.0),
        "noise/depth_abmag": Metric(26 + 0.01 * pixfrac + 0.01 * math.log(scale), err, "mag(AB)"),
    }
    settings = DrizzleSettings(scale, pixfrac, "square", weights, None, None, None)
    return PointRecord(f"{spot}{weights}", "FINISHED", "f160w", settings, metrics)


def grid(**changes: object) -> list[PointRecord]:
    return [record_at(Spot(*spot), **changes) for spot in product(SCALES, PIXFRACS)]


def between(
    records: list[PointRecord],
    settings: ChoiceSettings = SHIPPED,
    tolerances: tuple[float, float] = (0.05, 0.02),
    choose_from: list[PointRecord] | None = None,
) -> Spot | None:
    places = foretold(records, settings, tolerances, choose_from)
    return next((place.spot for place in places if place.is_taken), None)


def foretold(
    records: list[PointRecord],
    settings: ChoiceSettings = SHIPPED,
    tolerances: tuple[float, float] = (0.05, 0.02),
    choose_from: list[PointRecord] | None = None,
) -> tuple[Between, ...]:
    choice = choose(choose_from or records, settings, HANDBOOK)
    judged = {spot_of(settings_of(record)): record for record in records}
    axes = (
        scale_axis((spot[0] for spot in judged), tolerances[0], 0.05, 0.0864),
        pixfrac_axis((spot[1] for spot in judged), tolerances[1], 0.4),
    )
    sweep = Sweep(axes, judged, frozenset(judged), frozenset(), settings)
    like = judged[spot_of(choice.chosen)]

    def foresee(spots: Sequence[Spot]) -> list[tuple[float, float]]:
        assert not set(spots) & set(judged)
        return [weights_at(spot) for spot in spots]

    places = places_between(sweep, like, choice, settings, foresee)
    taken = [place.spot for place in places if place.is_taken]
    assert place_between(sweep, like, choice, settings, foresee) == next(iter(taken), None)
    return places


def test_the_place_that_the_rule_would_take_is_proposed_until_it_is_measured() -> None:
    records = grid()
    before = choose(records, SHIPPED, HANDBOOK).chosen
    place = between(records)
    assert place.final_pixfrac == 0.5
    records.append(record_at(place))
    after = choose(records, SHIPPED, HANDBOOK).chosen
    assert spot_of(after) == place != spot_of(before)


def test_a_place_within_the_tolerance_of_a_point_is_not_worth_one() -> None:
    assert between(grid(), tolerances=(0.2, 0.11)) is None


def test_without_a_surface_there_is_none() -> None:
    assert between(grid()[:8]) is None
    records = grid()
    records[4] = record_at(Spot(SCALES[1], PIXFRACS[1]), off=1.01)
    assert between(records) is None


def test_points_with_weights_that_are_judged_by_others_have_none() -> None:
    assert between([*grid(weights="ERR", off=0.97), *grid()][:12], choose_from=grid()) is None


def test_a_rule_that_reads_what_is_not_foreseen_proposes_none() -> None:
    records = grid()
    for record in records:
        record.metrics["psf/ellipticity"] = Metric(0.05, 0.01)
    weighted = replace(find_rule("weighted").as_shipped(SHIPPED), weights={"psf/ellipticity": 1.0})
    assert between(records, weighted) is None


def test_what_is_foretold_of_a_place_is_what_is_measured_there() -> None:
    places = foretold(grid())
    assert len(places) > 1
    for place in places:
        there = record_at(place.spot).metrics
        assert (place.rms_over_median, place.hole_fraction) == weights_at(place.spot)
        assert place.fwhm.value == pytest.approx(there["psf/fwhm_arcsec"].value, rel=1e-6)
        assert place.depth is not None
        assert place.depth.value == pytest.approx(there["noise/depth_abmag"].value, abs=1e-6)


def test_a_place_says_where_it_falls_out_of_the_choice() -> None:
    places = foretold(grid())
    assert [place.verdict for place in places if place.is_taken] == [""]
    assert all(place.verdict for place in places if not place.is_taken)
