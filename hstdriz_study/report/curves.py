"""The metrics of one filter against pixfrac, one line a scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.lines import Line2D

from hstdriz_study.report.series import Plan, Series, plan
from hstdriz_study.report.style import (
    CHOSEN,
    EXCLUDED,
    MARKERS,
    Color,
    canvas,
    ordered_colors,
    save,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from matplotlib.axes import Axes

    from hstdriz_study.choose import Choice, ChoiceSettings
    from hstdriz_study.contracts import PointRecord

LINESTYLES = ("-", "--", ":", "-.")
PANELS = (
    ("psf/fwhm_arcsec", "FWHM (arcsec)", "PSF width"),
    ("weight/rms_over_median", "RMS / median", "Weight map"),
    ("noise/aperture_sigma", "aperture noise (e⁻/s)", "Empty-aperture noise"),
    ("noise/sky_rms", "sky RMS (e⁻/s/pixel)", "Noise per output pixel"),
    ("noise/correlation", "R", "Noise correlation (thin: analytic)"),
    ("noise/depth_abmag", r"5$\sigma$ depth (AB mag)", "Point-source depth"),
)
ANALYTIC = "noise/correlation_analytic"


def curves_figure(
    records: Sequence[PointRecord], choice: Choice, config: ChoiceSettings, path: Path
) -> None:
    """Draw FWHM, weight RMS/median, noise, correlation and depth with error bars.

    Parameters
    ----------
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        Points of one filter.
    choice : Choice
        The chosen point is ringed.
    config : `~hstdriz_study.choose.ChoiceSettings`
        For the limit on RMS/median.
    path : `~pathlib.Path`
        File to write; its suffix decides the format.
    """
    layout = plan(records)
    values = sorted({series.value for series in layout.series})
    colors = ordered_colors(values)
    variants = sorted({series.variant for series in layout.series})
    with canvas(8.2, 8.6) as figure:
        for axes, (metric, label, title) in zip(
            figure.subplots(3, 2, sharex=True).flat, PANELS, strict=True
        ):
            axes.set(ylabel=label, title=title)
            for series in layout.series:
                style = LINESTYLES[variants.index(series.variant) % len(LINESTYLES)]
                marker = MARKERS[values.index(series.value) % len(MARKERS)]
                _line(axes, layout, series, metric, (colors[series.value], marker, style))
            _ring(axes, layout, choice, metric)
            if metric not in layout.metric_names():
                axes.text(0.5, 0.5, "not measured", transform=axes.transAxes, ha="center")
        panels = figure.axes
        for axes in panels[-2:]:
            axes.set_xlabel(layout.x_label)
        _weight_panel(panels[1], config)
        _analytic(panels[4], layout, colors)
        handles = [_handle(layout, s, values, variants, colors) for s in layout.series]
        handles.append(_ring_handle())
        figure.legend(handles=handles, loc="outside upper center", ncols=min(len(handles), 5))
        save(figure, path)


def _line(
    axes: Axes, layout: Plan, series: Series, metric: str, style: tuple[Color, str, str]
) -> None:
    values, errors = series.numbers(metric)
    color, marker, linestyle = style
    axes.errorbar(
        layout.x(series), values, yerr=errors, color=color, marker=marker, ls=linestyle, lw=1.4
    )


def _ring(axes: Axes, layout: Plan, choice: Choice, metric: str) -> None:
    if choice.chosen is None or metric not in choice.chosen.metrics:
        return
    axes.plot(
        getattr(choice.chosen, layout.abscissa),
        choice.chosen.metrics[metric].value,
        ls="none",
        marker="o",
        ms=13,
        mfc="none",
        mec=CHOSEN,
        mew=2,
        zorder=5,
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


def _analytic(axes: Axes, layout: Plan, colors: dict[float, Color]) -> None:
    for series in layout.series:
        values, _ = series.numbers(ANALYTIC)
        if np.isfinite(values).any():
            axes.plot(layout.x(series), values, color=colors[series.value], lw=0.8, zorder=0)


def _handle(
    layout: Plan,
    series: Series,
    values: list[float],
    variants: list[str],
    colors: dict[float, Color],
) -> Line2D:
    return Line2D(
        [],
        [],
        color=colors[series.value],
        marker=MARKERS[values.index(series.value) % len(MARKERS)],
        ls=LINESTYLES[variants.index(series.variant) % len(LINESTYLES)],
        label=layout.name(series),
    )


def _ring_handle() -> Line2D:
    return Line2D(
        [], [], ls="none", marker="o", ms=11, mfc="none", mec=CHOSEN, mew=2, label="chosen"
    )
