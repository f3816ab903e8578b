import numpy as np
import pytest
from astropy.io import fits
from stwcs.wcsutil import HSTWCS

from hstdriz_study.prepare import near_saturated, star_core_flagged_fraction


@pytest.fixture
def flagged_exposure(tmp_path):
    """One small undistorted chip with known flags, and the sky positions of three pixels."""
    chip = fits.ImageHDU(np.zeros((60, 60), np.float32), name="SCI", ver=1)
    chip.header.update(
        CTYPE1="RA---TAN", CTYPE2="DEC--TAN", CRVAL1=150.0, CRVAL2=2.0, CRPIX1=30.0, CRPIX2=30.0,
        CD1_1=-1.4e-5, CD1_2=0.0, CD2_1=0.0, CD2_2=1.4e-5, LTV1=0.0, LTV2=0.0,
    )  # fmt: skip
    dq = np.zeros((60, 60), np.int16)
    dq[20, 10:12] = 4096
    dq[22, 40] = 256
    primary = fits.PrimaryHDU()
    primary.header.update(INSTRUME="WFC3", DETECTOR="IR", FILTER="F160W", ROOTNAME="x")
    path = tmp_path / "x_flt.fits"
    fits.HDUList([primary, chip, fits.ImageHDU(dq, name="DQ", ver=1)]).writeto(path)
    with fits.open(path) as hdus:
        wcs = HSTWCS(hdus, ("SCI", 1))
    ra, dec = wcs.all_pix2world([10.0, 40.0, 0.0], [20.0, 20.0, 0.0], 0)
    return path, ra, dec


def test_flagged_core_pixels_are_counted_over_those_on_the_chip(flagged_exposure):
    path, ra, dec = flagged_exposure
    # two of nine, none of nine, none of the four that the corner has
    assert star_core_flagged_fraction([path], ra, dec) == pytest.approx(2 / 22)


def test_fraction_without_stars_is_nan(flagged_exposure):
    path, ra, dec = flagged_exposure
    assert np.isnan(star_core_flagged_fraction([path], ra[:0], dec[:0]))


def test_saturation_is_seen_within_two_pixels(flagged_exposure):
    path, ra, dec = flagged_exposure
    assert near_saturated([path], ra, dec).tolist() == [False, True, False]
