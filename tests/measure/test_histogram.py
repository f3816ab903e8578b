"""Medians of resamples from histograms, against medians of the resampled values themselves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hstdriz_study.measure.histogram import resampled_medians


def pooled(groups: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Values of all groups, and the number of the group of each."""
    sizes = [len(group) for group in groups]
    return np.concatenate(groups), np.repeat(np.arange(len(groups)), sizes)


def direct(groups: list[np.ndarray], counts: np.ndarray) -> np.ndarray:
    return np.array(
        [np.median(np.concatenate(np.repeat(np.array(groups), row, axis=0))) for row in counts]
    )


@settings(deadline=None)
@given(seed=st.integers(0, 2**31), spread=st.floats(0.01, 100.0), trend=st.floats(0.0, 3.0))
def test_medians_are_those_of_the_resampled_values(seed: int, spread: float, trend: float) -> None:
    rng = np.random.default_rng(seed)
    level = trend * np.linspace(-1, 1, 30)  # of the groups, in units of their scatter
    groups = [spread * (mean + rng.normal(size=40)) for mean in level]
    counts = np.array([rng.multinomial(30, np.full(30, 1 / 30)) for _ in range(20)])
    median = float(np.median(np.concatenate(groups)))
    found = resampled_medians(*pooled(groups), counts.astype(float), median)
    bin_width = np.ptp(np.concatenate(groups)) / 2048
    # between two values that are far apart a histogram knows no middle
    gap = np.max(np.diff(np.sort(np.concatenate(groups)))[500:700])
    np.testing.assert_allclose(found, direct(groups, counts), atol=2 * bin_width + gap)


def test_median_that_leaps_to_another_level_is_found_there() -> None:
    """Weights of two depths: most resamples leave the neighbourhood of the overall median."""
    rng = np.random.default_rng(1)
    groups = [level + 0.01 * rng.normal(size=51) for level in (1.0, 1.0, 1.0, 5.0, 5.0)]
    counts = np.array([[1, 1, 1, 1, 1], [0, 0, 1, 2, 2], [0, 0, 0, 0, 5], [5, 0, 0, 0, 0]])
    median = float(np.median(np.concatenate(groups)))
    found = resampled_medians(*pooled(groups), counts.astype(float), median)
    np.testing.assert_allclose(found, direct(groups, counts), atol=0.02)
    assert found[1] == pytest.approx(5.0, abs=0.03)


def test_resample_without_a_value_has_no_median() -> None:
    groups = [np.array([1.0, 2.0, 3.0]), np.array([])]
    found = resampled_medians(*pooled(groups), np.array([[1.0, 1.0], [0.0, 2.0]]), 2.0)
    assert found[0] == pytest.approx(2.0)
    assert np.isnan(found[1])
