"""Errors hold where the PSF changes by 5 % and stars cluster, and would not star by star."""

from __future__ import annotations

import pytest

from hstdriz_study.measure.over_field import psf
from hstdriz_study.validate.clustered import ARRANGEMENTS, Arrangement, drawn
from hstdriz_study.validate.coverage import REQUIRED

N_FIELDS, SEED = 300, 11


@pytest.mark.parametrize("arrangement", ARRANGEMENTS[:3], ids=lambda one: one.words)
def test_the_truth_lies_inside_the_stated_error_as_often_as_it_should(arrangement) -> None:
    for ensemble in drawn(arrangement, N_FIELDS, SEED).values():
        assert REQUIRED[0] <= ensemble.covered <= REQUIRED[1]


def test_star_by_star_the_errors_of_clustered_stars_are_too_small(monkeypatch) -> None:
    monkeypatch.setattr(psf, "CLEAR_GRADIENT", 0.0)
    assert drawn(Arrangement(60, 6, 0.05), N_FIELDS, SEED)["mean"].covered < 0.5
