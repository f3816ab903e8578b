"""The values that travel between the rooms: small, frozen, units in their names."""

from hstdriz_study.contracts.added import AddedPoint
from hstdriz_study.contracts.drizzled import FAST_KERNELS, BoxStack, Drizzled, DrizzleSettings
from hstdriz_study.contracts.exposures import (
    MIN_EXPOSURES,
    Chip,
    Exposure,
    NonFinite,
    OutputGrid,
    PreparedFilter,
)
from hstdriz_study.contracts.records import Metric, PointRecord
from hstdriz_study.contracts.regions import (
    MeasureContext,
    MeasureGeometry,
    Patch,
    PointPixels,
    StudyRegions,
)
from hstdriz_study.contracts.scatter import derived, paired_sigma

__all__ = [
    "FAST_KERNELS",
    "MIN_EXPOSURES",
    "AddedPoint",
    "BoxStack",
    "Chip",
    "DrizzleSettings",
    "Drizzled",
    "Exposure",
    "MeasureContext",
    "MeasureGeometry",
    "Metric",
    "NonFinite",
    "OutputGrid",
    "Patch",
    "PointPixels",
    "PointRecord",
    "PreparedFilter",
    "StudyRegions",
    "derived",
    "paired_sigma",
]
