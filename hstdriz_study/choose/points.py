"""One swept point as the rules see it: settings, metrics, and a name a reader knows."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hstdriz_study.contracts import Metric, PointRecord, metric_table
from hstdriz_study.errors import ChoiceError

if TYPE_CHECKING:
    from collections.abc import Sequence

FWHM = metric_table.FWHM.name
PIXELS_PER_FWHM = metric_table.PIXELS_PER_FWHM.name
RMS_OVER_MEDIAN = metric_table.RMS_OVER_MEDIAN.name
HOLE_FRACTION = metric_table.HOLE_FRACTION.name
DEPTH = metric_table.DEPTH.name
N_STARS = metric_table.N_STARS.name
SAMPLE_SPACING = metric_table.SAMPLE_SPACING.name

COMMON_METRICS = (FWHM, PIXELS_PER_FWHM, RMS_OVER_MEDIAN, HOLE_FRACTION, DEPTH)
"""What the limits bound and every choice is shown with, whatever its rule looks at."""

SETTINGS_READ = ("final_scale_arcsec", "final_pixfrac", "final_kernel", "final_wht_type")
MISSING = Metric(math.nan, math.nan)


@dataclass(frozen=True)
class PointSummary:
    """A point without its bootstrap replicates, ready to be written down.

    Attributes
    ----------
    key : str
        `~hstdriz_study.contracts.PointRecord.key`.
    final_scale_arcsec, final_pixfrac : float
        NaN when the record does not say (a failed point may not know).
    final_kernel, final_wht_type : str
        As AstroDrizzle names them.
    metrics : dict of str to `~hstdriz_study.contracts.Metric`
        Value, 1-sigma uncertainty and unit; no replicates.
    """

    key: str
    final_scale_arcsec: float
    final_pixfrac: float
    final_kernel: str
    final_wht_type: str
    metrics: dict[str, Metric] = field(default_factory=dict)

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
    """Take from a record what a reader needs to know of it.

    Raises
    ------
    ChoiceError
        If the record's settings lack one of `SETTINGS_READ`.
    """
    metrics = {
        name: replace(metric, replicates=None, phases=None)
        for name, metric in record.metrics.items()
    }
    return replace(settings_of(record), metrics=metrics)


def settings_of(record: PointRecord) -> PointSummary:
    """Take a record's settings alone, without its metrics; raises as `summarise`."""
    settings = record.settings
    try:
        return PointSummary(
            key=record.key,
            final_scale_arcsec=_number(settings["final_scale_arcsec"]),
            final_pixfrac=_number(settings["final_pixfrac"]),
            final_kernel=str(settings["final_kernel"]),
            final_wht_type=str(settings["final_wht_type"]),
        )
    except KeyError:
        lacking = [name for name in SETTINGS_READ if name not in settings]
        raise ChoiceError(
            f"{record.filter}: the record of point {record.key} has no setting "
            f"{', '.join(lacking)}; run the point again with this version"
        ) from None


def value(record: PointRecord, metric: str) -> float:
    """Value of a metric of a record; NaN when it was not measured."""
    return record.metrics.get(metric, MISSING).value


def metric_of(record: PointRecord, metric: str) -> Metric:
    """Metric of a record; `MISSING` when it was not measured."""
    return record.metrics.get(metric, MISSING)


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
            json.dumps(self.record.settings, sort_keys=True, default=str),
        )


def preference(record: PointRecord) -> tuple[float, float, float, BySettings]:
    """Sort key among practically equal points; the smallest is preferred.

    The largest pixfrac, then the coarsest scale, then the sharper one, then `BySettings`.
    """
    point = settings_of(record)
    width = value(record, FWHM)
    return (-point.final_pixfrac, -point.final_scale_arcsec, width, BySettings(record))


def finished(records: Sequence[PointRecord]) -> list[PointRecord]:
    """Return the records of the points that were drizzled and measured."""
    return [record for record in records if record.status == "FINISHED"]


def _number(setting: object) -> float:
    return float(setting) if isinstance(setting, (int, float)) else math.nan


def without_repeats(records: Sequence[PointRecord]) -> list[PointRecord]:
    """Leave out records whose key, and so whose numbers, an earlier one has."""
    return list({record.key: record for record in reversed(records)}.values())[::-1]
