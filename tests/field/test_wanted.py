"""A field that is measured where its user wants to, of stars that its user names."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import SkyCoord
from astropy.table import Table

from hstdriz_study.errors import ConfigError, DatasetError
from hstdriz_study.field import Field
from hstdriz_study.field.inspection import inspection_stage
from hstdriz_study.field.wanted import with_contents
from hstdriz_study.study.config import field_options


@pytest.fixture(scope="module")
def field_with(compose_config, cache_dir):
    def make(**keys):
        config = compose_config(
            "filter=f160w", "dataset=synthetic", f"prepare.cache_dir={cache_dir}"
        )
        return Field(field_options(replace(config, measure=replace(config.measure, **keys))))

    return make


def distances(places, centre):
    return SkyCoord(np.asarray(places) * u.deg).separation(centre).arcsec


def positions(stars):
    return np.column_stack([np.asarray(stars[name], float) for name in ("ra", "dec")])


def test_stars_sky_weights_and_artificial_stars_lie_inside_and_named_stars_beside_it(
    field_with, tmp_path
):
    whole = field_with().inspection.regions
    edge = np.concatenate(whole.full_depth)
    centre = SkyCoord(*edge.mean(axis=0), unit="deg")
    ra, dec = centre.ra.deg, centre.dec.deg
    (tmp_path / "in.reg").write_text(f'icrs\ncircle({ra},{dec},15")\n-circle({ra},{dec},2")\n')
    (tmp_path / "out.reg").write_text(f'icrs\nbox({ra},{dec},6",60",0)\n')
    keys = {"region": str(tmp_path / "in.reg"), "leave_out": str(tmp_path / "out.reg")}
    field = field_with(**keys, inject_stars=3)
    found = field.inspection.regions
    for places in (found.sky_boxes, found.weight_boxes, positions(found.stars),
                   positions(field.regions.injected)):  # fmt: skip
        assert len(places) >= 3
        assert distances(places, centre).max() < 15
        east = (places[:, 0] - ra) * np.cos(np.deg2rad(dec)) * 3600
        assert (np.abs(east) > 3).all()
    assert len(found.weight_boxes) < len(whole.weight_boxes)
    np.testing.assert_array_equal(field.weight_boxes.centers, found.weight_boxes)
    beside = whole.stars[distances(positions(whole.stars), centre) > 16]
    Table(beside["ra", "dec"]).write(tmp_path / "stars.ecsv")
    named = field_with(**keys, stars=str(tmp_path / "stars.ecsv")).inspection.regions
    clear = np.abs(positions(beside)[:, 0] - ra) * np.cos(np.deg2rad(dec)) * 3600 > 4
    assert clear.any()
    assert not clear.all()
    assert set(named.stars["id"]) == set(beside["id"][clear])
    assert distances(named.sky_boxes, centre).max() < 15
    verdicts = set(named.candidates["verdict"])
    assert "unnamed" in verdicts


def test_the_content_of_a_file_counts_wherever_it_lies(field_with, tmp_path):
    one, other = tmp_path / "one.reg", tmp_path / "other.reg"
    for path in (one, other):
        path.write_text('icrs\ncircle(10,20,5")\n')
    prepared = field_with().prepared

    def key(path):
        return inspection_stage(prepared, field_with(region=str(path)).options).key

    before = key(one)
    assert before == key(other)
    other.write_text('icrs\ncircle(10,20,6")\n')
    assert before != key(other)
    assert before != inspection_stage(prepared, field_with().options).key
    words = 'circle(10, 20, 5")'
    assert with_contents(field_with(region=words).options.regions)["region"] == words


@pytest.mark.parametrize("elsewhere", ['circle(150.05, 2.2, 5")', 'circle(330, -2, 5")'])
def test_an_area_elsewhere_is_refused_before_the_exposures_are_prepared(
    elsewhere, field_with, tmp_path
):
    field = field_with(region=elsewhere)
    unprepared = replace(field.options.prepare, cache_dir=tmp_path)
    field = Field(replace(field.options, prepare=unprepared))
    with pytest.raises(DatasetError, match=r"no part of it lies where all exposures are.*RA 1[45]"):
        _ = field.prepared
    assert not (tmp_path / "prepared").exists()


def test_a_file_that_cannot_be_read_is_named_with_its_key(field_with, tmp_path):
    (tmp_path / "empty.reg").touch()
    with pytest.raises(ConfigError, match=r"measure\.leave_out=.*empty\.reg: holds no region"):
        _ = field_with(leave_out=str(tmp_path / "empty.reg")).inspection
