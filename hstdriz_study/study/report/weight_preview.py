"""The weight map foreseen: how uneven at every scale and pixfrac, and where holes open."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.patheffects import withStroke

from hstdriz_study.study.report.style import CHOSEN, canvas, save

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.axes import Axes

    from hstdriz_study.choose import ChoiceSettings
    from hstdriz_study.predict import WeightMap

HOLES = "#D04A9A"
# Colours span at least this, so that an even map does not look uneven.
NOTE_CHARS_PER_IN = 12
TICKS = (0.03, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
COLOR_RANGE = (0.03, 0.5)
DARK_ABOVE = 0.2
CELL_IN, CELL_HEIGHT_IN, MARGINS_IN = 0.62, 0.42, (2.3, 1.9)
SMALLEST_IN = (5.2, 3.2)


def weight_preview_figure(
    weight_map: WeightMap, limits: ChoiceSettings, note: str, path: Path
) -> None:
    """Draw RMS/median of the predicted weight map, scale against pixfrac.

    The line divides points within the limit on RMS/median from those beyond
    it; hatched cells have more holes than the limit.

    Parameters
    ----------
    weight_map : `~hstdriz_study.predict.WeightMap`
    limits : `~hstdriz_study.choose.ChoiceSettings`
        ``max_rms_over_median`` and ``max_hole_fraction`` are marked.
    note : str
        What the prediction starts from; stands above the map.
    path : `~pathlib.Path`
        File to write; its suffix decides the format.
    """
    rows, columns = weight_map.rms_over_median.shape
    size = (
        max(SMALLEST_IN[0], MARGINS_IN[0] + CELL_IN * columns),
        max(SMALLEST_IN[1], MARGINS_IN[1] + CELL_HEIGHT_IN * rows),
    )
    with canvas(*size) as figure:
        axes = figure.add_subplot()
        axes.grid(visible=False)
        low, high = _range(weight_map.rms_over_median)
        image = axes.pcolormesh(
            np.ma.masked_invalid(np.minimum(weight_map.rms_over_median, high)),
            cmap="Blues",
            norm=LogNorm(low, high),
            edgecolors="white",
            linewidth=0.6,
        )
        _values(axes, weight_map.rms_over_median)
        _holes(axes, weight_map.hole_fraction > limits.max_hole_fraction)
        _border(axes, weight_map.rms_over_median, limits.max_rms_over_median)
        _ticks(axes, weight_map)
        bar = figure.colorbar(image, ax=axes, label="weight RMS / median", pad=0.02)
        bar.set_ticks([t for t in TICKS if t <= high])
        bar.ax.yaxis.set_major_formatter("{x:g}")
        bar.ax.yaxis.set_minor_formatter("")
        title = f"{weight_map.filter}: the weight map foreseen"
        if weight_map.variant:
            title += f", {weight_map.variant}"
        figure.suptitle(title, x=0.01, ha="left", fontsize=10)
        axes.set_title(
            fill(note, round(NOTE_CHARS_PER_IN * size[0])),
            loc="left",
            fontsize=7.5,
            color="#555555",
            parse_math=False,  # a directory may have dollars in its name
        )
        figure.legend(handles=_handles(limits), loc="outside lower center", ncols=2)
        save(figure, path)


def _range(values: np.ndarray) -> tuple[float, float]:
    finite = values[np.isfinite(values) & (values > 0)]
    low, high = COLOR_RANGE
    return float(np.min(finite, initial=low)), float(np.max(finite, initial=high))


def _values(axes: Axes, values: np.ndarray) -> None:
    for (row, column), value in np.ndenumerate(values):
        if not np.isnan(value):
            dark = value > DARK_ABOVE
            axes.text(
                column + 0.5,
                row + 0.5,
                f"{value:.2f}",
                ha="center",
                va="center",
                fontsize=8,
                color="white" if dark else "black",
                path_effects=[withStroke(linewidth=2, foreground="#333333" if dark else "white")],
            )


def _holes(axes: Axes, beyond: np.ndarray) -> None:
    for row, column in np.argwhere(beyond):
        cell = (float(column), float(row))
        axes.add_patch(
            Rectangle(cell, 1, 1, fill=False, hatch="////", edgecolor=HOLES, linewidth=0)
        )


def _border(axes: Axes, values: np.ndarray, limit: float) -> None:
    """Draw the edges between cells within the limit and cells beyond it; nan is neither."""
    side = np.where(np.isnan(values), 0, np.where(values > limit, 1, -1))
    for row, column in np.argwhere(side[1:] * side[:-1] < 0):
        axes.plot([column, column + 1], [row + 1, row + 1], color=CHOSEN, lw=2.5)
    for row, column in np.argwhere(side[:, 1:] * side[:, :-1] < 0):
        axes.plot([column + 1, column + 1], [row, row + 1], color=CHOSEN, lw=2.5)


def _ticks(axes: Axes, weight_map: WeightMap) -> None:
    axes.set(xlabel="final_pixfrac", ylabel="final_scale (arcsec)")
    axes.set_xticks(
        np.arange(len(weight_map.pixfracs)) + 0.5, [f"{p:g}" for p in weight_map.pixfracs]
    )
    axes.set_yticks(
        np.arange(len(weight_map.scales_arcsec)) + 0.5,
        [f"{s:.4g}" for s in weight_map.scales_arcsec],
    )
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _handles(limits: ChoiceSettings) -> list[Line2D | Patch]:
    return [
        Line2D([], [], color=CHOSEN, lw=2.5, label=f"RMS/median = {limits.max_rms_over_median:g}"),
        Patch(
            facecolor="none",
            edgecolor=HOLES,
            hatch="////",
            label=f"holes in more than {limits.max_hole_fraction:g} of the pixels",
        ),
    ]
