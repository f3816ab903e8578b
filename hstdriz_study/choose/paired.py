"""How well two points can be told apart: the scatter of their difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.measure.resample import paired_sigma

if TYPE_CHECKING:
    from hstdriz_study.contracts import Metric


@dataclass(frozen=True)
class Tolerance:
    """How far apart two points may be and still count as practically equal.

    Attributes
    ----------
    value : float
        In the unit of the metric.
    source : str
        ``tolerance`` (the configured one), or ``paired sigma`` when the data
        cannot tell the points apart so finely.
    """

    value: float
    source: str


def practical_tolerance(
    measured: Metric, best: Metric, configured: float, n_sigma: float
) -> Tolerance:
    """Return the larger of the configured tolerance and ``n_sigma`` paired sigma."""
    if measured is best:
        return Tolerance(configured, "tolerance")
    scatter = n_sigma * paired_sigma(measured, best)
    # An unknown scatter (NaN) compares false and cannot widen the tolerance.
    if scatter > configured:
        return Tolerance(scatter, "paired sigma")
    return Tolerance(configured, "tolerance")
