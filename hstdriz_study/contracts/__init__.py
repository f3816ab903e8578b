"""The values that travel between the rooms: small, frozen, units in their names."""

from hstdriz_study.contracts.added import AddedPoint
from hstdriz_study.contracts.drizzled import FAST_KERNELS, BoxStack, Drizzled, DrizzleSettings
from hstdriz_study.contracts.entries import ENTRIES, entries_of, shown
from hstdriz_study.contracts.exposures import (
    MIN_EXPOSURES,
    WFPC2,
    Chip,
    Exposure,
    NonFinite,
    OutputGrid,
    PreparedFilter,
    Shift,
)
from hstdriz_study.contracts.finding import Finding, FindingKind, as_warning, refuse_stopping
from hstdriz_study.contracts.metric_entry import Better, ErrorKind, MetricEntry, Need, Place, gives
from hstdriz_study.contracts.recorded import recorded_settings, settings_of_recorded
from hstdriz_study.contracts.records import Metric, PointRecord
from hstdriz_study.contracts.regions import (
    MeasureContext,
    MeasureGeometry,
    Patch,
    PointPixels,
    StudyRegions,
    WeightBoxes,
)
from hstdriz_study.contracts.scatter import derived, paired_sigma

__all__ = [
    "ENTRIES",
    "FAST_KERNELS",
    "MIN_EXPOSURES",
    "WFPC2",
    "AddedPoint",
    "Better",
    "BoxStack",
    "Chip",
    "DrizzleSettings",
    "Drizzled",
    "ErrorKind",
    "Exposure",
    "Finding",
    "FindingKind",
    "MeasureContext",
    "MeasureGeometry",
    "Metric",
    "MetricEntry",
    "Need",
    "NonFinite",
    "OutputGrid",
    "Patch",
    "Place",
    "PointPixels",
    "PointRecord",
    "PreparedFilter",
    "Shift",
    "StudyRegions",
    "WeightBoxes",
    "as_warning",
    "derived",
    "entries_of",
    "gives",
    "paired_sigma",
    "recorded_settings",
    "refuse_stopping",
    "settings_of_recorded",
    "shown",
]
