"""The sampling error of weight metrics against the whole weight map of a drizzled image."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.contracts.metric_table import RMS_OVER_MEDIAN, WEIGHT_MEDIAN, WEIGHT_RMS
from hstdriz_study.measure.patches import extract
from hstdriz_study.measure.rasterise import polygon_mask
from hstdriz_study.measure.regions.full_depth import full_depth_region
from hstdriz_study.measure.regions.weight_boxes import weight_boxes
from hstdriz_study.measure.weight import measure_weight, weight_spread
from hstdriz_study.validate.measured_set import measured_set
from hstdriz_study.validate.rows import Claims

if TYPE_CHECKING:
    from hstdriz_study.contracts import Drizzled, MeasureContext, Metric
    from hstdriz_study.validate.context import CheckContext
    from hstdriz_study.validate.measured_set import MeasuredSet
    from hstdriz_study.validate.rows import Row

CLAIMS = Claims(
    "weight sampling",
    "all pixels of the weight map; design-based errors, Rao & Wu 1988, JASA 83, 231",
)
_FILTER = "f814w"
_AREA_ARCSEC2 = 100.0  # a twelfth of the region: one that is covered has no error
_N_DRAWS = 150
_NOMINAL, _LIMITS = 0.683, (0.60, 0.88)
_REASON = (
    f"{_N_DRAWS} draws know the fraction to 0.04; a trend over the field makes the error too "
    "large, never too small"
)


@dataclass(frozen=True)
class Draw:
    """One sample of boxes: each metric as measured and of the whole map."""

    measured: dict[str, Metric]
    whole: dict[str, float]


def check(context: CheckContext) -> list[Row]:
    """Draw boxes again and again on one weight map."""
    if _FILTER not in context.options.filters:
        return []
    measured = measured_set(context.of_filter(_FILTER))
    return sampling_rows(draws(measured, _N_DRAWS))


def sampling_rows(drawn: list[Draw]) -> list[Row]:
    """Judge how often the whole map lies inside the error of a sample."""
    rows = []
    for name in drawn[0].whole:
        deviation = np.array([draw.measured[name].value - draw.whole[name] for draw in drawn])
        errors = np.array([draw.measured[name].err for draw in drawn])
        rows.append(
            CLAIMS.within(
                f"{name} of the whole map lies inside the 1 sigma of a sample of boxes",
                float(np.mean(np.abs(deviation) <= errors)),
                _NOMINAL,
                _LIMITS,
                reason=_REASON,
            )
        )
    return rows


def draws(measured: MeasuredSet, n_draws: int) -> list[Draw]:
    """Sample the weight map of a set's point with many seeds."""
    frame = measured.field.image(measured.settings, "frame")
    region = full_depth_region(measured.field.prepared.footprints, frame.wcs)
    vertices = [np.asarray(polygon.exterior.coords)[:-1] for polygon in region.geoms]
    spread = weight_spread([frame.wht[polygon_mask(vertices, frame.wht.shape)]])
    whole = {
        WEIGHT_RMS.name: spread.rms,
        WEIGHT_MEDIAN.name: spread.median,
        RMS_OVER_MEDIAN.name: spread.rms_over_median,
    }
    scale = frame.final_scale_arcsec
    boxes = (weight_boxes(region, scale, _AREA_ARCSEC2, seed) for seed in range(n_draws))
    return [
        Draw(_sampled(frame, measured.context, centers, side, seed), whole)
        for seed, (centers, side) in enumerate(boxes)
    ]


def _sampled(
    frame: Drizzled, context: MeasureContext, centers_px: np.ndarray, side: float, seed: int
) -> dict[str, Metric]:
    regions = replace(
        context.regions,
        stars=context.regions.stars[:0],
        sky_boxes=np.empty((0, 2)),
        weight_boxes=np.column_stack(frame.wcs.pixel_to_world_values(*centers_px.T)),
        weight_box_arcsec=side,
    )
    return measure_weight(extract(frame, regions), replace(context, regions=regions, seed=seed))
