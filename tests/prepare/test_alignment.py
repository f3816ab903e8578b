import math

import numpy as np
import pytest
from astropy.io import fits

from hstdriz_study.contracts import Shift
from hstdriz_study.drizzlepac_options import tweakreg_options
from hstdriz_study.errors import AlignmentError
from hstdriz_study.prepare import replaced_solutions
from hstdriz_study.prepare.shifts import check_shifts, read_shifts
from hstdriz_study.study.config import prepare_settings

NAMES = ["a_flt.fits", "b_flt.fits"]


def shifts(dx_px: float = 0.3, rms_px: float = 0.05) -> list[Shift]:
    return [
        Shift("a_flt.fits", 0.0, 0.0, 0.0, 0.0),
        Shift("b_flt.fits", dx_px, -0.2, rms_px, rms_px),
    ]


@pytest.fixture
def limits(compose_config):
    return prepare_settings(compose_config("prepare=tweakreg"))


def test_shift_file_is_read(tmp_path):
    path = tmp_path / "shift.txt"
    path.write_text(
        "# frame: output\n# refimage: x\n"
        "a_flt.fits    0.000000  0.000000    0.000000     1.000000    0.000000    0.000000\n"
        "b_flt.fits    nan  -0.200000    0.000000     1.000000    0.050000    0.060000\n"
    )
    first, second = read_shifts(path)
    assert first == Shift("a_flt.fits", 0.0, 0.0, 0.0, 0.0)
    assert math.isnan(second.dx_px)
    assert second.yrms_px == 0.06


@pytest.mark.parametrize("name", ["f160w", "f814w", "uvis_f814w"])
def test_tweakreg_searches_a_whole_number_of_pixels_that_holds_an_arcsecond(compose_config, name):
    """Its first guess of a shift is wrong by the fraction, on both axes."""
    config = compose_config("prepare=tweakreg", f"filter={name}")
    options = tweakreg_options(prepare_settings(config).tweakreg)
    assert options["searchunits"] == "pixels"
    assert isinstance(options["searchrad"], int)
    assert 1.0 <= options["searchrad"] * config.filter.native_scale_arcsec < 1.15


def test_good_shifts_pass(limits):
    check_shifts(shifts(), NAMES, limits, 1)


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (shifts(dx_px=math.nan), "b_flt.fits is nan"),
        (shifts(dx_px=25.0), "more than prepare.tweakreg_max_shift_px"),
        (shifts(rms_px=0.4), "more than prepare.tweakreg_max_rms_px"),
        (shifts(rms_px=math.nan), "more than prepare.tweakreg_max_rms_px"),
        (shifts()[:1], "no shift for b_flt.fits"),
    ],
)
def test_bad_shift_fails_loudly_and_names_the_exposure(limits, found, message):
    with pytest.raises(AlignmentError, match=message):
        check_shifts(found, NAMES, limits, 1)


def test_fitted_solutions_that_updatewcs_would_replace_are_named(tmp_path, compose_config):
    paths = []
    for name in ("IDC_0461802ej-FIT_REL_GAIAeDR3", "IDC_0461802ej"):
        science = fits.ImageHDU(np.zeros((2, 2)), name="SCI", ver=1)
        science.header["WCSNAME"] = name
        paths.append(tmp_path / f"{len(paths)}_flc.fits")
        fits.HDUList([fits.PrimaryHDU(), science]).writeto(paths[-1])
    (told,) = replaced_solutions(prepare_settings(compose_config()), paths)
    assert "(IDC_0461802ej-FIT_REL_GAIAeDR3)" in told
    assert "prepare.wcs=IDC_0461802ej-FIT_REL_GAIAeDR3" in told
