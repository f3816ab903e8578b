"""The region in which a mosaic is measured: where equally many exposures contribute."""

from __future__ import annotations

import numpy as np
import pytest
from astropy.wcs import WCS
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, box

from hstdriz_study.errors import DatasetError
from hstdriz_study.measure.regions.equal_depth import region_of_one_depth
from hstdriz_study.measure.regions.full_depth import (
    contributing,
    full_depth_region,
    polygons_on_sky,
)

SIDE = 100
MARGIN = 3.0


@pytest.fixture(scope="module")
def wcs() -> WCS:
    found = WCS(naxis=2)
    found.wcs.ctype = "RA---TAN", "DEC--TAN"
    found.wcs.crval, found.wcs.crpix = (359.999, -60.0), (150.0, 150.0)
    found.wcs.cdelt = -0.05 / 3600, 0.05 / 3600
    return found


def footprint(wcs: WCS, x: float, y: float) -> tuple[np.ndarray, ...]:
    corners = np.array([(0, 0), (SIDE, 0), (SIDE, SIDE), (0, SIDE)]) + np.array([x, y])
    return (np.column_stack(wcs.pixel_to_world_values(*corners.T)),)


def squares(*places: tuple[float, float]) -> list:
    """Where exposures contribute for certain: a margin inside of their edges."""
    inside = MARGIN, MARGIN, SIDE - MARGIN, SIDE - MARGIN
    return [box(inside[0] + x, inside[1] + y, inside[2] + x, inside[3] + y) for x, y in places]


def depth_at(x: float, y: float, places, margin: float) -> int:
    """Count the exposures that contribute at a place; a margin below 0 counts farther out."""
    return sum(
        margin <= x - left <= SIDE - margin and margin <= y - low <= SIDE - margin
        for left, low in places
    )


PLACES = st.lists(st.tuples(st.integers(0, 150), st.integers(0, 150)), min_size=2, max_size=6)


@given(PLACES, st.integers(0, 2**31))
def test_just_as_many_exposures_contribute_everywhere(places, seed):
    region = region_of_one_depth(squares(*places), MARGIN)
    if region.is_empty:
        return
    rng, found = np.random.default_rng(seed), set()
    x0, y0, x1, y1 = region.bounds
    for x, y in rng.uniform((x0, y0), (x1, y1), (200, 2)):
        if region.contains(Point(x, y)):
            depth = depth_at(x, y, places, MARGIN)
            # no edge of another exposure comes near
            assert depth == depth_at(x, y, places, -0.99 * MARGIN)
            found.add(depth)
    assert len(found) <= 1
    assert all(depth >= 2 for depth in found)


def test_two_by_two_tiles_that_overlap_little_are_measured_where_each_two_do(wcs):
    dithered = [(0, 0), (2, 2), (90, 0), (92, 2), (0, 90), (2, 92), (90, 90), (92, 92)]
    footprints = [footprint(wcs, *place) for place in dithered]
    region = full_depth_region(footprints, wcs, MARGIN)
    # the middles of the tiles, and not the strips that four exposures share
    for x, y in ((50, 50), (145, 50), (50, 145), (145, 145)):
        assert region.contains(Point(x, y))
    assert not region.contains(Point(95, 50))
    deep = contributing(footprints, polygons_on_sky(region, wcs))
    assert deep.sum() == 2


def test_a_deeper_part_is_taken_where_it_is_large(wcs):
    strip = [(0, 0), (0, 2), (50, 0), (50, 2), (100, 0), (100, 2)]
    region = full_depth_region([footprint(wcs, *place) for place in strip], wcs, MARGIN)
    assert region.contains(Point(75, 50))
    assert region.contains(Point(125, 50))
    assert not region.contains(Point(25, 50))


def test_a_dither_is_measured_where_all_exposures_contribute(wcs):
    footprints = [footprint(wcs, *place) for place in ((0, 0), (5, 3), (10, 0))]
    region = full_depth_region(footprints, wcs, MARGIN)
    assert region.bounds == pytest.approx((10 + MARGIN, 3 + MARGIN, 97, 97), abs=0.01)
    assert contributing(footprints, polygons_on_sky(region, wcs)).all()


def test_exposures_of_which_no_two_overlap_are_refused(wcs):
    apart = [footprint(wcs, x, 0) for x in (0, 110, 220)]
    with pytest.raises(DatasetError, match="nor in two of them"):
        full_depth_region(apart, wcs, MARGIN)
