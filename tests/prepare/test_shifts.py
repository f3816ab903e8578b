"""Shift files and what is aligned to: what cannot be used is named, with its file."""

from __future__ import annotations

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table
from astropy.wcs import WCS

from hstdriz_study.contracts import Shift
from hstdriz_study.errors import AlignmentError, ConfigError
from hstdriz_study.prepare.align_to import read_reference
from hstdriz_study.prepare.settings import AlignTo
from hstdriz_study.prepare.shifts import given_shifts

HEAD = "# frame: output\n# refimage: wcs.fits[wcs]\n# form: delta\n# units: pixels\n"
LINES = "b_flt.fits 0.5 -0.25 0.01 1.0002\na_flt.fits 0 0 0 1 0.1 0.2\n"
NAMES = ["a_flt.fits", "b_flt.fits"]


def header() -> fits.Header:
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = "RA---TAN", "DEC--TAN"
    wcs.wcs.crval, wcs.wcs.crpix, wcs.wcs.cdelt = (150, 2), (10, 10), (-1e-5, 1e-5)
    return wcs.to_header()


@pytest.fixture
def shift_file(tmp_path):
    fits.HDUList([fits.PrimaryHDU(), fits.ImageHDU(header=header(), name="WCS")]).writeto(
        tmp_path / "wcs.fits"
    )
    path = tmp_path / "shift.txt"

    def write(text: str = HEAD + LINES):
        path.write_text(text)
        return path

    return write


def test_shifts_are_read_in_the_order_of_the_exposures(shift_file):
    first, second = given_shifts(shift_file(), NAMES)
    assert first == Shift("a_flt.fits", 0.0, 0.0, 0.1, 0.2, 0.0, 1.0)
    assert (second.dx_px, second.dy_px) == (0.5, -0.25)
    assert (second.rotation_deg, second.scale) == (0.01, 1.0002)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + "a_flt.fits 0 0 0 1\n", "has no shift of b_flt.fits; add a line"),
        (HEAD + LINES + "c_flt.fits 1 2\n", "line 7 is not of a shift file"),
        (HEAD + LINES + "c_flt.fits one 2 0 1\n", "line 7 is not of a shift file"),
        (HEAD + LINES.replace("0.5", "nan"), "the shift of b_flt.fits is no finite number"),
        (HEAD.replace("delta", "absolute") + LINES, "says form: absolute; only form: delta"),
        (HEAD.replace("pixels", "arcsec") + LINES, "says units: arcsec; only units: pixels"),
        (HEAD.replace("wcs.fits", "gone.fits") + LINES, "gone.fits, is not beside it"),
        (LINES, "# refimage: NAME, is not beside it"),
        (HEAD.replace("wcs.fits[wcs]", "shift.txt") + LINES, "shift.txt beside it holds no WCS"),
    ],
)
def test_a_file_that_gives_no_shifts_is_named_with_what_is_wrong(shift_file, text, said):
    path = shift_file(text)
    with pytest.raises(AlignmentError) as refused:
        given_shifts(path, NAMES)
    assert str(path) in str(refused.value)
    assert said in str(refused.value)


def to(path) -> AlignTo:
    return AlignTo(path, expand_refcat=False, threshold=10.0, psf_fwhm_arcsec=0.2)


@pytest.mark.parametrize(
    ("names", "name"),
    [(("ra", "dec"), "a.ecsv"), (("RAJ2000", "DEJ2000"), "a.fits"), (("ra", "dec"), "a.csv")],
)
def test_a_catalogue_is_read_by_the_names_of_its_columns(tmp_path, names, name):
    path = tmp_path / name
    Table({"id": [1, 2], names[0]: [150.1, 150.2], names[1]: [2.1, 2.2]}).write(path)
    reference = read_reference(to(path), tmp_path)
    assert (reference.file, reference.pixel_arcsec) == ("align_to.cat", None)
    assert np.loadtxt(tmp_path / "align_to.cat").tolist() == [[150.1, 2.1], [150.2, 2.2]]


def test_a_text_without_a_head_begins_with_the_two_coordinates(tmp_path):
    path = tmp_path / "a.cat"
    path.write_text("150.1 2.1 20.5\n150.2 2.2 21.5\n")
    read_reference(to(path), tmp_path)
    assert np.loadtxt(tmp_path / "align_to.cat").tolist() == [[150.1, 2.1], [150.2, 2.2]]


def test_sources_of_an_image_are_told_by_its_own_sky_and_pixels(tmp_path):
    path = tmp_path / "drz.fits"
    pixels = np.random.default_rng(1).normal(0, 0.02, (200, 200)).astype(np.float32)
    pixels[:20] = 0  # no exposure is there
    pixels[50, 50] = np.nan
    fits.HDUList([fits.PrimaryHDU(), fits.ImageHDU(pixels, header(), name="SCI")]).writeto(path)
    reference = read_reference(to(path), tmp_path)
    assert (tmp_path / "align_to.fits").read_bytes() == path.read_bytes()
    assert reference.pixel_arcsec == pytest.approx(0.036)
    assert reference.imagefind["skysigma"] == pytest.approx(0.02, rel=0.03)
    assert reference.imagefind["conv_width"] == pytest.approx(0.2 / 0.036, abs=1e-3)
    assert reference.imagefind["threshold"] == 10.0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "there is no such file or filter"),
        ("x,y\n1,2\n", "has no columns ra and dec; it has x, y"),
        ("ra,dec\n150.0,200.0\n", "hold no positions in degrees"),
        ("ra,dec\n10:00:00,+02:00:00\n", "is not in degrees"),
        ("", "has no columns ra and dec; it has none"),
    ],
)
def test_what_cannot_be_aligned_to_is_named(tmp_path, content, said):
    path = tmp_path / "a.csv"
    if content is not None:
        path.write_text(content)
    with pytest.raises(AlignmentError) as refused:
        read_reference(to(path))
    assert str(refused.value).startswith(f"prepare.align_to={path}: ")
    assert said in str(refused.value)


def test_an_image_without_a_place_on_the_sky_is_refused(tmp_path):
    path = tmp_path / "a.fits"
    fits.PrimaryHDU(np.ones((20, 20), np.float32)).writeto(path)
    with pytest.raises(AlignmentError, match="the image has no celestial WCS"):
        read_reference(to(path))


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        (["prepare.align_to=f814w"], "add prepare=tweakreg"),
        (["prepare=tweakreg", "prepare.shifts=a.txt"], "so TweakReg has none to find"),
        (["prepare.tweakreg_fitgeometry=rshift"], "one of shift, rscale, general"),
        (["prepare.wcs=''"], "1 to 200 printable characters"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(compose_config, overrides, said):
    with pytest.raises(ConfigError, match=said):
        compose_config(*overrides)
