"""How well two points can be told apart: the scatter of their difference."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from hstdriz_study.contracts import Metric, paired_sigma


class ToleranceSource(StrEnum):
    """What sets a tolerance: the configuration, or how finely the data tell points apart."""

    CONFIGURED = "tolerance"
    PAIRED_SIGMA = "paired sigma"


@dataclass(frozen=True)
class Tolerance:
    """How far apart two points may be and still count as practically equal.

    Attributes
    ----------
    value : float
        In the unit of the metric.
    source : ToleranceSource
    """

    value: float
    source: ToleranceSource


PairedSigma = Callable[[Metric, Metric], float]
"""Gives the 1-sigma error of the difference of one metric at two points."""


class RememberedSigma:
    """`~hstdriz_study.contracts.paired_sigma`, of two arrays of replicates computed once.

    Every resample asks for the same pairs. Arrays cannot be hashed and are told apart by
    identity, for as long as they live.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], float] = {}

    def __call__(self, first: Metric, second: Metric) -> float:
        """Give the error of the difference."""
        arrays = (first.replicates, second.replicates)
        if arrays[0] is None or arrays[1] is None:
            return paired_sigma(first, second)
        key = (id(arrays[0]), id(arrays[1]))
        if key not in self._known:
            self._known[key] = paired_sigma(first, second)
            for array in arrays:
                weakref.finalize(array, self._known.pop, key, None)
        return self._known[key]


def practical_tolerance(
    measured: Metric,
    best: Metric,
    configured: float,
    n_sigma: float,
    sigma: PairedSigma = paired_sigma,
) -> Tolerance:
    """Return the larger of the configured tolerance and ``n_sigma`` paired sigma."""
    if measured is best:
        return Tolerance(configured, ToleranceSource.CONFIGURED)
    scatter = n_sigma * sigma(measured, best) if n_sigma else 0.0
    # An unknown scatter (NaN) compares false and cannot widen the tolerance.
    if scatter > configured:
        return Tolerance(scatter, ToleranceSource.PAIRED_SIGMA)
    return Tolerance(configured, ToleranceSource.CONFIGURED)
