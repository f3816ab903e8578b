"""Subarrays, binned frames and lookup tables: the same sky at the same pixel of the detector.

The tables are self-made, in the layout of the ACS/WFC and WFC3/UVIS reference files: distortion of
order 4 by which a corner moves by tens of pixels, nodes every 64 pixels with values of up to 0.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits

from hstdriz_study.foreign import confined
from hstdriz_study.prepare.mending import mend_wcs
from hstdriz_study.prepare.wcs import run_updatewcs
from tests.prepare.wcs_files import (
    CHIPS,
    PIXEL_ARCSEC,
    Part,
    sky_deg,
    write_exposure,
    write_references,
)

if TYPE_CHECKING:
    from pathlib import Path

FULL = Part()
SUBARRAYS = [Part(x0=1600, y0=500, nx=1024, ny=1024, chips=(chip,)) for chip in CHIPS]
BINNED = [Part(binning=binning) for binning in (2, 3)]


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("wcs")
    write_references(made)
    return made


@pytest.fixture(scope="module")
def pointing(directory: Path) -> dict[int, tuple[float, float]]:
    """Where updatewcs puts the reference pixel of each chip of a full frame."""
    path = _updated(directory, "first_flc.fits", FULL, {2: (150.0, 2.0), 1: (150.0, 2.02)})
    with fits.open(path) as hdus:
        heads = [hdu.header for hdu in hdus if hdu.name == "SCI"]
    return {head["CCDCHIP"]: (head["CRVAL1"], head["CRVAL2"]) for head in heads}


def _updated(
    directory: Path, name: str, part: Part, pointing: dict[int, tuple[float, float]]
) -> Path:
    path = write_exposure(directory / name, part, pointing)
    with confined(directory, {"iref": f"{directory}/"}, directory / "log"):
        run_updatewcs([name])
    return path


def _apart_px(one: Path, other: Path, part: Part, chip: int) -> float:
    """Return the largest distance of the same pixels of a chip in two files, unbinned pixels."""
    draw = np.random.default_rng(7)
    x = draw.uniform(part.x0 + 1, part.x0 + part.nx, 400)
    y = draw.uniform(part.y0 + 1, part.y0 + part.ny, 400)
    (ra, dec), (ra2, dec2) = (sky_deg(path, chip, x, y) for path in (one, other))
    away = np.hypot((ra - ra2) * np.cos(np.radians(dec)), dec - dec2)
    return float(away.max() * 3600 / PIXEL_ARCSEC)


@pytest.mark.parametrize("part", SUBARRAYS, ids=lambda part: f"chip{part.chips[0]}")
def test_a_subarray_has_the_positions_of_the_full_frame(directory, pointing, part):
    full = _updated(directory, "full_flc.fits", FULL, pointing)
    sub = _updated(directory, "sub_flc.fits", part, pointing)
    (chip,) = part.chips
    assert _apart_px(full, sub, part, chip) > 0.02  # what stwcs 1.7.7 makes; else nothing to mend
    mend_wcs(full)
    mend_wcs(sub)
    assert _apart_px(full, sub, part, chip) < 0.001


@pytest.mark.parametrize("part", BINNED, ids=lambda part: f"binned{part.binning}")
def test_a_binned_frame_has_the_positions_of_the_unbinned_one(directory, pointing, part):
    full = _updated(directory, "full_flc.fits", FULL, pointing)
    binned = _updated(directory, "binned_flc.fits", part, pointing)
    assert _apart_px(full, binned, part, 2) > 0.1  # what stwcs 1.7.7 makes
    mend_wcs(full)
    mend_wcs(binned)
    assert max(_apart_px(full, binned, part, chip) for chip in CHIPS) < 0.001


def test_the_first_node_of_a_table_is_read_at_the_first_pixel(directory, pointing):
    full = _updated(directory, "full_flc.fits", FULL, pointing)
    mend_wcs(full)
    with fits.open(full) as hdus:
        table = hdus["WCSDVARR", 1]
        assert [table.header[key] for key in ("CRPIX1", "CRVAL1", "CDELT1")] == [1.0, 1.0, 64.0]
        from astropy.wcs import WCS

        wcs, values = WCS(hdus["SCI", 1].header, hdus), table.data
        nodes = np.array([0, 1, 20])
        shift = wcs.p4_pix2foc(1.0 + 64 * nodes, np.ones(3), 1)[0] - (1.0 + 64 * nodes)
    assert shift == pytest.approx(values[0, nodes], abs=1e-6)


def test_what_has_been_put_right_stays_as_it_is(directory, pointing):
    full = _updated(directory, "full_flc.fits", Part(binning=2), pointing)
    mend_wcs(full)
    once = full.read_bytes()
    mend_wcs(full)
    assert full.read_bytes() == once


def test_updatewcs_makes_anew_what_was_put_right(directory, pointing):
    binned = _updated(directory, "again_flc.fits", BINNED[0], pointing)
    mend_wcs(binned)
    once = sky_deg(binned, 2, np.array([30.0]), np.array([40.0]))
    with confined(directory, {"iref": f"{directory}/"}, directory / "log"):
        run_updatewcs([binned.name])
    mend_wcs(binned)
    assert sky_deg(binned, 2, np.array([30.0]), np.array([40.0])) == pytest.approx(once, abs=1e-10)


def test_tables_that_already_move_with_the_subarray_are_not_turned(directory, pointing):
    sub = _updated(directory, "turned_flc.fits", SUBARRAYS[0], pointing)
    with fits.open(sub, mode="update") as hdus:
        for hdu in (hdu for hdu in hdus if hdu.name in ("WCSDVARR", "D2IMARR")):
            for axis in (1, 2):
                hdu.header[f"CRVAL{axis}"] *= -1
    mend_wcs(sub)
    with fits.open(sub) as hdus:
        assert hdus["WCSDVARR", 1].header["CRVAL1"] == 1.0 - 1600


def test_what_a_fit_wrote_of_itself_goes_with_the_fit(directory, pointing):
    path = write_exposure(directory / "fitted_flc.fits", FULL, pointing)
    for keyword, value in {"WCSNAME": "IDC_x-FIT_REL_GAIAeDR3", "HDRNAME": "a", "RMS_RA": 6.2,
                           "FITGEOM": "rscale"}.items():  # fmt: skip
        fits.setval(path, keyword, value=value, extname="SCI", extver=1)
    with confined(directory, {"iref": f"{directory}/"}, directory / "log"):
        run_updatewcs([path.name])
    header = fits.getheader(path, "SCI", 1)
    assert "FIT" not in header["WCSNAME"]
    assert not {"HDRNAME", "RMS_RA", "FITGEOM"} & set(header)
