"""Widths and shapes of stars in single exposures, as numbers that are known beforehand."""

from __future__ import annotations

import numpy as np
import pytest

from hstdriz_study.checks import SideBySide
from hstdriz_study.checks.by_exposure import exposures_table, left_out, width_ratios
from hstdriz_study.checks.levels import ChipLevel


def seen(widths: list[float], times: list[float], shapes: list[complex], n_stars: int = 40):
    """Stars of four exposures; those of one differ by 1 % in width and 0.01 in shape."""
    rng = np.random.default_rng(4)
    spread = 1 + 0.01 * rng.standard_normal((len(widths), n_stars))
    shaken = 0.01 * (rng.standard_normal(spread.shape) + 1j * rng.standard_normal(spread.shape))
    levels = tuple(
        (ChipLevel(1, time, 1.0, 0.0, 1.0, sky=1.0, noise=1.0, noise_over_error=1.0, digest=""),)
        for time in times
    )
    counts = (n_stars,) * len(widths)
    return SideBySide(
        tuple(f"{letter}.fits" for letter in "abcd"[: len(widths)]),
        levels, counts, n_expected=counts, n_found=counts, n_needed=(5.0,) * len(widths),
        ra_deg=np.zeros(n_stars), dec_deg=np.zeros(n_stars),
        place_arcsec=np.zeros(spread.shape, complex), flux=np.ones(spread.shape),
        fwhm_arcsec=np.array(widths)[:, None] * spread,
        elongation=np.array(shapes)[:, None] + shaken,
    )  # fmt: skip


def test_each_exposure_has_its_own_width_and_shape() -> None:
    found = seen([0.2, 0.2, 0.23, 0.2], [500.0] * 4, [0, 0.1j, 0.3, 0])
    table = exposures_table(found, 0.06)
    assert table["fwhm"].to_value("arcsec") == pytest.approx([0.2, 0.2, 0.23, 0.2], rel=0.01)
    odd = table[2]
    assert odd["fwhm_over_others"] == pytest.approx(1.15, abs=4 * odd["fwhm_over_others_err"])
    # elongation e means b/a of sqrt((1 - e) / (1 + e))
    assert odd["ellipticity"] == pytest.approx(1 - np.sqrt(0.7 / 1.3), abs=0.01)
    assert table["ellipticity"][1] == pytest.approx(1 - np.sqrt(0.9 / 1.1), abs=0.01)
    assert table["ellipticity"][0] < 0.01


def test_what_is_left_without_an_exposure_is_the_mean_of_squares_of_the_others() -> None:
    found = seen([0.2, 0.2, 0.23, 0.2], [500.0, 500.0, 1500.0, 500.0], [0] * 4)
    without = left_out(found, 2, width_ratios(found, 0.06)[0])
    assert without.fwhm_ratio == pytest.approx(1 / np.sqrt((1 + 1.15**2) / 2), rel=0.005)
    assert without.depth.background_mag == pytest.approx(1.25 * np.log10(0.5))


def test_of_two_exposures_none_can_be_left_out() -> None:
    found = seen([0.2, 0.23], [500.0] * 2, [0] * 2)
    assert left_out(found, 0, width_ratios(found)[0]) is None
    assert np.isnan(exposures_table(found, 0.06)["fwhm_without"]).all()


def test_with_few_stars_nothing_is_known() -> None:
    table = exposures_table(seen([0.2, 0.2, 0.23], [500.0] * 3, [0] * 3, n_stars=4), 0.06)
    for name in ("fwhm", "fwhm_over_others", "ellipticity", "fwhm_without"):
        assert np.isnan(table[name]).all()
