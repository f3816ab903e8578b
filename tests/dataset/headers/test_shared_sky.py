import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hstdriz_study.dataset.headers.claims import ChipClaims, Claims
from hstdriz_study.dataset.headers.shared_sky import check_shared_sky
from hstdriz_study.errors import DatasetError

SIDE_ARCSEC = 100.0


def exposure(name, ra_deg, dec_deg, turned_deg=0.0, target="FIELD"):
    """Return the claims of one square chip of 1000 pixels a side."""
    scale, angle = SIDE_ARCSEC / 1000 / 3600, np.radians(turned_deg)
    cd = scale * np.array([[-np.cos(angle), np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    chip = ChipClaims(
        1, 1, (1000, 1000), (500.5, 500.5, ra_deg, dec_deg, *cd.ravel()),
        "ELECTRONS", 1.0, 7e-20, 8000.0, "", None, (1, 1), ("RA---TAN", "DEC--TAN"),
    )  # fmt: skip
    return Claims(
        name=name, detector="WFC", target=target, quality="", exposure_flag="", image_type="EXT",
        observation_type="IMAGING", moving=False, ramp_wavelength_angstrom=0.0,
        transfer_corrected=True, idctab="x", chips=(chip,),
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0, 360),
    st.floats(-89.5, 89.5),
    st.floats(0, 360),
    st.floats(0, 0.9),
    st.floats(0, 360),
)
def test_a_dither_inside_the_field_shares_sky_wherever_it_is(ra, dec, turned, part, direction):
    """Centres nearer than a side apart along one axis of the chips share sky."""
    step = part * SIDE_ARCSEC / 3600
    north = step * np.cos(np.radians(direction)) / np.sqrt(2)
    east = step * np.sin(np.radians(direction)) / np.sqrt(2)
    other_dec = float(np.clip(dec + north, -89.9, 89.9))
    other = exposure("b", ra + east / np.cos(np.radians(other_dec)), other_dec, turned)
    check_shared_sky([exposure("a", ra, dec, turned), other], "filter=x")


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 360), st.floats(-80, 80), st.floats(1.6, 3600), st.floats(0, 360))
def test_pointings_farther_apart_than_a_diagonal_are_refused(ra, dec, sides, direction):
    step = sides * SIDE_ARCSEC / 3600
    north, east = step * np.cos(np.radians(direction)), step * np.sin(np.radians(direction))
    other_dec = float(np.clip(dec + north, -89, 89))
    other = exposure("b", ra + east / np.cos(np.radians(other_dec)), other_dec, target="OTHER")
    with pytest.raises(DatasetError, match=r"no part of the sky .*: b \(TARGNAME OTHER\) is "):
        check_shared_sky([exposure("a", ra, dec), other], "filter=x")


def in_a_row(*sides):
    """Return exposures at distances east of a place, in sides of one."""
    side = SIDE_ARCSEC / 3600
    return [exposure(name, 10 + at * side, 0) for name, at in zip("abcd", sides, strict=False)]


def test_a_mosaic_of_which_each_overlaps_the_next_is_taken_in_any_order():
    for order in itertools.permutations(in_a_row(0, 0.8, 1.6)):
        check_shared_sky(order, "filter=x")


def test_two_pairs_that_share_no_sky_are_refused_with_the_first_that_lies_apart():
    with pytest.raises(DatasetError, match=r"nor are they a mosaic: c .* shares nothing with a, b"):
        check_shared_sky(in_a_row(0, 0.3, 2.5, 2.8), "filter=x")
