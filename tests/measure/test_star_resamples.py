"""Resamples of stars by themselves and of groups of them."""

from __future__ import annotations

import numpy as np
import pytest

from hstdriz_study.measure.resample import resample_counts, resample_indices
from hstdriz_study.measure.star_resamples import n_independent, resampled, star_counts

BLOCKS = [2, 2, 7, 7, 7, 0]


@pytest.fixture
def single(scenes):
    return scenes.context(scenes.regions(6))


@pytest.fixture
def grouped(scenes):
    regions = scenes.regions(6)
    regions.stars["block"] = BLOCKS
    return scenes.context(regions)


def test_stars_by_themselves_are_drawn_as_they_always_were(single) -> None:
    np.testing.assert_array_equal(star_counts(single), resample_counts(6, 200, 7))
    values = np.arange(6.0)
    np.testing.assert_array_equal(resampled(values, single), values[resample_indices(6, 200, 7)])
    assert n_independent(np.array([1, 1, 0, 1, 0, 0], bool), single) == 3


def test_stars_of_a_group_are_drawn_together(grouped) -> None:
    counts = star_counts(grouped)
    for block in set(BLOCKS):
        columns = counts[:, np.array(BLOCKS) == block]
        assert (columns == columns[:, :1]).all()
    firsts = counts[:, [0, 2, 5]]
    assert (firsts.sum(axis=1) == 3).all()
    assert n_independent(np.array([1, 1, 0, 0, 0, 1], bool), grouped) == 2


def test_the_values_of_a_resample_are_those_that_are_counted(grouped) -> None:
    values = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0])
    np.testing.assert_allclose(
        np.nansum(resampled(values, grouped), axis=1), star_counts(grouped) @ values
    )
