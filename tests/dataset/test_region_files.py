"""Regions of ds9 and CASA and lists of stars, read from files; what is refused, in one sentence."""

from __future__ import annotations

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import SkyCoord
from astropy.table import Table

from hstdriz_study.dataset.region_files import read_area
from hstdriz_study.dataset.star_lists import read_star_list
from hstdriz_study.errors import ConfigError

DS9 = "# Region file format: DS9 version 4.1\nglobal color=green\n"


@pytest.fixture
def file_of(tmp_path):
    def written(content, name="field.reg"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return written


def test_signs_of_ds9_and_crtf_are_kept(file_of):
    ds9 = file_of(f'{DS9}fk5\ncircle(10.1,20.2,5")\n-circle(10.1,20.2,2") # background\n')
    crtf = file_of(
        "#CRTFv0\nglobal coord=ICRS\ncircle[[10.1deg, 20.2deg], 5arcsec]\n"
        "-circle[[10.1deg, 20.2deg], 2arcsec]\nann circle[[10.1deg, 20.2deg], 9arcsec]\n",
        "field.crtf",
    )
    for file in (ds9, crtf):
        area = read_area(file, "measure.region")
        assert (len(area.included), len(area.excluded)) == (1, 1)
        radii = [np.ptp(shape.edges[0][:, 1]) * 1800 for shape in (*area.included, *area.excluded)]
        assert radii == pytest.approx([5, 2], rel=1e-3)


def test_a_circle_in_words_is_read_in_degrees_and_in_sexagesimal():
    for words in ('circle(150.5, -20.25, 5")', 'Circle(10:02:00, -20:15:00, 5")'):
        (shape,) = read_area(words, "measure.region").included
        assert shape.edges[0].mean(axis=0) == pytest.approx([150.5, -20.25], abs=1e-7)
        assert np.ptp(shape.edges[0][:, 1]) * 3600 == pytest.approx(10, rel=1e-4)


def test_other_frames_are_turned_into_icrs(file_of):
    galactic = SkyCoord(120 * u.deg, 3 * u.deg, frame="galactic").icrs
    (shape,) = read_area(file_of("galactic\ncircle(120,3,1')\n"), "measure.region").included
    middle = SkyCoord(shape.edges[0] * u.deg)
    assert middle.separation(galactic).arcmin == pytest.approx(np.ones(len(middle)), abs=1e-6)


def test_what_has_no_area_is_told_and_alone_refused(file_of):
    points = "fk5\npoint(10,20)\n# text(10,20) text={a}\n"
    area = read_area(file_of(f'{points}circle(10,20,5")\n'), "measure.region")
    assert area.ignored[0] == "1 point"
    with pytest.raises(ConfigError, match="no region has an area"):
        read_area(file_of(points), "measure.region")


REFUSED = {
    "no file": (None, "no such file"),
    "empty": ("", "holds no region"),
    "only a head": (DS9, "holds no region"),
    "pixels of an image": ("image\ncircle(100,100,5)\n", "holds pixel coordinates"),
    "physical pixels": ("physical\ncircle(100,100,5)\n", "not all of it is read"),
    "no frame": ('circle(10,20,5")\n', "not all of it is read"),
    "CRTF without coord": ("#CRTFv0\ncircle[[10deg, 20deg], 5arcsec]\n", "pixel coordinates"),
    "a kind that is not read": (
        'fk5\ncircle(10,20,5")\npanda(10,20,0,90,2,1",2",2)\n', "not all of it is read",
    ),
    "one line that is none": ('fk5\ncircle(10,20,5")\nhello\n', "not all of it is read"),
    "no radius": ("fk5\ncircle(10,20)\n", "is not read as ds9"),
    "negative radius": ('fk5\ncircle(10,20,-5")\n', "is not read as ds9"),
    "nan": ('fk5\ncircle(10,nan,5")\n', ""),
    "declination of 100": ('fk5\ncircle(10,100,5")\n', "is not read as ds9"),
    "a composite": ('fk5\nellipse(10,20,1",2",30) || circle(10,20,3")\n', "is not read as ds9"),
    "a polygon of two corners": ("fk5\npolygon(10,20,10.1,20,10,20)\n", "less than three corners"),
    "an unknown kind of CRTF": ("#CRTFv0\nfoo[[1deg,2deg],3deg], coord=ICRS\n", "as crtf"),
    "no text": (b"\x89PNG\r\n\xff\xfe", "(no text)"),
    "a FITS file": (b"SIMPLE  =                    T" + b" " * 50, ""),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_not_read_as_a_whole_is_refused_in_one_sentence(kind, file_of, tmp_path):
    content, reason = REFUSED[kind]
    file = str(tmp_path / "gone.reg") if content is None else file_of(content)
    with pytest.raises(ConfigError) as refused:
        read_area(file, "measure.leave_out")
    told = str(refused.value)
    assert told.startswith(f"measure.leave_out={file}: ")
    assert reason in told
    assert "\n" not in told
    assert ";" in told


def test_a_radius_without_a_unit_is_refused():
    with pytest.raises(ConfigError, match="give the radius a unit"):
        read_area("circle(10, 20, 5)", "measure.region")


STARS = SkyCoord([10.0, 359.9999, 10.5] * u.deg, [20.0, -0.5, 89.9] * u.deg)


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("stars.ecsv", {"RA": STARS.ra, "Dec": STARS.dec}),
        ("stars.ecsv", {"id": [1, 2, 3], "RA_ICRS": STARS.ra.hourangle * u.hourangle,
                        "DE_ICRS": STARS.dec.arcmin * u.arcmin}),
        ("stars.csv", {"_RAJ2000": STARS.ra.deg, "_DEJ2000": STARS.dec.deg}),
        ("stars.csv", {"ra": STARS.ra.to_string(u.hour, sep=":", precision=5),
                       "dec": STARS.dec.to_string(u.deg, sep=":", precision=5)}),
        ("stars.fits", {"ALPHA_J2000": STARS.ra.deg, "DELTA_J2000": STARS.dec.deg}),
        ("stars.fits", {"ra": STARS.ra.to_string(u.hour, sep=":", precision=5),
                        "dec": STARS.dec.to_string(u.deg, sep=":", precision=5)}),
    ],
)  # fmt: skip
def test_positions_are_read_whatever_their_columns_are_called(name, columns, tmp_path):
    Table(columns).write(tmp_path / name)
    found = SkyCoord(read_star_list(str(tmp_path / name), "measure.stars").positions * u.deg)
    assert found.separation(STARS).arcsec == pytest.approx(np.zeros(3), abs=2e-4)


def test_points_of_ds9_are_stars_but_those_with_a_minus(file_of):
    file = file_of('icrs\npoint(10,20) # point=x\ncircle(359.9999,-0.5,1")\n-point(11,21)\n')
    found = SkyCoord(read_star_list(file, "measure.stars").positions * u.deg)
    assert found.separation(STARS[:2]).arcsec == pytest.approx(np.zeros(2), abs=1e-6)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("gone.csv", None, "no such file"),
        ("stars.txt", "ra dec\n1 2\n", "not known by its ending"),
        ("stars.csv", "x,y\n1,2\n", "no column named ra among x, y"),
        ("stars.csv", "ra,x\n1,2\n", "no column named dec among ra, x"),
        ("stars.csv", "ra,dec\n", "holds no star"),
        ("stars.csv", "ra,dec\n1,2\n3,\n", "row 2 has no position"),
        ("stars.csv", "ra,dec\n1,200\n", "are no positions"),
        ("stars.csv", "ra,dec\nabc,def\n", "are no positions"),
        ("stars.fits", "no FITS file", "is not read as fits"),
        ("stars.ecsv", "ra dec\n1 2\n", "is not read as ascii.ecsv"),
        ("stars.reg", "image\npoint(10,20)\n", "holds pixel coordinates"),
        ("stars.reg", "fk5\npolygon(10,20,10.1,20,10.1,20.1)\n", "holds no star"),
    ],
)
def test_lists_that_cannot_be_used_are_refused_in_one_sentence(name, content, reason, tmp_path):
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(ConfigError) as refused:
        read_star_list(str(tmp_path / name), "measure.stars")
    told = str(refused.value)
    assert told.startswith(f"measure.stars={tmp_path / name}: ")
    assert reason in told
    assert "\n" not in told
