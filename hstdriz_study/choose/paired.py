"""How well two points can be told apart: the scatter of their difference."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.choose.points import MISSING

if TYPE_CHECKING:
    from hstdriz_study.contracts import Metric, PointRecord

MIN_REPLICATES = 20


def paired_sigma(first: Metric, second: Metric) -> float:
    """Return the standard deviation of the difference of two metrics.

    The resamples behind `Metric.replicates` are the same at every point, so
    that what two points share (the same stars, the same boxes) cancels in the
    difference. Metrics without common replicates are taken as independent,
    which never understates the scatter of points that share their stars.

    Returns
    -------
    float
        In the unit of the metrics; NaN when neither replicates nor errors say.
    """
    if first.replicates is not None and second.replicates is not None:
        difference = np.asarray(first.replicates, float) - np.asarray(second.replicates, float)
        usable = difference[np.isfinite(difference)]
        if usable.size >= MIN_REPLICATES:
            return float(np.std(usable, ddof=1))
    return math.hypot(first.err, second.err)


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
    record: PointRecord, best: PointRecord, metric: str, configured: float, n_sigma: float
) -> Tolerance:
    """Return the larger of the configured tolerance and ``n_sigma`` paired sigma."""
    if record is best:
        return Tolerance(configured, "tolerance")
    scatter = n_sigma * paired_sigma(
        record.metrics.get(metric, MISSING), best.metrics.get(metric, MISSING)
    )
    # An unknown scatter (NaN) compares false and cannot widen the tolerance.
    if scatter > configured:
        return Tolerance(scatter, "paired sigma")
    return Tolerance(configured, "tolerance")
