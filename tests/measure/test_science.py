"""Areas that a user names, on a grid: areas and places against analytic truth and `regions`."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from astropy import units as u
from astropy.coordinates import SkyCoord
from astropy.table import Table
from astropy.wcs import WCS
from hypothesis import given, settings
from hypothesis import strategies as st
from regions import Regions
from shapely.geometry import MultiPolygon, box

from hstdriz_study.contracts.sky import StarList, Wanted
from hstdriz_study.dataset.region_files import read_area
from hstdriz_study.errors import DatasetError
from hstdriz_study.measure.regions.science import (
    named_sources,
    restricted,
    science_warnings,
    without_left_out,
)

SCALE = 0.1
SIDE_PX = 600
FIELDS = [(150.0, 20.0), (0.0, 0.0), (359.9995, -45.0), (33.0, 89.9995), (200.0, -90.0)]


def grid(ra, dec, rotation=0.0):
    """Return a grid of 60 arcsec with a centre on the sky, turned by degrees."""
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = "RA---TAN", "DEC--TAN"
    wcs.wcs.crval, wcs.wcs.crpix = (ra, dec), (SIDE_PX / 2, SIDE_PX / 2)
    turn = np.deg2rad(rotation)
    cd = np.array([[-np.cos(turn), np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    wcs.wcs.cd = cd * SCALE / 3600
    return wcs


FULL = MultiPolygon([box(0, 0, SIDE_PX, SIDE_PX)])


@pytest.fixture
def area_of(tmp_path):
    def read(*lines):
        path = tmp_path / "area.reg"
        path.write_text("\n".join(["icrs", *lines]))
        return read_area(str(path), "measure.region")

    return read


def arcsec2(region):
    return region.area * SCALE**2


@pytest.mark.parametrize(("ra", "dec"), FIELDS)
def test_areas_are_those_of_geometry_also_where_ra_wraps_and_at_the_pole(ra, dec, area_of):
    for lines, expected in (
        ([f'circle({ra},{dec},5")'], 25 * np.pi),
        ([f'ellipse({ra},{dec},8",3",30)'], 24 * np.pi),
        ([f'annulus({ra},{dec},3",5",7")'], (49 - 9) * np.pi),
        ([f'circle({ra},{dec},9")', f'-ellipse({ra},{dec},8",3",30)'], (81 - 24) * np.pi),
        ([f'box({ra},{dec},12",4",70)'], 48),
        ([f'box({ra},{dec},12",12",0)', f'-circle({ra},{dec},5")'], 144 - 25 * np.pi),
        ([f'-circle({ra},{dec},5")'], 3600 - 25 * np.pi),
    ):
        found = restricted(FULL, Wanted(region=area_of(*lines)), grid(ra, dec))
        assert arcsec2(found) == pytest.approx(expected, rel=2e-4), lines
        assert not any(piece.interiors for piece in found.geoms)


@settings(max_examples=25)
@given(
    field=st.sampled_from(FIELDS[:3]), kind=st.sampled_from(["ellipse", "box"]),
    sizes=st.tuples(st.floats(1, 20), st.floats(1, 20)),
    turns=st.tuples(st.floats(-360, 360), st.floats(-180, 180)),
)  # fmt: skip
def test_places_inside_are_those_of_regions(tmp_path_factory, field, kind, sizes, turns):
    (width, height), (angle, rotation) = sizes, turns
    rng = np.random.default_rng(1)
    wcs = grid(*field, rotation)
    centre = wcs.pixel_to_world(*rng.uniform(250, 350, 2))
    text = f'icrs; {kind}({centre.ra.deg:.9f},{centre.dec.deg:.9f},{width}",{height}",{angle})'
    path = tmp_path_factory.mktemp("regions") / "area.reg"
    path.write_text(text)
    found = restricted(FULL, Wanted(region=read_area(str(path), "measure.region")), wcs)
    (theirs,) = Regions.parse(text, format="ds9")
    xy = rng.uniform(0, SIDE_PX, (2000, 2))
    inside = theirs.contains(wcs.pixel_to_world(*xy.T), wcs)
    joined = shapely.union_all(found.geoms)
    clear = shapely.distance(joined.boundary, shapely.points(xy)) > 0.5
    assert (shapely.contains_xy(joined, *xy.T) == inside)[clear].all()


@settings(max_examples=25)
@given(radii=st.lists(st.floats(1, 20), min_size=3, max_size=8), field=st.sampled_from(FIELDS[:3]))
def test_a_polygon_and_what_is_left_out_of_it_make_the_whole(tmp_path_factory, radii, field):
    turn = 2 * np.pi / len(radii)
    angles = turn * np.arange(len(radii)) * u.rad
    corners = SkyCoord(*field, unit="deg").directional_offset_by(angles, radii * u.arcsec)
    numbers = ",".join(f"{one.ra.deg:.10f},{one.dec.deg:.10f}" for one in corners)
    path = tmp_path_factory.mktemp("regions") / "area.reg"
    path.write_text(f"icrs\npolygon({numbers})\n")
    area, wcs = read_area(str(path), "measure.region"), grid(*field)
    inside = restricted(FULL, Wanted(region=area), wcs)
    outside = restricted(FULL, Wanted(leave_out=area), wcs)
    expected = np.dot(radii, np.roll(radii, 1)) * np.sin(turn) / 2
    assert arcsec2(inside) == pytest.approx(expected, rel=1e-4)
    assert arcsec2(inside) + arcsec2(outside) == pytest.approx(3600)


def test_both_keys_are_kept(area_of):
    wcs, region, hole = grid(10, 20), area_of('circle(10,20,9")'), area_of('circle(10,20,3")')
    found = restricted(FULL, Wanted(region=region, leave_out=hole), wcs)
    assert arcsec2(found) == pytest.approx((81 - 9) * np.pi, rel=2e-4)
    # stars that are named may lie beside the region, not in what is left out
    left = without_left_out(FULL, Wanted(region=region, leave_out=hole), wcs)
    assert arcsec2(left) == pytest.approx(3600 - 9 * np.pi, rel=2e-4)


@pytest.mark.parametrize("elsewhere", ["190,-20", "11,20", "10.02,20"])
def test_an_area_elsewhere_is_refused_with_the_place_of_the_exposures(elsewhere, area_of):
    area = area_of(f'circle({elsewhere},5")')
    with pytest.raises(DatasetError, match=r"no part of it lies.*RA 9\.9999., Dec \+20\.0000"):
        restricted(FULL, Wanted(region=area), grid(10, 20))
    (told,) = science_warnings(FULL, Wanted(leave_out=area), grid(10, 20))
    assert "leaves out nothing" in told


def test_nothing_that_is_left_is_refused(area_of):
    everything = area_of("circle(10,20,2')")
    with pytest.raises(DatasetError, match="leaves nothing of the sky"):
        restricted(FULL, Wanted(leave_out=everything), grid(10, 20))
    with pytest.raises(DatasetError, match="over more than 60 degrees"):
        restricted(FULL, Wanted(region=area_of("circle(10,20,70d)")), grid(10, 20))


def test_stars_of_a_list_are_the_sources_at_their_places():
    wcs = grid(0.0, 20.0)
    sources = Table({"x": [100.0, 300.0, 500.0], "y": [100.0, 300.0, 500.0]})
    at = wcs.pixel_to_world_values([101.0, 500.0, 400.0], [101.0, 500.0, 100.0])
    named, told = named_sources(sources, StarList("measure.stars=f", np.column_stack(at)), wcs)
    assert named.tolist() == [True, False, True]
    assert told == ("measure.stars=f: 2 of its 3 positions are at a source",)
    named, told = named_sources(sources, StarList("f", np.column_stack(at)[:2]), wcs)
    assert told == ()


def test_a_list_without_a_match_is_refused_with_the_distance():
    wcs = grid(0.0, 20.0)
    sources = Table({"x": [100.0], "y": [100.0]})
    at = np.column_stack(wcs.pixel_to_world_values([107.0], [100.0]))
    with pytest.raises(DatasetError, match="the nearest is 7 pixels off"):
        named_sources(sources, StarList("measure.stars=f", at), wcs)
    for nowhere in (StarList("f", at + offset) for offset in ([180, 0], [5, 0])):
        with pytest.raises(DatasetError, match="none of its 1 positions"):
            named_sources(sources, nowhere, wcs)
    with pytest.raises(DatasetError, match="none of its 1 positions"):
        named_sources(sources[:0], StarList("f", at), wcs)
