"""One swept point as the rules see it: settings, metrics, and a name a reader knows."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hstdriz_study.contracts import Metric, PointRecord, metric_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.contracts import DrizzleSettings

FWHM = metric_table.FWHM.name
PIXELS_PER_FWHM = metric_table.PIXELS_PER_FWHM.name
RMS_OVER_MEDIAN = metric_table.RMS_OVER_MEDIAN.name
HOLE_FRACTION = metric_table.HOLE_FRACTION.name
DEPTH = metric_table.DEPTH.name
N_STARS = metric_table.N_STARS.name
SAMPLE_SPACING = metric_table.SAMPLE_SPACING.name
FWHM_CHANGE = metric_table.FWHM_CHANGE.name

COMMON_METRICS = (FWHM, PIXELS_PER_FWHM, RMS_OVER_MEDIAN, HOLE_FRACTION, DEPTH)
"""What the limits bound and every choice is shown with, whatever its rule looks at."""

MISSING = Metric(math.nan, math.nan)


@dataclass(frozen=True)
class PointSummary:
    """A point without its bootstrap replicates, ready to be written down.

    Attributes
    ----------
    key : str
        `~hstdriz_study.contracts.PointRecord.key`.
    settings : `~hstdriz_study.contracts.DrizzleSettings`
    metrics : dict of str to `~hstdriz_study.contracts.Metric`
        Value, 1-sigma uncertainty and unit; no replicates.
    """

    key: str
    settings: DrizzleSettings
    metrics: dict[str, Metric] = field(default_factory=dict)

    @property
    def final_scale_arcsec(self) -> float:
        """Side of an output pixel; NaN when the record does not say, as of a failed point."""
        return _number(self.settings.final_scale_arcsec)

    @property
    def final_pixfrac(self) -> float:
        """Linear size of the drop in input pixels; NaN likewise."""
        return _number(self.settings.final_pixfrac)

    @property
    def final_kernel(self) -> str:
        """As AstroDrizzle names it."""
        return self.settings.final_kernel

    @property
    def final_wht_type(self) -> str:
        """As AstroDrizzle names it."""
        return self.settings.final_wht_type

    @property
    def label(self) -> str:
        """The point in a sentence: scale, pixfrac, and what is not square or EXP."""
        parts = [f'{self.final_scale_arcsec:.4g}"', f"pixfrac {self.final_pixfrac:.4g}"]
        if self.final_kernel != "square":
            parts.append(f"kernel {self.final_kernel}")
        if self.final_wht_type != "EXP":
            parts.append(f"{self.final_wht_type} weights")
        return ", ".join(parts)


def summarise(record: PointRecord) -> PointSummary:
    """Take from a record what a reader needs to know of it."""
    metrics = {
        name: replace(metric, replicates=None, phases=None)
        for name, metric in record.metrics.items()
    }
    return replace(settings_of(record), metrics=metrics)


def settings_of(record: PointRecord) -> PointSummary:
    """Take a record's settings alone, without its metrics."""
    return PointSummary(record.key, record.settings)


def value(record: PointRecord, metric: str) -> float:
    """Value of a metric of a record; NaN when it was not measured."""
    return record.metrics.get(metric, MISSING).value


def metric_of(record: PointRecord, metric: str) -> Metric:
    """Metric of a record; `MISSING` when it was not measured."""
    return record.metrics.get(metric, MISSING)


def n_pixels(record: PointRecord) -> float:
    """Pixels a square arcsec, to which the size of the file is proportional."""
    return settings_of(record).final_scale_arcsec ** -2.0


def label(record: PointRecord) -> str:
    """Name of a record's point in a sentence."""
    return settings_of(record).label


@dataclass(frozen=True, eq=False)
class BySettings:
    """Order of points that nothing else tells apart: by scale, pixfrac, and all else that was set.

    The order of the rows does not matter, and neither do the points' keys, which change
    with the code. What was set is looked at where points tie alone.
    """

    record: PointRecord

    def __lt__(self, other: BySettings) -> bool:
        """Whether the point comes first."""
        return self._settings < other._settings

    @property
    def _settings(self) -> tuple[float, float, str]:
        point = settings_of(self.record)
        scale, pixfrac = point.final_scale_arcsec, point.final_pixfrac
        # one that is not known comes last
        return (
            math.inf if math.isnan(scale) else scale,
            math.inf if math.isnan(pixfrac) else pixfrac,
            str(self.record.settings),
        )


Order = Callable[[PointRecord], "tuple[float | BySettings, ...]"]
"""Gives the sort key of points, of which the smallest is preferred."""


def preference(record: PointRecord) -> tuple[float | BySettings, ...]:
    """Sort key of points by what was set; the smallest is preferred.

    The largest pixfrac, then the coarsest scale, then the sharper one, then `BySettings`.
    Rules that rank by measurements look at it only where the measurements are the same.
    """
    point = settings_of(record)
    width = value(record, FWHM)
    return (-point.final_pixfrac, -point.final_scale_arcsec, width, BySettings(record))


def finished(records: Sequence[PointRecord]) -> list[PointRecord]:
    """Return the records of the points that were drizzled and measured."""
    return [record for record in records if record.status == "FINISHED"]


def _number(setting: float | None) -> float:
    return math.nan if setting is None else float(setting)


def without_repeats(records: Sequence[PointRecord]) -> list[PointRecord]:
    """Leave out records whose key, and so whose numbers, an earlier one has."""
    return list({record.key: record for record in reversed(records)}.values())[::-1]
