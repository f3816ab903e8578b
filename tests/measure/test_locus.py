"""Stars among galaxies by size and concentration, on made-up features of known kind."""

from __future__ import annotations

import numpy as np
import pytest

from hstdriz_study.measure.regions.expected import ExpectedStar
from hstdriz_study.measure.regions.locus import SHARPER, features_of, find_locus, is_sharper

EXPECTED = ExpectedStar(fwhm_arcsec=0.22, width=0.10, source="made up", concentration=0.72)
SEEDS = range(40)


def stars(count: int, snr: np.ndarray, rng: np.random.Generator, *, wider: float = 1.0):
    """Sizes and concentrations of stars: phase and noise."""
    phase = rng.uniform(-0.04, 0.04, count)
    size = 0.22 * wider * np.exp(phase + rng.normal(0, 1.2, count) / snr)
    light = 0.72 * np.exp(
        -0.2 * phase + rng.normal(0, 0.004, count) + rng.normal(0, 1, count) / snr
    )
    return size, light


def galaxies(count: int, snr: np.ndarray, rng: np.random.Generator):
    """Sizes and concentrations along the track of galaxies, few of which are small."""
    size, light = stars(count, snr, rng)
    # half-light radii in FWHM, rarer in proportion to the radius towards none
    radius = 0.16 + rng.gamma(3.0, 0.35, count)
    growth = 0.5 * np.log1p(2.5 * radius**2)
    return size * np.exp(growth), light * np.exp(-0.65 * growth)


def field(n_stars: int, n_galaxies: int, seed: int, *, wider: float = 1.0):
    rng = np.random.default_rng(seed)
    snr = 50 * 10 ** rng.exponential(0.35, n_stars + n_galaxies)
    parts = (
        stars(n_stars, snr[:n_stars], rng, wider=wider),
        galaxies(n_galaxies, snr[n_stars:], rng),
    )
    size, light = (np.concatenate(column) for column in zip(*parts, strict=True))
    is_star = np.arange(len(size)) < n_stars
    places = rng.uniform(-1, 1, (len(size), 2))
    return (features_of(size, light), snr, places), is_star


@pytest.mark.parametrize("n_stars", [20, 100])
def test_stars_are_found_where_galaxies_outnumber_them(n_stars: int) -> None:
    found = bright = wrong = 0
    for seed in SEEDS:
        sources, is_star = field(n_stars, 120, seed)
        locus = find_locus(*sources, EXPECTED)
        assert locus is not None
        is_bright = is_star & (sources[1] > 100)
        bright += np.count_nonzero(is_bright)
        found += np.count_nonzero(locus.is_star & is_bright)
        wrong += np.count_nonzero(locus.is_star & ~is_star)
    assert found > 0.9 * bright > 0
    assert wrong < 0.02 * n_stars * len(SEEDS)


def test_galaxies_alone_are_no_stars() -> None:
    said = [find_locus(*field(0, 200, seed)[0], EXPECTED) is not None for seed in SEEDS]
    assert sum(said) <= 1


def test_a_field_with_nothing_in_it_has_no_stars() -> None:
    assert find_locus(np.empty((0, 2)), np.empty(0), np.empty((0, 2)), EXPECTED) is None


def test_five_stars_without_a_galaxy_are_found() -> None:
    sources, _ = field(5, 0, 3)
    locus = find_locus(*sources, EXPECTED)
    assert locus is not None
    assert locus.is_star.all()


def test_four_that_are_alike_are_no_stars() -> None:
    """Among galaxies as many are no rarity, however alike."""
    for seed in SEEDS:
        assert find_locus(*field(4, 0, seed)[0], EXPECTED) is None


def test_faint_galaxies_some_of_their_errors_away_do_not_cost_bright_stars() -> None:
    """They stand where a bright galaxy would be seen to be none of the stars."""
    grown = np.concatenate([np.linspace(-0.005, 0.005, 6), [0.10, 0.135, 0.17]])
    size, light = 0.22 * np.exp(grown), 0.72 * np.exp(-0.4 * np.maximum(grown, 0.0))
    snr = np.array([841.0, 461.0, 380.0, 159.0, 120.0, 110.0, 53.0, 51.0, 50.0])
    beside = EXPECTED.in_place(np.zeros((0, 2)))
    locus = find_locus(features_of(size, light), snr, np.zeros((9, 2)), beside)
    assert locus is not None
    np.testing.assert_array_equal(locus.is_star, snr > 100)


def test_stars_much_sharper_than_expected_are_told_from_others() -> None:
    for wider, sharper in ((0.75, True), (0.9, False), (1.25, False)):
        (features, snr, places), _ = field(60, 0, 5, wider=wider)
        locus = find_locus(features, snr, places, EXPECTED)
        assert locus is not None
        assert is_sharper(locus, EXPECTED) == sharper
        found = find_locus(features, snr, places, EXPECTED, SHARPER)
        assert (found is not None) == sharper


def test_sources_beside_their_model_may_differ_less() -> None:
    seen = np.array([[-0.1, 0.0], [0.1, 0.0]])  # as two exposures let them
    in_place = EXPECTED.in_place(seen)
    assert in_place.phase == pytest.approx((np.hypot(0.010, 0.2 * 0.1), 0.005))
    alike = EXPECTED.in_place(np.zeros((0, 2)))
    assert np.all(np.array(alike.phase) < EXPECTED.phase)


@pytest.mark.parametrize("wider", [0.8, 1.25])
def test_many_stars_are_found_where_the_telescope_is_not_as_expected(wider: float) -> None:
    sources, is_star = field(60, 60, 5, wider=wider)
    locus = find_locus(*sources, EXPECTED)
    assert locus is not None
    assert np.count_nonzero(locus.is_star & is_star) > 50
    assert np.median(locus.center[:, 0]) == pytest.approx(np.log(0.22 * wider), abs=0.02)


def test_a_width_without_a_concentration_is_enough_to_expect() -> None:
    named = ExpectedStar(0.2, 0.2, "filter.psf_fwhm_arcsec")
    sources, is_star = field(40, 100, 7)
    locus = find_locus(*sources, named)
    assert locus is not None
    assert np.count_nonzero(locus.is_star & is_star) > 34
    assert np.count_nonzero(locus.is_star & ~is_star) <= 1


def test_a_psf_that_grows_over_the_field_costs_no_stars() -> None:
    (features, snr, places), is_star = field(60, 60, 9)
    features = features + 0.03 * places[:, :1] * is_star[:, None] * np.array([1.0, -0.4])
    locus = find_locus(features, snr, places, EXPECTED)
    assert locus is not None
    assert np.count_nonzero(locus.is_star & is_star) > 54
    slope = np.polyfit(places[:, 0], locus.center[:, 0], 1)[0]
    assert slope == pytest.approx(0.03, abs=0.012)


def test_stars_of_misaligned_exposures_are_found_where_the_misalignment_is_known() -> None:
    known = EXPECTED.misaligned(0.045)
    assert known.fwhm_arcsec == pytest.approx(np.hypot(0.22, 2.3548 * 0.045), rel=0.01)
    found = unknown = 0
    for seed in SEEDS:
        (features, snr, places), is_star = field(35, 14, seed)
        rng = np.random.default_rng(seed)
        # each exposure samples a star at a phase of its own
        features[is_star, 0] += np.log(known.fwhm_arcsec / 0.22) + rng.uniform(-0.10, 0.10, 35)
        bright = is_star & (snr > 100)
        locus = find_locus(features, snr, places, known)
        assert locus is not None
        found += np.count_nonzero(locus.is_star & bright) / np.count_nonzero(bright)
        unknown += find_locus(features, snr, places, EXPECTED) is None
    assert found > 0.9 * len(SEEDS)
    assert unknown > 0
