"""What the room that measures is told: its settings, made of the configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.contracts import ENTRIES
from hstdriz_study.contracts.metric_entry import entries_given
from hstdriz_study.measure import resolve_metrics
from hstdriz_study.measure.settings import RegionSettings

if TYPE_CHECKING:
    from hstdriz_study.contracts import MetricEntry
    from hstdriz_study.measure import MetricFunction
    from hstdriz_study.study.config.schema import MeasureConfig


def region_settings(measure: MeasureConfig) -> RegionSettings:
    """Return what decides which stars and boxes are measured."""
    return RegionSettings(
        min_stars=measure.min_stars,
        max_stars=measure.max_stars,
        min_star_snr=measure.min_star_snr,
        n_sky_boxes=measure.n_sky_boxes,
        weight_area_arcsec2=measure.weight_area_arcsec2,
        seed=measure.seed,
        region=measure.region,
        leave_out=measure.leave_out,
        stars=measure.stars,
    )


def metric_functions(measure: MeasureConfig) -> list[MetricFunction]:
    """Import what a point is measured with; raises as `~hstdriz_study.measure.resolve_metrics`."""
    return resolve_metrics(measure.metrics, measure.own_metrics)


def metric_entries(measure: MeasureConfig) -> dict[str, MetricEntry]:
    """Return what is known of the metrics before any is measured, those of one's own included."""
    own = [entries_given(function) for function in metric_functions(measure)]
    return ENTRIES | {name: entry for given in own for name, entry in given.items()}
