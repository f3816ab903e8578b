"""Chips of white noise with a known sky, and what is planted in one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits

from hstdriz_study.checks import CheckLimits, levels_of, wrong_levels

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Change = Callable[[fits.HDUList], None]

SKY_E, READ_E, EXPTIME_S = 400.0, 5.0, 500.0
NAMES = ("one_flc.fits", "two_flc.fits", "three_flc.fits")


@pytest.fixture(scope="module")
def limits(compose_config) -> CheckLimits:
    return CheckLimits(**vars(compose_config("filter=f814w").checks))


def write(path: Path, seed: int, *, rate: bool = False) -> Path:
    """Write two chips of Poisson sky and read noise, in electrons or electrons a second."""
    rng = np.random.default_rng(seed)
    unit = EXPTIME_S if rate else 1.0
    hdus = fits.HDUList([fits.PrimaryHDU()])
    hdus[0].header["EXPTIME"] = EXPTIME_S
    for version in (1, 2):
        electrons = rng.poisson(SKY_E, (120, 150)) + rng.normal(0, READ_E, (120, 150))
        science = fits.ImageHDU((electrons / unit).astype(np.float32), name="SCI", ver=version)
        science.header["BUNIT"] = "ELECTRONS/S" if rate else "ELECTRONS"
        science.header["NGOODPIX"] = electrons.size
        error = np.sqrt(SKY_E + READ_E**2) / unit
        hdus += [
            science,
            fits.ImageHDU(np.full_like(science.data, error), name="ERR", ver=version),
            fits.ImageHDU(np.zeros(science.shape, np.int16), name="DQ", ver=version),
        ]
    hdus.writeto(path)
    return path


@pytest.fixture
def judged(tmp_path, limits) -> Callable[..., list[tuple[str, bool, str]]]:
    """Change the second of three exposures; return what is said of it, or of others."""

    def judge(change: Change, *, rate: bool = False) -> list[tuple[str, bool, str]]:
        paths = [write(tmp_path / name, seed, rate=rate) for seed, name in enumerate(NAMES)]
        with fits.open(paths[1], mode="update") as hdus:
            change(hdus)
        levels = [levels_of(path, 0) for path in paths]
        found = wrong_levels([path.name for path in paths], levels, limits)
        return [(str(one.kind), one.stops, one.told) for one in found]

    return judge


@pytest.mark.parametrize("rate", [False, True])
def test_level_and_noise_are_a_second_and_those_of_the_sky(tmp_path, rate) -> None:
    first, second = levels_of(write(tmp_path / NAMES[0], 1, rate=rate), 0)
    for chip in (first, second):
        assert chip.sky == pytest.approx(SKY_E / EXPTIME_S, rel=0.01)
        assert chip.noise == pytest.approx(np.sqrt(SKY_E + READ_E**2) / EXPTIME_S, rel=0.05)
        assert chip.noise_over_error == pytest.approx(1.0, rel=0.05)
        assert chip.good_fraction == chip.number_fraction == 1.0


def test_exposures_of_other_gains_are_alike(tmp_path, limits) -> None:
    paths = [write(tmp_path / name, seed) for seed, name in enumerate(NAMES)]
    for path, gain in zip(paths, (7.12, 7.12, 14.5), strict=True):
        with fits.open(path, mode="update") as hdus:
            for hdu in hdus[1:]:
                if hdu.name != "DQ":
                    hdu.data /= np.float32(gain)
                    hdu.header["EPERDN"] = gain
    levels = [levels_of(path, 0) for path in paths]
    for level in (chip for chips in levels for chip in chips):
        assert level.sky == pytest.approx(SKY_E / EXPTIME_S, rel=0.01)
    assert wrong_levels(NAMES, levels, limits) == ()


@pytest.mark.parametrize("rate", [False, True])
def test_sound_exposures_are_alike(judged, rate) -> None:
    assert judged(lambda _: None, rate=rate) == []


def blank(hdus: fits.HDUList) -> None:
    hdus["SCI", 2].data[:] = 0


def numberless(hdus: fits.HDUList) -> None:
    hdus["SCI", 2].data[:] = np.nan


def flagged(hdus: fits.HDUList) -> None:
    hdus["DQ", 2].data |= 4


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (blank, "most pixels of SCI,2 are 0"),
        (numberless, "every pixel of SCI,2 is NaN or infinite"),
        (flagged, "every pixel of SCI,2 is flagged in DQ, NaN or infinite"),
    ],
)
def test_an_empty_chip_is_named_whatever_ngoodpix_says(judged, change, told) -> None:
    (found,) = judged(change)
    cure = f"leave it out with dataset.exclude=[{NAMES[1]}]"
    assert found == ("empty", True, f"{NAMES[1]}: {told}; {cure}")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_some_pixels_without_a_number_are_bad_and_change_no_level(judged, value) -> None:
    def some(hdus: fits.HDUList) -> None:
        hdus["SCI", 1].data[np.random.default_rng(0).random((120, 150)) < 0.02] = value

    assert judged(some) == []


def test_the_chip_with_few_good_pixels_is_told(judged) -> None:
    def most_flagged(hdus: fits.HDUList) -> None:
        hdus["DQ", 2].data[:80] |= 4

    ((kind, stops, told),) = judged(most_flagged)
    assert (kind, stops) == ("flagged", False)
    assert told.startswith(f"{NAMES[1]}: 33.3% of the pixels of SCI,2 are good (limit 50.0%")


def test_the_same_pixels_are_one_exposure_under_any_name_and_header(tmp_path, limits) -> None:
    paths = [write(tmp_path / name, seed) for seed, name in enumerate((*NAMES[:2], "x_flc.fits"))]
    copied = fits.getdata(paths[0], "SCI", 1), fits.getdata(paths[0], "SCI", 2)
    with fits.open(paths[2], mode="update") as hdus:
        hdus["SCI", 1].data, hdus["SCI", 2].data = copied
        hdus[0].header["ROOTNAME"] = "other"
    (found,) = wrong_levels([p.name for p in paths], [levels_of(p, 0) for p in paths], limits)
    assert (str(found.kind), found.stops) == ("twice", True)
    assert found.told.startswith("one_flc.fits and x_flc.fits have the same pixels")
    assert found.told.endswith("dataset.exclude=[x_flc.fits]")


def scaled(factor: float, *names: str) -> Change:
    def change(hdus: fits.HDUList) -> None:
        for hdu in (hdu for hdu in hdus if hdu.name in names):
            hdu.data *= np.float32(factor)

    return change


def squared(hdus: fits.HDUList) -> None:
    for version in (1, 2):
        hdus["ERR", version].data **= 2


@pytest.mark.parametrize("rate", [False, True])
@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        (scaled(EXPTIME_S, "SCI"), {"noise", "sky"}),
        (scaled(1.5, "SCI"), {"sky"}),
        (scaled(1.5, "SCI", "ERR"), {"sky"}),
        (squared, {"noise"}),
    ],
)
def test_a_wrong_unit_gain_or_error_stops_the_study_and_no_other_is_blamed(
    judged, rate, change, kinds
) -> None:
    stopping = [(kind, told) for kind, stops, told in judged(change, rate=rate) if stops]
    assert kinds <= {kind for kind, _ in stopping}
    assert {told.partition(":")[0] for _, told in stopping} == {NAMES[1]}
