"""Numbers of a point as the cells of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.choose.words.numbers import with_error
from hstdriz_study.report.series import variant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose import PointSummary

NONE = "-"


def settings_cells(point: PointSummary | None) -> tuple[str, str]:
    """Return scale (arcsec) and pixfrac, with what is not the default kernel or weighting."""
    if point is None:
        return NONE, NONE
    scale = f"{point.final_scale_arcsec:.4g}".replace("nan", NONE)
    pixfrac = f"{point.final_pixfrac:g} {variant(point)}".strip().replace("nan", NONE)
    return scale, pixfrac


def metric_cell(point: PointSummary | None, name: str) -> str:
    """Return a metric as value ± error."""
    metric = None if point is None else point.metrics.get(name)
    return with_error(metric, unknown=NONE)


def value_cell(point: PointSummary, name: str) -> str:
    """Return a metric's value with two decimals."""
    metric = point.metrics.get(name)
    return f"{metric.value:.2f}".replace("nan", NONE) if metric else NONE


def aligned(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table for the terminal, columns aligned by spaces; no line break at the end."""
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]
    rule = ["─" * width for width in widths]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (heads, rule, *rows)
    )
