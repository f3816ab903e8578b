"""One metric from several, replicate by replicate."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.contracts import Metric

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


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
    return Metric(value, _error(replicates[np.isfinite(replicates)]), replicates=replicates)


def _error(replicates: np.ndarray) -> float:
    if len(replicates) <= 1:
        return math.nan
    return float(np.std(replicates, ddof=1)) if np.ptp(replicates) > 0 else 0.0
