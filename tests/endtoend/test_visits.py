"""Visits that are no plain dither: mosaics, half turns, unequal times, one chip, binned pixels."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits

from hstdriz_study.optics.detector import Window
from hstdriz_study.simulate import band_of, generate_filter
from hstdriz_study.simulate.pointing import turned

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.endtoend

POINT = ("drizzle.final_scale=0.08", "drizzle.final_pixfrac=0.8")
# of the default set at this point; a half-maximum width depends more on the phases of the pixel
HALF_OF_LIGHT_ARCSEC = 0.137


def small(name: str, side: int = 200):
    """Return a band of WFC3/IR whose window is a small square."""
    band = band_of(name)
    start = 507 - side // 2
    window = Window(start, start, side, side)
    return replace(band, detector=replace(band.detector, subarray=(window,)))


def measured(program, tmp_path, directory: Path, name: str, *overrides: str):
    outcome = program(
        tmp_path, f"filter={name}", f"dataset.path={directory}", f"filter.iref={directory}/ref",
        f"filter.jref={directory}/ref", *overrides,
    )  # fmt: skip
    assert outcome.code == 0, outcome.stdout + outcome.stderr
    (record,) = outcome.records
    return record, outcome.stderr


def test_a_mosaic_is_measured_where_equally_many_exposures_overlap(program, tmp_path, spec_of):
    directory = tmp_path / "mosaic"
    tiles = [(0.0, 0.0), (3.5, 2.5), (160.0, 0.0), (163.5, 2.5)]
    generate_filter(directory, small("f160w"), spec_of(), offsets_px=tiles)
    record, told = measured(program, tmp_path, directory, "f160w", *POINT)
    assert "the exposures are a mosaic: 2 of 4 overlap in the region that is measured" in told
    # weights of two exposures, and of no other number of them
    seconds = 2 * 602.937 * (0.08 / 0.12825) ** 2
    assert record.metrics["weight/median"].value == pytest.approx(seconds, rel=0.1)
    assert record.metrics["psf/ee50_arcsec"].value == pytest.approx(HALF_OF_LIGHT_ARCSEC, rel=0.05)


def test_visits_half_a_turn_apart_of_unequal_times_are_one_set(program, tmp_path, spec_of):
    directory, band = tmp_path / "turned", band_of("f160w")

    def second_visit(pointing):
        header = pointing.header
        if header.index < 2:
            return pointing
        shorter = replace(header, band=replace(band, exptime_s=band.exptime_s / 2))
        return turned(replace(pointing, header=shorter), 180.0)

    generate_filter(directory, band, spec_of(), altered=second_visit)
    record, _ = measured(program, tmp_path, directory, "f160w", *POINT)
    seconds = 3 * 602.937 * (0.08 / 0.12825) ** 2
    assert record.metrics["weight/median"].value == pytest.approx(seconds, rel=0.1)
    assert record.metrics["psf/ee50_arcsec"].value == pytest.approx(HALF_OF_LIGHT_ARCSEC, rel=0.05)


@pytest.mark.parametrize("ccdchip", [1, 2])
def test_subarrays_of_one_chip_are_measured(program, tmp_path, spec_of, ccdchip):
    directory = tmp_path / "one_chip"
    for path in generate_filter(directory, band_of("f814w"), spec_of()):
        keep_chip(path, ccdchip)
    record, _ = measured(
        program, tmp_path, directory, "f814w", "drizzle.final_scale=0.04",
        "drizzle.final_pixfrac=0.8", "measure.min_stars=3",
    )  # fmt: skip
    assert 0.09 < record.metrics["psf/fwhm_arcsec"].value < 0.13


def keep_chip(path: Path, ccdchip: int) -> None:
    """Make of an exposure of two chips one of a single chip."""
    with fits.open(path, mode="update", memmap=False) as hdus:
        kept = [hdu for hdu in hdus[1:] if hdu.header["CCDCHIP"] == ccdchip]
        del hdus[1:]
        for hdu in kept:
            hdu.ver = 1
            hdus.append(hdu)
        hdus[0].header["NEXTEND"] = len(kept)


def test_binned_exposures_are_refused_until_their_pixels_are_named(program, tmp_path, spec_of):
    directory = tmp_path / "binned"
    for path in generate_filter(directory, band_of("uvis_f606w"), spec_of(n_exposures=2)):
        binned(path)
    outcome = program(
        tmp_path, "check", "filter=uvis_f606w", f"dataset.path={directory}",
        f"filter.iref={directory}/ref",
    )  # fmt: skip
    assert outcome.code == 2
    assert "BINAXIS 2 x 2" in outcome.stdout
    assert "for binned exposures set filter.native_scale_arcsec=0.07" in outcome.stdout


def binned(path: Path) -> None:
    """Add up squares of 2 x 2 pixels of an exposure, as the detector does when it reads them."""
    with fits.open(path, mode="update", memmap=False) as hdus:
        for hdu in hdus[1:]:
            rows, columns = (size // 2 for size in hdu.shape)
            four = hdu.data[: 2 * rows, : 2 * columns].reshape(rows, 2, columns, 2)
            if hdu.name == "SCI":
                hdu.data = four.sum(axis=(1, 3))
            elif hdu.name == "ERR":
                hdu.data = np.sqrt((four**2).sum(axis=(1, 3)))
            else:
                hdu.data = np.bitwise_or.reduce(np.bitwise_or.reduce(four, axis=3), axis=1)
            header = hdu.header
            for key in ("CRPIX1", "CRPIX2"):
                header[key] = (header[key] + 0.5) / 2
            for key in ("CD1_1", "CD1_2", "CD2_1", "CD2_2"):
                header[key] *= 2
            header["BINAXIS1"] = header["BINAXIS2"] = 2


def test_exposures_of_a_moving_target_are_refused(program, tmp_path, spec_of):
    directory = tmp_path / "moving"
    paths = generate_filter(directory, small("f160w"), spec_of(n_exposures=2))
    fits.setval(paths[1], "MTFLAG", value="T")
    outcome = program(tmp_path, "filter=f160w", f"dataset.path={directory}", *POINT)
    assert outcome.code == 2
    assert "MTFLAG is T, the telescope followed a moving target" in outcome.stderr
