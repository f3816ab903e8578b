"""The interactive plots of one filter, as figures that plotly.js draws."""

from __future__ import annotations

import html
import math
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.colors import to_hex, to_rgb

from hstdriz_study.choose.words.numbers import with_error
from hstdriz_study.contracts import Place, entries_of, shown
from hstdriz_study.contracts.metric_table import FWHM, RMS_OVER_MEDIAN
from hstdriz_study.study.report.series import Plan, Series, curve_entries, plan
from hstdriz_study.study.report.style import CHOSEN, EXCLUDED, HANDBOOK, ordered_colors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hstdriz_study.choose import Choice, ChoiceSettings, PointSummary
    from hstdriz_study.contracts import MetricEntry, PointRecord

Figure = dict[str, Any]
INK, GRID, BAND = "#1b1f24", "#dddddd", "#FBEBD0"
# plotly's names of the markers of `hstdriz_study.study.report.style.MARKERS`, in the same order
SYMBOLS = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross", "x")
DASHES = ("solid", "dash", "dot", "dashdot")
BAND_OPACITY = 0.18
# Characters and lines of a verdict: the hover fits a phone; a tap shows the whole.
HOVER_WIDTH, HOVER_LINES = 32, 4
LOG_TICKS = [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.5, 0.7, 1.0, 2.0]


@dataclass(frozen=True)
class Plot:
    """A plot and the words a reader who cannot see it is given."""

    name: str
    title: str
    figure: Figure


def tradeoff_plots(
    records: Sequence[PointRecord],
    choice: Choice,
    config: ChoiceSettings,
    verdicts: Mapping[str, str],
) -> list[Plot]:
    """Return the planes of FWHM against what is traded for it: even weights, depth.

    Parameters
    ----------
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        Points of one filter.
    choice : Choice
    config : `~hstdriz_study.choose.ChoiceSettings`
        For the limit on RMS/median.
    verdicts : mapping of str to str
        What became of each point, by its key, for the hover.

    Returns
    -------
    list of Plot
        Planes in which no point was measured are left out.
    """
    layout, entries = plan(records), entries_of(records)
    hovers = _hovers(layout, shown(Place.POINTS, entries), verdicts)
    found = []
    for entry in shown(Place.PLANES, entries):
        width, metric = FWHM.name, entry.name
        if not {width, metric} <= layout.metric_names():
            continue
        traces = [
            _points(layout, series, (series.numbers(width), series.numbers(metric)), hovers)
            for series in layout.series
        ]
        marks = [(choice.handbook_point, HANDBOOK, "handbook"), (choice.chosen, CHOSEN, "chosen")]
        traces += [
            _ring(point.metrics[width].value, point.metrics[metric].value, color, name)
            for point, color, name in marks
            if point is not None and {width, metric} <= set(point.metrics)
        ]
        figure: Figure = {"data": traces, "layout": _layout(FWHM.axis, entry.axis)}
        figure["layout"]["shapes"] = _sharp_band(choice)
        if entry.name == RMS_OVER_MEDIAN.name:
            _limit(figure, config)
        title = f"{FWHM.phrase} against {entry.axis}"
        found.append(Plot(f"{choice.filter}-plane-{metric}", title, figure))
    return found


def curve_plots(
    records: Sequence[PointRecord],
    choice: Choice,
    config: ChoiceSettings,
    verdicts: Mapping[str, str],
) -> list[Plot]:
    """Return each metric against pixfrac (or scale), with bands of 1 sigma; as `tradeoff_plots`."""
    layout = plan(records)
    hovers = _hovers(layout, shown(Place.POINTS, entries_of(records)), verdicts)
    found = []
    for entry in curve_entries(records):
        metric = entry.name
        if metric not in layout.metric_names():
            continue
        traces: list[Figure] = []
        for series in layout.series:
            values, errors = series.numbers(metric)
            traces.append(_error_band(layout, series, values, errors))
            none = np.zeros(len(series.points))
            traces.append(
                _points(layout, series, ((layout.x(series), none), (values, none)), hovers)
            )
        if choice.chosen is not None and metric in choice.chosen.metrics:
            x = float(getattr(choice.chosen, layout.abscissa))
            ring = _ring(x, choice.chosen.metrics[metric].value, CHOSEN, "chosen")
            traces.append(ring | {"showlegend": False})
        figure: Figure = {"data": traces, "layout": _layout(layout.x_label, entry.axis)}
        if entry.name == RMS_OVER_MEDIAN.name:
            _limit(figure, config)
        title = f"{entry.axis} against {layout.x_label}"
        found.append(Plot(f"{choice.filter}-curve-{metric}", title, figure))
    return found


Numbers = tuple[np.ndarray, np.ndarray]


def _points(
    layout: Plan, series: Series, axes: tuple[Numbers, Numbers], hovers: Mapping[str, str]
) -> Figure:
    """Draw a line of points; ``axes`` holds values and errors of x and of y."""
    color, symbol, dash = _style(layout, series)
    (x, x_errors), (y, y_errors) = axes
    trace: Figure = {
        "type": "scatter",
        "mode": "lines+markers",
        "name": layout.name(series),
        "legendgroup": layout.name(series),
        "x": _numbers(x),
        "y": _numbers(y),
        "customdata": [point.key for point in series.points],
        "text": [hovers[point.key] for point in series.points],
        "hovertemplate": "%{text}<extra></extra>",
        "line": {"color": color, "dash": dash, "width": 1.5},
        "marker": {"color": color, "symbol": symbol, "size": 9},
    }
    for axis, errors in (("error_x", x_errors), ("error_y", y_errors)):
        if errors.any():
            trace[axis] = {"array": _numbers(errors), "thickness": 1, "width": 2, "color": color}
    return trace


def _error_band(layout: Plan, series: Series, values: np.ndarray, errors: np.ndarray) -> Figure:
    known = np.isfinite(values)
    x, low, high = layout.x(series)[known], (values - errors)[known], (values + errors)[known]
    red, green, blue = (round(255 * part) for part in to_rgb(_style(layout, series)[0]))
    return {
        "type": "scatter",
        "mode": "lines",
        "x": _numbers([*x, *x[::-1]]),
        "y": _numbers([*high, *low[::-1]]),
        "fill": "toself",
        "fillcolor": f"rgba({red},{green},{blue},{BAND_OPACITY})",
        "line": {"width": 0},
        "hoverinfo": "skip",
        "showlegend": False,
        "legendgroup": layout.name(series),
    }


def _ring(x: float, y: float, color: str, name: str) -> Figure:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": _numbers([x]),
        "y": _numbers([y]),
        "hoverinfo": "skip",
        "marker": {
            "symbol": "circle-open" if name == "chosen" else "square-open",
            "size": 18,
            "color": color,
            "line": {"width": 2.5},
        },
    }


def _style(layout: Plan, series: Series) -> tuple[str, str, str]:
    """Return colour, marker and dash of a line, those of the static figures."""
    values = sorted({other.value for other in layout.series})
    variants = sorted({other.variant for other in layout.series})
    return (
        to_hex(ordered_colors(values)[series.value]),
        SYMBOLS[values.index(series.value) % len(SYMBOLS)],
        DASHES[variants.index(series.variant) % len(DASHES)],
    )


def _hovers(
    layout: Plan, entries: Sequence[MetricEntry], verdicts: Mapping[str, str]
) -> dict[str, str]:
    """Say by its key what the hover says of each point."""
    points = [point for series in layout.series for point in series.points]
    return {point.key: _hover(point, entries, verdicts) for point in points}


def _hover(point: PointSummary, entries: Sequence[MetricEntry], verdicts: Mapping[str, str]) -> str:
    """Say what the hover says of a point; plotly.js reads it as simple HTML."""
    lines = [f"<b>{html.escape(point.label, quote=False)}</b>"]
    for entry in entries:
        if entry.name in point.metrics:
            words = html.escape(entry.in_sentence, quote=False)
            suffix = html.escape(entry.suffix, quote=False)
            lines.append(f"{words} {with_error(point.metrics[entry.name])}{suffix}")
    if point.key in verdicts:
        said = textwrap.wrap(verdicts[point.key], HOVER_WIDTH, max_lines=HOVER_LINES)
        lines += [f"<i>{html.escape(line, quote=False)}</i>" for line in said]
    return "<br>".join(lines)


def _sharp_band(choice: Choice) -> list[Figure]:
    """Shade the widths that are practically equal to the sharpest admissible one."""
    if choice.sharpest is None or choice.fwhm_tolerance_arcsec is None:
        return []
    sharpest = choice.sharpest.metrics[FWHM.name].value
    return [
        {
            "type": "rect",
            "xref": "x",
            "yref": "paper",
            "x0": sharpest,
            "x1": sharpest + choice.fwhm_tolerance_arcsec.value,
            "y0": 0,
            "y1": 1,
            "fillcolor": BAND,
            "line": {"width": 0},
            "layer": "below",
        }
    ]


def _limit(figure: Figure, config: ChoiceSettings) -> None:
    """Draw the limit on RMS/median on a logarithmic axis."""
    limit = config.max_rms_over_median
    ticks = {"tickvals": LOG_TICKS, "ticktext": [f"{tick:g}" for tick in LOG_TICKS]}
    figure["layout"]["yaxis"] |= {"type": "log", **ticks}
    line = {"color": EXCLUDED, "dash": "dash", "width": 1}
    shape = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": limit, "y1": limit}
    figure["layout"].setdefault("shapes", []).append(shape | {"line": line})
    figure["layout"]["annotations"] = [
        {
            "text": f"limit {limit:g}",
            "xref": "paper",
            "x": 1,
            "y": math.log10(limit),
            "xanchor": "right",
            "yanchor": "bottom",
            "showarrow": False,
            "font": {"color": EXCLUDED, "size": 11},
        }
    ]


def _layout(x_label: str, y_label: str) -> Figure:
    # plotly.js reads titles as simple HTML
    x_label, y_label = (html.escape(label, quote=False) for label in (x_label, y_label))
    axis = {"gridcolor": GRID, "zeroline": False, "linecolor": INK, "automargin": True}
    return {
        "xaxis": {**axis, "title": {"text": x_label, "standoff": 8}},
        "yaxis": {**axis, "title": {"text": y_label, "standoff": 12}},
        "font": {"family": "system-ui, DejaVu Sans, sans-serif", "size": 12, "color": INK},
        "paper_bgcolor": "#fff",
        "plot_bgcolor": "#fff",
        "margin": {"l": 10, "r": 10, "t": 10, "b": 10},
        "height": 400,
        "hovermode": "closest",
        "hoverlabel": {"bgcolor": "#fff", "font": {"color": INK, "size": 11}, "align": "left"},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        "dragmode": False,
    }


def _numbers(values: Sequence[float] | np.ndarray) -> list[float | None]:
    """Return numbers as JSON knows them: null where there is none."""
    return [float(value) if math.isfinite(value) else None for value in values]
