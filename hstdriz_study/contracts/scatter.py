"""How well values are known: the scatter of their replicates, and that of their differences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from hstdriz_study.contracts.records import Metric


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
