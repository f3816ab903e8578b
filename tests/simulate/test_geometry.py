from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import QTable

from hstdriz_study.simulate.bands import BANDS
from hstdriz_study.simulate.distortion import idctab_name, write_idctab
from hstdriz_study.simulate.headers import ExposureHeader, LinearWCS
from hstdriz_study.simulate.pointing import reference_directory, true_views

if TYPE_CHECKING:
    from pathlib import Path

ARCSEC = 3600.0
CRVAL = (150.0, 2.2)


def _views(band: Any, windows: Any, reference: Path) -> Any:
    header = ExposureHeader(
        band=band,
        rootname="jsytest1q",
        index=0,
        windows=windows,
        target_deg=CRVAL,
        postarg_arcsec=(0.0, 0.0),
        linear=(LinearWCS(CRVAL, ((1e-5, 0.0), (0.0, 1e-5))),) * len(windows),
    )
    with reference_directory(band.detector, reference):
        return true_views(header)


def _grid(nx: int, ny: int) -> Any:
    x, y = np.meshgrid(np.linspace(0, nx - 1, 9), np.linspace(0, ny - 1, 9))
    return np.column_stack([x.ravel(), y.ravel()])


def _separation_arcsec(one: Any, other: Any) -> Any:
    difference = (one - other) * ARCSEC
    difference[:, 0] *= np.cos(np.deg2rad(CRVAL[1]))
    return np.abs(difference).max()


@pytest.mark.parametrize("name", ["f160w", "f814w", "uvis_f814w"])
def test_subarray_wcs_equals_the_full_frame_at_the_same_physical_pixel(
    name: str, tmp_path: Path
) -> None:
    band = BANDS[name]
    views = []
    for windows in (band.detector.subarray, band.detector.full_frame):
        write_idctab(tmp_path / idctab_name(band.detector), band, windows)
        views.append(_views(band, windows, tmp_path))
    for window, part, whole in zip(band.detector.subarray, *views, strict=True):
        pixels = _grid(window.nx, window.ny)
        seen = part.wcs.all_pix2world(pixels, 0)
        expected = whole.wcs.all_pix2world(pixels + np.array([window.x0, window.y0]), 0)
        assert _separation_arcsec(seen, expected) < 1e-6


@pytest.mark.parametrize("name", ["f606w", "f814w"])
def test_acs_distortion_equals_the_published_table(
    name: str, tmp_path: Path, published_references: Path
) -> None:
    band = BANDS[name]
    windows = band.detector.full_frame
    write_idctab(tmp_path / idctab_name(band.detector), band, windows)
    ours = _views(band, windows, tmp_path)
    published = tmp_path / "published"
    published.mkdir()
    source = published_references / "jref" / "0461802ej_idc.fits"
    (published / idctab_name(band.detector)).write_bytes(source.read_bytes())
    theirs = _views(band, windows, published)
    for one, other in zip(ours, theirs, strict=True):
        pixels = _grid(4096, 2048)
        difference = _separation_arcsec(
            one.wcs.all_pix2world(pixels, 0), other.wcs.all_pix2world(pixels, 0)
        )
        assert difference < 1e-9


@pytest.mark.parametrize(("name", "gap_arcsec"), [("f814w", 2.5), ("uvis_f814w", 1.2)])
def test_subarrays_lie_on_both_sides_of_the_chip_gap(
    name: str, gap_arcsec: float, tmp_path: Path
) -> None:
    band = BANDS[name]
    write_idctab(tmp_path / idctab_name(band.detector), band, band.detector.subarray)
    lower, upper = _views(band, band.detector.subarray, tmp_path)
    middle = (lower.nx - 1) / 2
    top = lower.wcs.all_pix2world([[middle, lower.ny - 1.0]], 0)
    bottom = upper.wcs.all_pix2world([[middle, 0.0]], 0)
    assert _separation_arcsec(top, bottom) == pytest.approx(gap_arcsec, abs=0.6)


@pytest.mark.parametrize("name", ["f160w", "f814w", "uvis_f814w"])
def test_updatewcs_finds_the_true_coordinates(simulated: Any, updated: Any, name: str) -> None:
    made = simulated(name)
    table = QTable.read(made.truth / f"pointing_{name}.ecsv")
    for row, path in zip(table, updated(made), strict=True):
        header = fits.getheader(path, "SCI", 1)
        assert header["WCSNAME"].startswith("IDC")
        assert header["CTYPE1"] == "RA---TAN-SIP"
        assert header["CRVAL1"] == pytest.approx(row["true_ra"].value, abs=1e-12)
        assert header["CRVAL2"] == pytest.approx(row["true_dec"].value, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "tolerance_px"), [("f160w", 0.012), ("f814w", 1e-3), ("uvis_f814w", 1e-3)]
)
def test_dithers_sample_the_ideal_half_pixel_box(
    simulated: Any, updated: Any, name: str, tolerance_px: float
) -> None:
    from stwcs.wcsutil import HSTWCS

    wcss = []
    for path in updated(simulated(name)):
        with fits.open(path) as hdus:
            wcss.append(HSTWCS(hdus, ("SCI", 1)))
    middle = (np.array(wcss[0].pixel_shape) - 1) / 2
    sky = wcss[0].all_pix2world([middle], 0)
    moves = np.array([wcs.all_world2pix(sky, 0)[0] - middle for wcs in wcss])
    phases = np.sort(np.round(2 * (moves % 1)) % 2 @ [2, 1])
    assert np.array_equal(phases, [0, 1, 2, 3])
    assert np.abs(2 * moves - np.round(2 * moves)).max() / 2 < tolerance_px


def test_ir_postarg_is_the_published_pattern(simulated: Any) -> None:
    made = simulated("f160w")
    postarg = [
        (fits.getval(path, "POSTARG1"), fits.getval(path, "POSTARG2")) for path in made.exposures
    ]
    assert postarg == [(0.0, 0.0), (0.542, 0.182), (0.339, 0.485), (-0.203, 0.303)]
