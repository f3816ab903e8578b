"""A row passes when what was measured is allowed, and only then."""

import math

import pytest

from hstdriz_study.validate.rows import Claims

CLAIMS = Claims("a family", "a source")


@pytest.mark.parametrize(
    ("measured", "passed"),
    [(1.0, True), (1.1, True), (0.9, True), (1.11, False), (0.89, False), (math.nan, False)],
)
def test_a_row_passes_within_its_tolerance_and_never_without_a_value(measured, passed):
    row = CLAIMS.near("x", measured, 1.0, 0.1 + 1e-12, reason="why")
    assert row.passed is passed


@pytest.mark.parametrize("measured", [math.nan, -math.inf])
def test_what_was_not_measured_fails_a_lower_limit(measured):
    assert not CLAIMS.at_least("x", measured, 0.5, reason="why").passed


def test_a_limit_is_one_sided():
    assert CLAIMS.at_least("x", 100.0, 0.5, reason="why").passed
    assert not CLAIMS.at_least("x", 0.4, 0.5, reason="why").passed
    assert CLAIMS.at_most("x", -100.0, 0.5, reason="why").passed
    assert not CLAIMS.at_most("x", 0.6, 0.5, reason="why").passed


def test_a_row_says_where_its_numbers_come_from():
    row = CLAIMS.within("x", 1.0, 2.0, (0.0, 3.0), reason="why", unit="arcsec")
    assert (row.family, row.source, row.reason, row.unit) == (
        "a family", "a source", "why", "arcsec",
    )  # fmt: skip
