"""Points ordered into lines: one line a scale (or pixfrac), kernel and weighting."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.choose.points import finished, summarise
from hstdriz_study.contracts import Place, entries_of, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose import PointSummary
    from hstdriz_study.contracts import MetricEntry, PointRecord


@dataclass(frozen=True)
class Series:
    """The points of one line of a plot.

    Attributes
    ----------
    value : float
        What is constant along the line: a final_scale (arcsec) or a pixfrac.
    variant : str
        Kernel and weighting where they are not square and EXP; else empty.
    points : tuple of PointSummary
        In ascending order of the abscissa.
    """

    value: float
    variant: str
    points: tuple[PointSummary, ...]

    def numbers(self, metric: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the values and errors of a metric, NaN where it was not measured."""
        found = [point.metrics.get(metric) for point in self.points]
        values = np.array([math.nan if m is None else m.value for m in found])
        errors = np.array([math.nan if m is None else m.err for m in found])
        return values, np.where(np.isfinite(errors), errors, 0.0)


@dataclass(frozen=True)
class Plan:
    """How a filter's points are laid out in the plots.

    Attributes
    ----------
    x_label : str
        Label of the abscissa, with its unit.
    abscissa : str
        ``final_pixfrac`` or ``final_scale_arcsec``.
    series : tuple of Series
    """

    x_label: str
    abscissa: str
    series: tuple[Series, ...]

    def x(self, series: Series) -> np.ndarray:
        """Return the abscissae of a line."""
        return np.array([getattr(point, self.abscissa) for point in series.points])

    def name(self, series: Series) -> str:
        """Return the label of a line."""
        if self.abscissa == "final_pixfrac":
            name = f'{series.value:.4g}"'
        else:
            name = f"pixfrac {series.value:g}"
        return f"{name} {series.variant}".strip()

    def metric_names(self) -> set[str]:
        """Return the metrics that at least one point has."""
        return {
            name
            for series in self.series
            for point in series.points
            for name, metric in point.metrics.items()
            if math.isfinite(metric.value)
        }


def plan(records: Sequence[PointRecord]) -> Plan:
    """Order the finished points of one filter into lines.

    The abscissa is pixfrac, one line a scale; where only one pixfrac was
    swept it is the scale.
    """
    points = [summarise(record) for record in finished(records)]
    pixfracs = {point.final_pixfrac for point in points}
    scales = {point.final_scale_arcsec for point in points}
    if len(pixfracs) == 1 and len(scales) > 1:
        x_label, abscissa, constant = (
            "final_scale (arcsec)",
            "final_scale_arcsec",
            "final_pixfrac",
        )
    else:
        x_label, abscissa, constant = "final_pixfrac", "final_pixfrac", "final_scale_arcsec"
    lines: dict[tuple[float, str], list[PointSummary]] = {}
    for point in points:
        lines.setdefault((getattr(point, constant), variant(point)), []).append(point)
    return Plan(
        x_label,
        abscissa,
        tuple(
            Series(value, name, tuple(sorted(of_line, key=lambda p: getattr(p, abscissa))))
            for (value, name), of_line in sorted(lines.items())
        ),
    )


def curve_entries(records: Sequence[PointRecord]) -> list[MetricEntry]:
    """Return the metrics that have a curve, those by which points are chosen first."""
    entries = shown(Place.CURVES, entries_of(records))
    return sorted(entries, key=lambda entry: Place.CHOICE not in entry.drawn)


def variant(point: PointSummary) -> str:
    """Say which kernel and weighting a point has, where they are not square and EXP."""
    parts = [] if point.final_kernel == "square" else [point.final_kernel]
    parts += [] if point.final_wht_type == "EXP" else [point.final_wht_type]
    return " ".join(parts)
