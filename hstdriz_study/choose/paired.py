"""How well two points can be told apart: the scatter of their difference."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from hstdriz_study.contracts import paired_sigma

if TYPE_CHECKING:
    from hstdriz_study.contracts import Metric


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


def practical_tolerance(
    measured: Metric, best: Metric, configured: float, n_sigma: float
) -> Tolerance:
    """Return the larger of the configured tolerance and ``n_sigma`` paired sigma."""
    if measured is best:
        return Tolerance(configured, ToleranceSource.CONFIGURED)
    scatter = n_sigma * _remembered_sigma(measured, best) if n_sigma else 0.0
    # An unknown scatter (NaN) compares false and cannot widen the tolerance.
    if scatter > configured:
        return Tolerance(scatter, ToleranceSource.PAIRED_SIGMA)
    return Tolerance(configured, ToleranceSource.CONFIGURED)


_sigmas: dict[tuple[int, int], float] = {}


def _remembered_sigma(first: Metric, second: Metric) -> float:
    """Compute the paired sigma of two arrays of replicates once, for as long as they live.

    The same pairs are asked for on every resample. Arrays cannot be hashed and
    are told apart by identity, as in `hstdriz_study.measure.memo`.
    """
    arrays = (first.replicates, second.replicates)
    if arrays[0] is None or arrays[1] is None:
        return paired_sigma(first, second)
    key = (id(arrays[0]), id(arrays[1]))
    if key not in _sigmas:
        _sigmas[key] = paired_sigma(first, second)
        for array in arrays:
            weakref.finalize(array, _sigmas.pop, key, None)
    return _sigmas[key]
