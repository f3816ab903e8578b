"""When the checks warn, and what they say."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from hstdriz_study.checks import CheckLimits, ExposureChecks, check_metrics, check_warnings
from hstdriz_study.study.config import shipped_defaults

CLEAN = ExposureChecks(
    star_core_flagged_fraction=0.001,
    misalignment_arcsec=0.002,
    misalignment_err_arcsec=0.001,
    fwhm_arcsec=0.22,
    fwhm_aligned_arcsec=0.2199,
    n_stars=30,
    n_saturated=3,
    shallow_fraction=0.06,
    sample_spacing_arcsec=0.064,
    sample_spacing_err_arcsec=0.001,
)


def warnings_of(**changes: float) -> tuple[str, ...]:
    limits = CheckLimits(**shipped_defaults()["checks"])
    return check_warnings(replace(CLEAN, **changes), limits, native_scale_arcsec=0.128)


def test_clean_exposures_give_no_warning() -> None:
    assert warnings_of() == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"star_core_flagged_fraction": 0.021}, "2.1% of the star-core pixels"),
        ({"n_saturated": 31}, "31 of 61 bright stars are saturated"),
        ({"shallow_fraction": 0.21}, "21% of the product has less than 80%"),
        (
            {"misalignment_arcsec": 0.04, "fwhm_aligned_arcsec": 0.2},
            "(0.31 native pixels; limit 0.1, checks.max_misalignment_px), which widens the stars",
        ),
        (
            {"misalignment_arcsec": 0.04, "fwhm_aligned_arcsec": 0.2},
            'from 0.200" to 0.220" (+10%) in the native-scale product',
        ),
        (
            {"misalignment_arcsec": 0.2, "fwhm_aligned_arcsec": 0.0},
            "by more than the stars are wide",
        ),
    ],
)  # fmt: skip
def test_a_number_past_its_limit_gives_its_warning_alone(
    changes: dict[str, float], said: str
) -> None:
    (warning,) = warnings_of(**changes)
    assert said in warning


def test_a_misalignment_that_the_stars_cannot_show_is_not_warned_of() -> None:
    assert warnings_of(misalignment_arcsec=0.03, misalignment_err_arcsec=0.02) == ()


def test_what_could_not_be_measured_is_not_warned_of_but_recorded() -> None:
    unknown = {
        "star_core_flagged_fraction": math.nan,
        "misalignment_arcsec": math.nan,
        "misalignment_err_arcsec": math.nan,
        "shallow_fraction": math.nan,
        "n_stars": 0,
        "n_saturated": 0,
    }
    assert warnings_of(**unknown) == ()
    metrics = check_metrics(replace(CLEAN, **unknown))
    assert math.isnan(metrics["exposures/misalignment_arcsec"].value)
    assert metrics["exposures/sample_spacing_arcsec"].value == CLEAN.sample_spacing_arcsec


def test_stars_in_a_corner_are_told_with_the_part_that_they_cover() -> None:
    (warning,) = warnings_of(star_coverage=0.09, stars_toward='40" north-east')
    assert 'a part of the field, 40" north-east of its middle' in warning
    assert "over 9% of its area (limit 20%, checks.min_star_coverage)" in warning
    assert warnings_of(star_coverage=0.9) == ()


def test_what_an_earlier_version_did_not_measure_is_in_no_record() -> None:
    assert not any(name.startswith("over_field/") for name in check_metrics(CLEAN))
    found = check_metrics(replace(CLEAN, fwhm_change=0.05, fwhm_change_err=0.01))
    change = found["over_field/fwhm_change"]
    assert (change.value, change.err) == (0.05, 0.01)
