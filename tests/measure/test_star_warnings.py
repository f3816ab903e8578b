"""What is said of the stars that were chosen."""

from __future__ import annotations

import numpy as np
from astropy.table import Table

from hstdriz_study.measure.regions.expected import ExpectedStar
from hstdriz_study.measure.regions.star_warnings import NO_STARS, star_warnings
from hstdriz_study.measure.settings import RegionSettings

SETTINGS = RegionSettings(
    min_stars=5,
    max_stars=150,
    min_star_snr=50.0,
    n_sky_boxes=200,
    weight_area_arcsec2=250.0,
    seed=1,
)
EXPECTED = ExpectedStar(fwhm_arcsec=0.22, width=0.10, source="made up", concentration=0.72)


def sources(n: int, verdict: str, fwhm: float = 0.22) -> Table:
    widths = fwhm + 0.004 * np.linspace(-1, 1, n)
    return Table({"verdict": np.full(n, verdict, dtype="U16"), "fwhm": widths})


def test_stars_as_expected_need_no_word() -> None:
    assert star_warnings(sources(20, "star", 0.235), EXPECTED, SETTINGS) == ()


def test_stars_off_the_expected_width_by_more_than_both_errors_are_told() -> None:
    for fwhm in (0.19, 0.25):
        (warning,) = star_warnings(sources(20, "star", fwhm), EXPECTED, SETTINGS)
        assert f"the stars are {fwhm:.3f}" in warning
        assert '0.220 ± 0.022"' in warning


def test_sources_that_do_not_stand_out_are_told_as_no_stars_here() -> None:
    (warning,) = star_warnings(sources(7, "unsure"), EXPECTED, SETTINGS)
    assert NO_STARS in warning
    assert "the 7 sources near the expected size" in warning


def test_too_few_stars_are_not_told_as_none() -> None:
    (warning,) = star_warnings(sources(3, "star"), EXPECTED, SETTINGS)
    assert warning.startswith("3 isolated, unsaturated stars")
    assert NO_STARS not in warning


def test_a_field_without_a_candidate_has_no_stars_here() -> None:
    (warning,) = star_warnings(sources(9, "extended"), EXPECTED, SETTINGS)
    assert f": {NO_STARS}; " in warning
