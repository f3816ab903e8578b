"""What a metric is between the points that were measured."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pytest

from hstdriz_study.choose.points import DEPTH, FWHM
from hstdriz_study.choose.surface import surface_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from hstdriz_study.choose import ChoiceSettings
    from hstdriz_study.contracts import PointRecord

    PointMaker = Callable[..., PointRecord]

SCALES, PIXFRACS = (0.05, 0.065, 0.08, 0.1), (0.4, 0.6, 0.8, 1.0)


def _width(scale: float, pixfrac: float) -> float:
    return 0.15 + 0.9 * scale**2 + 0.02 * pixfrac**2 + 0.8 * scale**2 * pixfrac**2


def _grid(
    point: PointMaker, err: float = 1e-6, seed: int = 1, scales: tuple[float, ...] = SCALES
) -> list[PointRecord]:
    rng = np.random.default_rng(seed)
    return [
        point(s, p, _width(s, p) + err * rng.normal(), fwhm_err=err, depth=26 + 0.1 * p - 0.2 * s)
        for s, p in product(scales, PIXFRACS)
    ]


def test_a_sum_of_squares_is_found_between_the_points(
    point: PointMaker, settings: ChoiceSettings
) -> None:
    records = _grid(point)
    surface = surface_of(FWHM, records, records[0], settings)
    assert surface.n_points == 16
    found = surface.at(0.072, 0.5)
    assert found.value == pytest.approx(_width(0.072, 0.5), abs=5e-6)
    assert 0 < found.err < 5e-6


def test_the_error_holds_between_the_points_as_often_as_it_says(
    point: PointMaker, settings: ChoiceSettings
) -> None:
    places = list(product((0.057, 0.072, 0.09), (0.5, 0.7, 0.9)))
    pulls = []
    for seed in range(60):
        records = _grid(point, err=1e-3, seed=seed)
        surface = surface_of(FWHM, records, records[0], settings)
        if surface is not None:
            found = [surface.at(*place) for place in places]
            pulls += [
                (one.value - _width(*place)) / one.err
                for one, place in zip(found, places, strict=True)
            ]
    assert len(pulls) > 50 * len(places)
    assert np.std(pulls) == pytest.approx(1.0, abs=0.2)


def test_a_point_that_is_off_the_surface_of_the_others_leaves_none(
    point: PointMaker, settings: ChoiceSettings
) -> None:
    records = _grid(point, err=1e-4)
    records[5] = point(0.065, 0.6, 1.05 * _width(0.065, 0.6), fwhm_err=1e-4)
    assert surface_of(FWHM, records, records[0], settings) is None


def test_places_in_the_middle_of_an_axis_are_places_like_others(
    point: PointMaker, settings: ChoiceSettings
) -> None:
    """There the mixed term of the polynomial is 0."""
    records = [
        point(s, p, _width(s, p), depth=26 + 0.1 * p, fwhm_err=1e-6)
        for s, p in product(SCALES, (0.25, 0.5, 0.75))  # half of it is exactly 0 in the fit
    ]
    found = surface_of(DEPTH, records, records[0], settings).at(0.06, 0.5)
    assert found.value == pytest.approx(26.05)
    assert found.err < 1e-2


@pytest.mark.parametrize("scales", [(0.05,), (0.05, 0.08)])
def test_fewer_than_three_values_of_an_axis_give_none(
    scales: tuple[float, ...], point: PointMaker, settings: ChoiceSettings
) -> None:
    records = _grid(point, scales=scales)
    assert surface_of(FWHM, records, records[0], settings) is None


def test_nine_points_are_enough_and_eight_are_not(
    point: PointMaker, settings: ChoiceSettings
) -> None:
    nine = [r for r in _grid(point, scales=SCALES[:3]) if r.settings.final_pixfrac < 1]
    assert surface_of(FWHM, nine, nine[0], settings).n_points == 9
    assert surface_of(FWHM, nine[:-1], nine[0], settings) is None


def test_points_of_another_kernel_weighting_or_beyond_the_weight_limits_take_no_part(
    point: PointMaker, settings: ChoiceSettings
) -> None:
    records = _grid(point)
    others = [
        point(0.07, 0.5, 0.5, kernel="gaussian"),
        point(0.07, 0.5, 0.5, weights="ERR"),
        point(0.07, 0.5, 0.5, rms=0.3),
        point(0.07, 0.5, 0.5, status="FAILED"),
    ]
    alone, among = (surface_of(FWHM, r, records[0], settings) for r in (records, records + others))
    assert among.n_points == alone.n_points
    assert among.at(0.07, 0.5) == alone.at(0.07, 0.5)


def test_the_depth_has_a_surface_of_its_own(point: PointMaker, settings: ChoiceSettings) -> None:
    records = _grid(point)
    depth = surface_of(DEPTH, records, records[0], settings)
    assert depth.at(0.06, 0.7).value == pytest.approx(26 + 0.07 - 0.012, abs=1e-3)
    assert depth.unit == "mag(AB)"
