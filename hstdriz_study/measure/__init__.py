"""From a drizzled image to metrics with uncertainties, on regions fixed on the sky."""

from typing import TYPE_CHECKING

from lazy_loader import attach

from hstdriz_study.measure.correlation import analytic_correlation
from hstdriz_study.measure.metrics import (
    Measurement,
    MetricFunction,
    foreign_modules,
    measure,
    resolve_metrics,
)
from hstdriz_study.measure.patches import (
    PointPlan,
    collect,
    cut_weight_tiles,
    extract,
    lay_weight_boxes,
    plan_point,
)
from hstdriz_study.measure.weight import WeightSpread, weight_spread

if TYPE_CHECKING:
    from hstdriz_study.measure.regions import build_regions
else:
    __getattr__, *_ = attach(__name__, submod_attrs={"regions": ["build_regions"]})

__all__ = [
    "Measurement",
    "MetricFunction",
    "PointPlan",
    "WeightSpread",
    "analytic_correlation",
    "build_regions",
    "collect",
    "cut_weight_tiles",
    "extract",
    "foreign_modules",
    "lay_weight_boxes",
    "measure",
    "plan_point",
    "resolve_metrics",
    "weight_spread",
]
