"""The trade-off plane: how sharp against how smooth and how quiet, with the choice marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from hstdriz_study.contracts import Place, entries_of, shown
from hstdriz_study.contracts.metric_table import FWHM, RMS_OVER_MEDIAN
from hstdriz_study.study.report.labels import MARKER_PT, Label, write_labels
from hstdriz_study.study.report.series import Plan, Series, plan
from hstdriz_study.study.report.style import (
    CHOSEN,
    EXCLUDED,
    HANDBOOK,
    MARKERS,
    RING,
    Color,
    canvas,
    ordered_colors,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hstdriz_study.choose import Choice, ChoiceSettings, PointSummary
    from hstdriz_study.contracts import PointRecord

BAND = "#FBEBD0"
HATCH = "#cccccc"
PANEL_WIDTH = 4.1  # inches
_RING_PT = 14.0


def tradeoff_figure(
    records: Sequence[PointRecord], choice: Choice, config: ChoiceSettings
) -> Figure:
    """Draw the points in the planes of FWHM and what is traded for it: even weights, low noise.

    The hatched region is beyond the limit on RMS/median; the shaded band holds
    the widths that are practically equal to the sharpest admissible one. Each
    point is labelled with its pixfrac.

    Parameters
    ----------
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        Points of one filter.
    choice : Choice
    config : `~hstdriz_study.choose.ChoiceSettings`

    Returns
    -------
    `~matplotlib.figure.Figure`
    """
    layout = plan(records)
    values = sorted({series.value for series in layout.series})
    colors = ordered_colors(values)
    panels = shown(Place.TRADE_OFF, entries_of(records))
    with canvas(PANEL_WIDTH * len(panels), 5.0) as figure:
        for axes, entry in zip(figure.subplots(1, len(panels)), panels, strict=True):
            metric = entry.name
            axes.set_xlabel(FWHM.axis)
            axes.set_ylabel(entry.axis, parse_math=False)  # words of a user's own are no formula
            for series in layout.series:
                marker = MARKERS[values.index(series.value) % len(MARKERS)]
                _line(axes, series, metric, colors[series.value], marker)
            _band(axes, choice)
            _mark(axes, choice.handbook_point, metric, HANDBOOK, "s")
            _mark(axes, choice.chosen, metric, CHOSEN, "o")
            if entry.name == RMS_OVER_MEDIAN.name:
                _limit(axes, config)
        handles = _line_handles(layout, values, colors)
        marks = _mark_handles(config)
        figure.legend(handles=handles, loc="outside upper center", ncols=min(len(handles), 6))
        figure.legend(handles=marks, loc="outside lower center", ncols=4)
        figure.draw_without_rendering()  # settles where the axes are
        for axes, entry in zip(figure.axes, panels, strict=True):
            write_labels(axes, _pixfracs(layout, choice, entry.name, colors))
    return figure


def _line_handles(layout: Plan, values: list[float], colors: dict[float, Color]) -> list[Line2D]:
    return [
        Line2D(
            [],
            [],
            color=colors[series.value],
            marker=MARKERS[values.index(series.value) % len(MARKERS)],
            label=layout.name(series),
        )
        for series in layout.series
    ]


def _mark_handles(config: ChoiceSettings) -> list[Artist]:
    return [
        _handle(CHOSEN, "o", "chosen"),
        _handle(HANDBOOK, "s", "handbook"),
        Patch(facecolor=BAND, label="practically as sharp as the sharpest"),
        Patch(
            facecolor="none",
            edgecolor=HATCH,
            hatch="///",
            label=f"RMS/median above the limit {config.max_rms_over_median:g}",
        ),
    ]


def _line(axes: Axes, series: Series, metric: str, color: Color, marker: str) -> None:
    widths, width_errors = series.numbers(FWHM.name)
    values, errors = series.numbers(metric)
    axes.errorbar(
        widths,
        values,
        xerr=width_errors,
        yerr=errors,
        color=color,
        marker=marker,
        ecolor=(*color[:3], 0.4),
        elinewidth=0.8,
    )


def _pixfracs(layout: Plan, choice: Choice, metric: str, colors: dict[float, Color]) -> list[Label]:
    """Return the pixfrac of each point; that of the choice and of the ends of lines come first."""
    ringed = {one.key for one in (choice.chosen, choice.handbook_point) if one is not None}
    chosen = None if choice.chosen is None else choice.chosen.key
    ranked = []
    for series in layout.series:
        numbers = zip(
            series.points, series.numbers(FWHM.name)[0], series.numbers(metric)[0], strict=True
        )
        ends = {series.points[0].key, series.points[-1].key}
        for point, width, value in numbers:
            if np.isfinite(width) and np.isfinite(value):
                size_pt = _RING_PT if point.key in ringed else MARKER_PT
                label = Label(
                    width, value, f"{point.final_pixfrac:g}", colors[series.value], size_pt
                )
                ranked.append((point.key != chosen, point.key not in ends, label))
    return [label for *_, label in sorted(ranked, key=lambda one: one[:2])]


def _band(axes: Axes, choice: Choice) -> None:
    if choice.sharpest is None or choice.fwhm_tolerance_arcsec is None:
        return
    width = choice.sharpest.metrics[FWHM.name].value
    band = (width, width + choice.fwhm_tolerance_arcsec.value)
    axes.axvspan(*band, color=BAND, lw=0, zorder=0)


def _mark(axes: Axes, point: PointSummary | None, metric: str, color: str, marker: str) -> None:
    if point is None or not {FWHM.name, metric} <= set(point.metrics):
        return
    axes.plot(
        point.metrics[FWHM.name].value,
        point.metrics[metric].value,
        marker=marker,
        ms=_RING_PT,
        mec=color,
        zorder=5,
        **RING,
    )


def _limit(axes: Axes, config: ChoiceSettings) -> None:
    axes.set_yscale("log")
    low, high = axes.get_ylim()
    limit = config.max_rms_over_median
    high = max(high, 1.3 * limit)
    axes.axhspan(limit, high, facecolor="none", edgecolor=HATCH, hatch="///", lw=0, zorder=0)
    axes.axhline(limit, color=EXCLUDED, ls="--", lw=1)
    axes.set_ylim(low, high)
    ticks = [t for t in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0) if low <= t <= high]
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.set_yticks([], minor=True)


def _handle(color: str, marker: str, label: str) -> Line2D:
    return Line2D([], [], marker=marker, ms=11, mec=color, label=label, **RING)
