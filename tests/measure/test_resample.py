"""Common random numbers."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hstdriz_study.contracts import Metric, paired_sigma
from hstdriz_study.measure.resample import bootstrap_metric, resample_counts, resample_indices


@given(n=st.integers(1, 50), seed=st.integers(0, 2**32 - 1))
def test_counts_and_indices_are_the_same_resamples(n: int, seed: int) -> None:
    indices, counts = resample_indices(n, 5, seed), resample_counts(n, 5, seed)
    assert np.all(counts.sum(axis=1) == n)
    for row, count in zip(indices, counts, strict=True):
        assert np.array_equal(np.bincount(row, minlength=n), count)
    assert np.array_equal(indices, resample_indices(n, 5, seed))


@pytest.mark.parametrize("n", [5, 20])
def test_error_of_a_mean_is_unbiased_for_small_samples(n: int) -> None:
    rng = np.random.default_rng(0)
    variances = []
    for seed in range(400):
        values = rng.normal(size=n)
        replicates = values[resample_indices(n, 200, seed)].mean(axis=1)
        variances.append(bootstrap_metric(values.mean(), replicates, n).err ** 2)
    assert np.mean(variances) == pytest.approx(1 / n, rel=0.08)


def test_paired_sigma_is_smaller_than_independent_sigma_when_scatter_is_shared() -> None:
    rng = np.random.default_rng(1)
    shared, n = rng.normal(0.2, 0.02, 25), 25
    indices = resample_indices(n, 400, 1)
    points = []
    for offset in (0.0, 0.01):
        values = shared + offset + rng.normal(0, 0.002, n)
        points.append(bootstrap_metric(values.mean(), values[indices].mean(axis=1), n))
    independent = math.hypot(points[0].err, points[1].err)
    paired = paired_sigma(*points)
    assert paired < 0.3 * independent
    assert paired == pytest.approx(0.002 * math.sqrt(2 / n), rel=0.4)


def test_paired_sigma_adds_errors_in_quadrature_without_replicates() -> None:
    assert paired_sigma(Metric(1.0, 0.3), Metric(1.0, 0.4)) == pytest.approx(0.5)


def test_paired_sigma_leaves_out_resamples_that_failed() -> None:
    first = Metric(0.0, 1.0, replicates=np.array([0.0, 1.0, math.nan, 2.0]))
    second = Metric(0.0, 1.0, replicates=np.zeros(4))
    assert paired_sigma(first, second) == pytest.approx(1.0)
