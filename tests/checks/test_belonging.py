"""Exposures of the simulator, sound or with a fault planted in one of them, side by side."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits
from scipy.ndimage import convolve1d, shift

from hstdriz_study.checks import (
    SideBySide,
    lacking_in_combination,
    misalignment_arcsec,
    wrong_side_by_side,
)
from hstdriz_study.checks.by_exposure import exposures_table
from hstdriz_study.contracts import as_warning, refuse_stopping
from hstdriz_study.errors import DatasetError
from hstdriz_study.json_files import read_json, write_json
from hstdriz_study.simulate import BANDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Fault = Callable[[fits.HDUList, int], None]

NAMES = ("f160w", "f814w")
ODD = 2  # the exposure that has the fault


@pytest.fixture
def planted(sound, tmp_path) -> Callable[[str, Fault], list[Path]]:
    """Copy the exposures of a filter, one of them with a fault."""

    def plant(name: str, fault: Fault) -> list[Path]:
        copies = [shutil.copy(path, tmp_path / path.name) for path in sound[name]]
        with fits.open(copies[ODD], mode="update", memmap=False) as hdus:
            for version in [hdu.ver for hdu in hdus if hdu.name == "SCI"]:
                fault(hdus, version)
        return copies

    return plant


def scaled(factor: float, *arrays: str) -> Fault:
    def fault(hdus: fits.HDUList, version: int) -> None:
        for array in arrays:
            hdus[array, version].data *= np.float32(factor)

    return fault


def widened(fwhm_px: float) -> Fault:
    """Smear stars to a FWHM 15 % larger than that in the native-scale product."""
    variance = (fwhm_px / 2.3548) ** 2 * (1.15**2 - 1)
    kernel = np.array([variance / 2, 1 - variance, variance / 2])

    def fault(hdus: fits.HDUList, version: int) -> None:
        smeared = convolve1d(convolve1d(hdus["SCI", version].data, kernel, 0), kernel, 1)
        hdus["SCI", version].data = smeared.astype(np.float32)

    return fault


def trailed(length_px: float) -> Fault:
    steps = np.linspace(-length_px / 2, length_px / 2, 31)

    def fault(hdus: fits.HDUList, version: int) -> None:
        image = hdus["SCI", version].data
        moved = [shift(image, (0, step), order=1, mode="nearest") for step in steps]
        hdus["SCI", version].data = np.mean(moved, axis=0).astype(np.float32)

    return fault


def displaced(pixels: float) -> Fault:
    def fault(hdus: fits.HDUList, version: int) -> None:
        hdus["SCI", version].header["CRPIX1"] += pixels

    return fault


def brighter_sky(factor: float) -> Fault:
    """Add light that brings the noise of its own electrons."""

    def fault(hdus: fits.HDUList, version: int) -> None:
        science, error = hdus["SCI", version], hdus["ERR", version]
        rate = science.header["BUNIT"].endswith("/S")
        seconds = hdus[0].header["EXPTIME"] if rate else 1.0
        more = (factor - 1) * np.median(science.data) * seconds
        added = np.random.default_rng(5).poisson(more, science.shape)
        science.data = (science.data + added / seconds).astype(np.float32)
        error.data = np.sqrt(error.data**2 + more / seconds**2).astype(np.float32)

    return fault


def squared_error(hdus: fits.HDUList, version: int) -> None:
    hdus["ERR", version].data **= 2


def blank(hdus: fits.HDUList, version: int) -> None:
    hdus["SCI", version].data[:] = 0


def all_flagged(hdus: fits.HDUList, version: int) -> None:
    hdus["DQ", version].data |= 4


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (scaled(1.1, "SCI", "ERR"), "flux"),
        (scaled(1 / 1.1, "SCI", "ERR"), "flux"),
        (scaled(1.5, "SCI", "ERR"), "sky"),
        (scaled(1.5, "SCI"), "noise"),
        (scaled(600, "SCI"), "noise"),
        (squared_error, "noise"),
        (trailed(1.5), "width"),
        (trailed(9), "stars"),
        (displaced(3.0), "shift"),
        (displaced(200.0), "stars"),
        (blank, "empty"),
        (all_flagged, "empty"),
    ],
)
def test_a_fault_of_one_exposure_stops_the_study_under_its_kind_and_no_other_is_blamed(
    planted, judged, name, fault, kind
) -> None:
    paths = planted(name, fault)
    stopping = [one for one in judged(name, paths) if one.stops]
    assert kind in {one.kind for one in stopping}
    assert {one.told.partition(":")[0] for one in stopping} == {paths[ODD].name}
    assert all("dataset.exclude=[" in one.told for one in stopping)


@pytest.mark.parametrize(("name", "fwhm_px"), [("f160w", 1.79), ("f814w", 2.2)])
def test_stars_wider_by_15_per_cent_stop_the_study(planted, judged, name, fwhm_px) -> None:
    found = judged(name, planted(name, widened(fwhm_px)))
    assert "width" in {one.kind for one in found if one.stops}


@pytest.mark.parametrize("name", NAMES)
def test_what_leaving_out_a_trailed_exposure_would_give_is_told(planted, looked, judged, name):
    paths = planted(name, trailed(1.5))
    table = exposures_table(looked(name, paths), 0.06)
    assert np.argmax(table["ellipticity"]) == np.argmax(table["fwhm_over_others"]) == ODD
    others = np.delete(np.asarray(table["ellipticity"]), ODD)
    assert table["ellipticity"][ODD] > max(others) + 5 * table["ellipticity_err"][ODD]
    (found,) = [one.told for one in judged(name, paths) if one.kind == "width"]
    assert "it is trailed (ellipticity 0." in found
    assert f"makes the stars {table['fwhm_without'][ODD]:.3g} times as wide" in found
    assert found.endswith("0.16 mag shallower")  # 1.25 lg (4 / 3)


@pytest.mark.parametrize("name", NAMES)
def test_a_trail_that_a_sharp_focus_hides_in_the_width_shows_in_the_shape(
    planted, looked, limits, name
):
    seen = looked(name, planted(name, trailed(1.5)))
    sharper = seen.fwhm_arcsec.copy()
    sharper[ODD] *= 0.94
    (found,) = wrong_side_by_side(replace(seen, fwhm_arcsec=sharper), limits, 0.05)
    assert found.stops
    assert found.kind == "width"
    assert found.told.startswith(f"{seen.names[ODD]}: it is trailed (ellipticity 0.")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("fault", "kind"),
    [(displaced(0.3), "shift"), (brighter_sky(1.5), "sky"), (brighter_sky(3.0), "sky")],
)
def test_small_shifts_and_scattered_light_are_told_and_stop_nothing(
    planted, judged, name, fault, kind
) -> None:
    paths = planted(name, fault)
    (finding,) = judged(name, paths)
    assert (finding.kind, finding.stops) == (kind, False)
    assert finding.told.startswith(f"{paths[ODD].name}: ")


@pytest.mark.parametrize("name", NAMES)
def test_how_far_exposures_lie_off_each_other_is_known_where_one_surely_does(
    planted, sound, looked, limits, name
) -> None:
    native_arcsec = BANDS[name].detector.pixel_arcsec[0]
    assert misalignment_arcsec(looked(name, sound[name]), limits, native_arcsec) == 0.0
    seen = looked(name, planted(name, displaced(0.3)))
    # one of four exposures is displaced, along an axis
    rms_px = 0.3 * np.sqrt(3 / 4**2 / 2)
    found_px = misalignment_arcsec(seen, limits, native_arcsec) / native_arcsec
    assert 0.9 * rms_px < found_px < 1.6 * rms_px


def test_visits_that_disagree_are_misaligned_whichever_is_right(sound, tmp_path, judged) -> None:
    copies = [shutil.copy(path, tmp_path / path.name) for path in sound["f814w"]]
    for path in copies[2:]:
        for version in (1, 2):
            fits.setval(path, "CRPIX2", value=fits.getval(path, "CRPIX2", "SCI", version) + 10,
                        extname="SCI", extver=version)  # fmt: skip
    stopping = [one for one in judged("f814w", copies) if one.stops]
    assert [one.kind for one in stopping] == ["shift", "shift"]
    assert all(
        "do not lie on each other; align the exposures with prepare=tweakreg" in one.told
        for one in stopping
    )


def test_of_two_exposures_both_are_named(planted, judged) -> None:
    paths = planted("f814w", scaled(1.2, "SCI", "ERR"))[1:3]
    (first, second) = judged("f814w", paths)
    assert f"in {paths[1].name} (limit" in first.told
    assert f"in {paths[0].name} (limit" in second.told


def test_what_is_kept_is_read_back_as_it_was(sound, looked, limits, tmp_path) -> None:
    seen = looked("f160w", sound["f160w"])
    write_json(tmp_path / "seen.json", seen.as_json())
    again = SideBySide.from_json(read_json(tmp_path / "seen.json"))
    np.testing.assert_array_equal(again.place_arcsec, seen.place_arcsec)
    np.testing.assert_array_equal(again.flux, seen.flux)
    np.testing.assert_array_equal(again.elongation, seen.elongation)
    assert (again.levels, again.n_found) == (seen.levels, seen.n_found)
    strict = replace(limits, max_cosmic_ray_fraction=-1.0)
    assert wrong_side_by_side(again, strict, 0.13) == wrong_side_by_side(seen, strict, 0.13)


def test_only_what_is_accepted_passes(limits, sound, looked) -> None:
    strict = replace(limits, max_cosmic_ray_fraction=-1.0)
    found = wrong_side_by_side(looked("f160w", sound["f160w"]), strict, 0.13)
    assert len(found) == 4
    with pytest.raises(DatasetError, match=r"^filter=f160w: .*checks.accept=\[flagged\]$"):
        refuse_stopping("filter=f160w", found, ["flux"])
    refuse_stopping("filter=f160w", found, ["flux", "flagged"])
    assert as_warning(found[0]).endswith("(accepted: flagged)")


def test_a_combination_that_lacks_the_stars_of_its_exposures_is_told(sound, looked) -> None:
    seen = looked("f814w", sound["f814w"])
    n_stars = len(seen.ra_deg)
    assert lacking_in_combination(seen, seen.ra_deg, seen.dec_deg, 0.05) == ()
    few = slice(0, n_stars // 3)
    for ra, dec in ((seen.ra_deg[few], seen.dec_deg[few]), (np.empty(0), np.empty(0))):
        (found,) = lacking_in_combination(seen, ra, dec, 0.05)
        assert (found.kind, found.stops) == ("stars", False)
        assert found.told.startswith(f"{n_stars - len(ra)} of {n_stars} stars that single")
        assert "a richer field does not help" in found.told
