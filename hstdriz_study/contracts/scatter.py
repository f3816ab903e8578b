"""How well values are known, and their differences and what is computed of them: replicates."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.contracts.records import Metric

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def paired_sigma(first: Metric, second: Metric) -> float:
    """Give the 1-sigma uncertainty of the difference of one metric at two points.

    Parameters
    ----------
    first, second : `~hstdriz_study.contracts.Metric`
        The same metric at two points of one study.

    Returns
    -------
    sigma : float
        Standard deviation of the difference of the replicates, in the unit of
        the metric. Where the replicates are missing or do not match, the
        errors are added in quadrature, which is too large for correlated
        points, never too small for positively correlated ones.
    """
    if (
        first.replicates is None
        or second.replicates is None
        or len(first.replicates) != len(second.replicates)
    ):
        return math.hypot(first.err, second.err)
    with np.errstate(invalid="ignore"):
        return spread(np.asarray(first.replicates) - np.asarray(second.replicates))


def spread(values: np.ndarray) -> float:
    """Return the standard deviation of the finite values; NaN when there are fewer than two."""
    finite = values[np.isfinite(values)]
    return float(np.std(finite, ddof=1)) if len(finite) > 1 else math.nan


def derived(
    function: Callable[[Sequence[np.ndarray]], np.ndarray], parts: Sequence[Metric]
) -> Metric:
    """Compute one metric from several, replicate by replicate.

    Parameters
    ----------
    function : callable
        From a sequence of arrays of one shape, one a part, to an array of
        that shape.
    parts : sequence of `~hstdriz_study.contracts.Metric`
        A part without replicates is taken as exact. Where the numbers of
        replicates differ, the first ones are used: they are the same
        resamples.
    """
    value = float(function([np.asarray(part.value, dtype=float) for part in parts]))
    lengths = [len(part.replicates) for part in parts if part.replicates is not None]
    if not lengths:
        return Metric(value, math.nan)
    length = min(lengths)
    replicates = function(
        [
            np.full(length, part.value)
            if part.replicates is None
            else np.asarray(part.replicates, dtype=float)[:length]
            for part in parts
        ]
    )
    return Metric(value, _err(replicates[np.isfinite(replicates)]), replicates=replicates)


def _err(replicates: np.ndarray) -> float:
    if len(replicates) <= 1:
        return math.nan
    return float(np.std(replicates, ddof=1)) if np.ptp(replicates) > 0 else 0.0
