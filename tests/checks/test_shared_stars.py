"""Offsets, differences and noise with known answers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hstdriz_study.checks.differences import against_others
from hstdriz_study.checks.levels import _deviation, _noise, _over_error
from hstdriz_study.checks.shared_stars import common_offset, offset_in_place, shared_stars
from hstdriz_study.checks.single import Sources

TOLERANCE_ARCSEC = 0.03


@given(st.integers(0, 10_000), st.floats(-1.0, 1.0), st.floats(-1.0, 1.0))
def test_the_offset_of_ten_stars_is_found_among_a_thousand_cosmic_rays(seed, east, north) -> None:
    rng = np.random.default_rng(seed)
    stars = rng.uniform(0, 100, (10, 2))
    one, other = (np.vstack([stars, rng.uniform(0, 100, (500, 2))]) for _ in range(2))
    found = common_offset(one, other + np.array([east, north]), TOLERANCE_ARCSEC)
    assert found is not None
    assert found == pytest.approx([east, north], abs=TOLERANCE_ARCSEC)


@given(st.integers(0, 10_000))
def test_chance_gives_no_offset(seed) -> None:
    rng = np.random.default_rng(seed)
    one, other = rng.uniform(0, 100, (2, 500, 2))
    assert common_offset(one, other, TOLERANCE_ARCSEC) is None


@given(st.integers(3, 8), st.integers(0, 7), st.integers(0, 1000))
def test_one_odd_exposure_is_found_and_no_other_is_blamed(n_exposures, odd, seed) -> None:
    rng = np.random.default_rng(seed)
    odd %= n_exposures
    values = rng.normal(0, 0.02, (n_exposures, 20)) + rng.normal(0, 1, 20)
    values[odd] += 0.3
    found = against_others(values, 0.1)
    assert np.flatnonzero(found.exceed(0.1)).tolist() == [odd]
    assert found.value[odd] == pytest.approx(0.3, abs=0.05)


def test_errors_of_few_stars_are_those_of_their_scatter_in_all_exposures() -> None:
    """By six stars of one exposure alone 4 sigma would be exceeded in 4 of 100."""
    rng = np.random.default_rng(6)
    found = [against_others(rng.normal(0, 0.02, (5, 6)), 0.06) for _ in range(300)]
    errors = np.array([one.err for one in found])
    off = np.array([one.value for one in found])
    assert np.std(errors) < 0.4 * np.mean(errors)
    assert np.mean(np.abs(off) > 4 * errors) < 0.02
    # one that is known less well stays so
    values = rng.normal(0, 0.01, (5, 12)) * np.array([1, 1, 1, 1, 10])[:, None]
    errors = against_others(values, 1.0).err
    assert errors[4] > 4 * np.median(errors[:4])


def test_fewer_than_five_stars_tell_nothing() -> None:
    values = np.zeros((3, 4))
    values[1] = 5.0
    assert not against_others(values, 0.1).exceed(0.1).any()


def test_noise_is_that_of_a_pixel_under_gradients_and_crowded_sources() -> None:
    rng = np.random.default_rng(1)
    rows, columns = np.indices((300, 300))
    image = 50.0 + 0.1 * columns + 0.02 * rows + rng.normal(0, 2.0, (300, 300))
    for x, y, peak in zip(*rng.uniform(5, 295, (2, 300)), rng.uniform(50, 5000, 300), strict=True):
        near = (np.abs(columns - x) < 6) & (np.abs(rows - y) < 6)
        square = (columns[near] - x) ** 2 + (rows[near] - y) ** 2
        image[near] += peak * np.exp(-square / 2)
    error = np.full(image.shape, 2.0, np.float32)
    dark, deviation = _deviation(image.astype(np.float32), np.zeros(image.shape, bool))
    assert _noise(deviation) == pytest.approx(2.0, rel=0.06)
    assert _over_error(deviation, dark, error) == pytest.approx(1.0, rel=0.06)
    assert _over_error(deviation, dark, error**2) == pytest.approx(0.5, rel=0.06)


def test_few_stars_are_found_among_cosmic_rays_that_are_flagged() -> None:
    rng = np.random.default_rng(3)
    stars = rng.uniform(5, 27, (7, 2)) / 3600 + np.array([150.0, 2.0])

    def exposure() -> Sources:
        rays = rng.uniform(0, 32, (900, 2)) / 3600 + np.array([150.0, 2.0])
        ra, dec = np.vstack([stars, rays]).T
        flagged = np.arange(len(ra)) >= len(stars)
        nothing = np.ones(len(ra))
        return Sources(nothing.astype(int), nothing, nothing, ra, dec, nothing, flagged)

    shared = shared_stars([exposure(), exposure()], 0.04)
    assert shared is not None
    found = shared.index[:, np.isin(shared.index[0], range(7))]
    assert found.tolist() == [list(range(7))] * 2
    assert shared.needed[1 - shared.anchor] > 7  # the rays alone could give as many


@given(st.integers(0, 10_000))
def test_six_stars_in_their_places_are_enough_and_chance_is_not(seed) -> None:
    rng = np.random.default_rng(seed)
    stars = rng.uniform(0, 32, (6, 2))
    one, other = (np.vstack([stars, rng.uniform(0, 32, (230, 2))]) for _ in range(2))
    found = offset_in_place(one, other, TOLERANCE_ARCSEC)
    assert found == pytest.approx([0.0, 0.0], abs=TOLERANCE_ARCSEC)
    assert offset_in_place(one[6:], other[6:], TOLERANCE_ARCSEC) is None


def test_two_exposures_that_share_stars_with_each_other_alone_are_both_odd() -> None:
    """The one that is off most is no measure for the others, but the only one for its partner."""
    values = np.full((4, 12), np.nan)
    values[0, :6] = values[1, :6] = np.linspace(0.0, 0.01, 6)
    values[2, 6:], values[3, 6:] = 0.0, np.linspace(0.2, 0.21, 6)
    found = against_others(values, 0.1)
    np.testing.assert_array_equal(found.exceed(0.1), [False, False, True, True])
    assert found.value[3] == pytest.approx(0.205) == -found.value[2]
