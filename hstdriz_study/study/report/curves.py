"""The metrics of one filter against pixfrac, one line a scale."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D

from hstdriz_study.contracts.metric_table import (
    CORRELATION,
    CORRELATION_ANALYTIC,
    RMS_OVER_MEDIAN,
)
from hstdriz_study.study.report.series import curve_entries, plan
from hstdriz_study.study.report.style import (
    CHOSEN,
    EXCLUDED,
    MARKERS,
    RING,
    canvas,
    ordered_colors,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hstdriz_study.choose import Choice, ChoiceSettings
    from hstdriz_study.contracts import MetricEntry, PointRecord
    from hstdriz_study.study.report.series import Plan, Series

    Lines = list[tuple[Series, dict[str, Any]]]

LINESTYLES = ("-", "--", ":", "-.")
ROW_HEIGHT, LEGEND_HEIGHT = 2.6, 0.8  # inches


def curves_figure(records: Sequence[PointRecord], choice: Choice, config: ChoiceSettings) -> Figure:
    """Draw the metrics that have a curve, with error bars, two panels a row.

    Parameters
    ----------
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        Points of one filter.
    choice : Choice
        The chosen point is ringed.
    config : `~hstdriz_study.choose.ChoiceSettings`
        For the limit on RMS/median.

    Returns
    -------
    `~matplotlib.figure.Figure`
    """
    layout = plan(records)
    lines = _lines(layout)
    entries = curve_entries(records)
    n_rows = math.ceil(len(entries) / 2)
    with canvas(8.2, n_rows * ROW_HEIGHT + LEGEND_HEIGHT) as figure:
        panels = figure.subplots(n_rows, 2, sharex=True).flatten()
        for axes, entry in zip(panels, entries, strict=False):
            _panel(axes, layout, lines, entry)
            _ring(axes, layout, choice, entry.name)
            if entry.name == RMS_OVER_MEDIAN.name:
                _weight_panel(axes, config)
            if entry.name == CORRELATION.name:
                _analytic(axes, layout, lines)
        for axes in panels[len(entries) :]:
            axes.remove()
        for axes in panels[: len(entries)][-2:]:
            axes.set_xlabel(layout.x_label)
            axes.tick_params(labelbottom=True)
        handles = [Line2D([], [], label=layout.name(series), **look) for series, look in lines]
        handles.append(_ring_handle())
        figure.legend(handles=handles, loc="outside upper center", ncols=min(len(handles), 5))
    return figure


def _lines(layout: Plan) -> Lines:
    """Give each line its colour, marker and dashes."""
    values = sorted({series.value for series in layout.series})
    variants = sorted({series.variant for series in layout.series})
    colors = ordered_colors(values)
    return [
        (
            series,
            {
                "color": colors[series.value],
                "marker": MARKERS[values.index(series.value) % len(MARKERS)],
                "ls": LINESTYLES[variants.index(series.variant) % len(LINESTYLES)],
            },
        )
        for series in layout.series
    ]


def _panel(axes: Axes, layout: Plan, lines: Lines, entry: MetricEntry) -> None:
    # words of a user's own are no formula
    axes.set_title(entry.label, parse_math=False)
    axes.set_ylabel(entry.axis, parse_math=False)
    for series, look in lines:
        values, errors = series.numbers(entry.name)
        axes.errorbar(layout.x(series), values, yerr=errors, lw=1.4, **look)
    if entry.name not in layout.metric_names():
        axes.text(0.5, 0.5, "not measured", transform=axes.transAxes, ha="center")


def _ring(axes: Axes, layout: Plan, choice: Choice, metric: str) -> None:
    if choice.chosen is None or metric not in choice.chosen.metrics:
        return
    axes.plot(
        getattr(choice.chosen, layout.abscissa),
        choice.chosen.metrics[metric].value,
        marker="o",
        ms=13,
        mec=CHOSEN,
        zorder=5,
        **RING,
    )


def _weight_panel(axes: Axes, config: ChoiceSettings) -> None:
    axes.set_yscale("log")
    axes.axhline(config.max_rms_over_median, color=EXCLUDED, ls="--", lw=1)
    axes.annotate(
        f"limit {config.max_rms_over_median:g}",
        (0.99, config.max_rms_over_median),
        xycoords=("axes fraction", "data"),
        xytext=(0, 2),
        textcoords="offset points",
        ha="right",
        va="bottom",
        color=EXCLUDED,
        fontsize=8,
    )
    _plain_log_ticks(axes)


def _plain_log_ticks(axes: Axes) -> None:
    low, high = axes.get_ylim()
    ticks = [t for t in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0) if low <= t <= high]
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.set_yticks([], minor=True)


def _analytic(axes: Axes, layout: Plan, lines: Lines) -> None:
    """Draw the noise correlation of theory as thin lines."""
    axes.set_title(f"{CORRELATION.label} (thin: analytic)")
    for series, look in lines:
        values, _ = series.numbers(CORRELATION_ANALYTIC.name)
        if np.isfinite(values).any():
            axes.plot(layout.x(series), values, color=look["color"], lw=0.8, zorder=0)


def _ring_handle() -> Line2D:
    return Line2D([], [], marker="o", ms=11, mec=CHOSEN, label="chosen", **RING)
