"""The trade-off plane: how sharp against how smooth and how quiet, with the choice marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.lines import Line2D

from hstdriz_study.report.series import Series, plan
from hstdriz_study.report.style import (
    CHOSEN,
    EXCLUDED,
    HANDBOOK,
    MARKERS,
    canvas,
    ordered_colors,
    save,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from matplotlib.axes import Axes

    from hstdriz_study.choose import Choice, PointSummary
    from hstdriz_study.config import ChooseConfig
    from hstdriz_study.contracts import PointRecord

FWHM = "psf/fwhm_arcsec"
PANELS = (
    ("weight/rms_over_median", "weight RMS / median"),
    ("noise/aperture_sigma", "empty-aperture noise (e$^-$/s)"),
)


def tradeoff_figure(
    records: Sequence[PointRecord], choice: Choice, config: ChooseConfig, *paths: Path
) -> None:
    """Draw the points in the planes of FWHM and weight RMS/median, and FWHM and noise.

    The hatched region is beyond the limit on RMS/median; the shaded band holds
    the widths that are practically equal to the sharpest admissible one. Each
    point is labelled with its pixfrac.

    Parameters
    ----------
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        Points of one filter.
    choice : Choice
    config : `~hstdriz_study.config.ChooseConfig`
    *paths : `~pathlib.Path`
        Files to write, one a format.
    """
    layout = plan(records)
    values = sorted({series.value for series in layout.series})
    colors = ordered_colors(values)
    with canvas(8.2, 4.6) as figure:
        for axes, (metric, label) in zip(figure.subplots(1, 2), PANELS, strict=True):
            axes.set(xlabel="FWHM (arcsec)", ylabel=label)
            for series in layout.series:
                marker = MARKERS[values.index(series.value) % len(MARKERS)]
                _line(axes, series, metric, colors[series.value], marker)
            _band(axes, choice)
            _mark(axes, choice.handbook_point, metric, HANDBOOK, "s")
            _mark(axes, choice.chosen, metric, CHOSEN, "o")
        _limit(figure.axes[0], config)
        handles = [
            Line2D(
                [],
                [],
                color=colors[series.value],
                marker=MARKERS[values.index(series.value) % len(MARKERS)],
                label=layout.name(series),
            )
            for series in layout.series
        ]
        handles += [_handle(CHOSEN, "o", "chosen"), _handle(HANDBOOK, "s", "handbook")]
        figure.legend(handles=handles, loc="outside upper center", ncols=min(len(handles), 6))
        save(figure, *paths)


def _line(axes: Axes, series: Series, metric: str, color: tuple[float, ...], marker: str) -> None:
    widths, width_errors = series.numbers(FWHM)
    values, errors = series.numbers(metric)
    axes.errorbar(
        widths, values, xerr=width_errors, yerr=errors, color=color, marker=marker, elinewidth=0.7
    )
    for point, width, value in zip(series.points, widths, values, strict=True):
        if np.isfinite(width) and np.isfinite(value):
            axes.annotate(
                f"{point.final_pixfrac:g}",
                (width, value),
                xytext=(6, 5),
                textcoords="offset points",
                fontsize=7.5,
                color=color,
            )


def _band(axes: Axes, choice: Choice) -> None:
    if choice.sharpest is None or choice.fwhm_tolerance_arcsec is None:
        return
    width = choice.sharpest.metrics[FWHM].value
    band = (width, width + choice.fwhm_tolerance_arcsec.value)
    axes.axvspan(*band, color="#E69F00", alpha=0.18, lw=0, zorder=0)
    axes.annotate(
        "practically\nsharpest",
        (band[0], 0.995),
        xycoords=("data", "axes fraction"),
        xytext=(-3, 0),
        textcoords="offset points",
        fontsize=7.5,
        ha="right",
        va="top",
        color="#8a5a00",
    )


def _mark(axes: Axes, point: PointSummary | None, metric: str, color: str, marker: str) -> None:
    if point is None or not {FWHM, metric} <= set(point.metrics):
        return
    axes.plot(
        point.metrics[FWHM].value,
        point.metrics[metric].value,
        ls="none",
        marker=marker,
        ms=14,
        mfc="none",
        mec=color,
        mew=2,
        zorder=5,
    )


def _limit(axes: Axes, config: ChooseConfig) -> None:
    axes.set_yscale("log")
    low, high = axes.get_ylim()
    limit = config.max_rms_over_median
    high = max(high, 1.3 * limit)
    axes.axhspan(limit, high, facecolor="none", edgecolor="#cccccc", hatch="///", lw=0, zorder=0)
    axes.axhline(limit, color=EXCLUDED, ls="--", lw=1)
    axes.set_ylim(low, high)
    axes.annotate(
        f"not admissible: RMS/median > {limit:g}",
        (0.98, limit),
        xycoords=("axes fraction", "data"),
        xytext=(0, 3),
        textcoords="offset points",
        fontsize=7.5,
        ha="right",
        color="#444444",
        bbox={"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 1},
    )
    ticks = [t for t in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0) if low <= t <= high]
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.set_yticks([], minor=True)


def _handle(color: str, marker: str, label: str) -> Line2D:
    return Line2D(
        [], [], ls="none", marker=marker, ms=11, mfc="none", mec=color, mew=2, label=label
    )
