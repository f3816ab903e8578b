"""Numbers of a point as the cells of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.choose.words.numbers import with_error
from hstdriz_study.contracts.metric_table import PIXELS_PER_FWHM
from hstdriz_study.study.report.series import variant
from hstdriz_study.text_table import NONE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hstdriz_study.choose import PointSummary
    from hstdriz_study.contracts import MetricEntry


def settings_cells(point: PointSummary | None) -> tuple[str, str]:
    """Return scale (arcsec) and pixfrac, with what is not square or EXP."""
    if point is None:
        return NONE, NONE
    scale = f"{point.final_scale_arcsec:.4g}".replace("nan", NONE)
    pixfrac = f"{point.final_pixfrac:g} {variant(point)}".strip().replace("nan", NONE)
    return scale, pixfrac


def heads_of(columns: Iterable[MetricEntry]) -> tuple[str, ...]:
    """Return the heads over `metric_cells`."""
    return tuple(entry.head for entry in columns)


def metric_cells(point: PointSummary | None, columns: Iterable[MetricEntry]) -> tuple[str, ...]:
    """Return metrics as value ± error."""
    return tuple(_metric_cell(point, entry) for entry in columns)


def _metric_cell(point: PointSummary | None, entry: MetricEntry) -> str:
    metric = None if point is None else point.metrics.get(entry.name)
    # its error is that of the FWHM, which stands beside it
    if metric is not None and entry.name == PIXELS_PER_FWHM.name:
        return entry.text(metric.value).replace("nan", NONE)
    return with_error(metric, unknown=NONE)
