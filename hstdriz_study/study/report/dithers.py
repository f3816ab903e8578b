"""From the table of dithers to its two figures: offsets on the sky and sub-pixel phases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.lines import Line2D

from hstdriz_study.study.report.style import MARKERS, PALETTE, canvas, save

if TYPE_CHECKING:
    from pathlib import Path

    from astropy.table import Table
    from matplotlib.axes import Axes

MAX_LEGEND = 12
# Both 0 and 0.5, where dithers aim, lie well inside.
PHASE_RANGE = (-0.25, 0.75)


def dither_sky_figure(dithers: Table, path: Path) -> None:
    """Draw where the exposures point, relative to the first.

    Parameters
    ----------
    dithers : `~astropy.table.Table`
        One row an exposure and field position: ``exposure``, ``position``,
        ``dx_arcsec`` (east) and ``dy_arcsec`` (north).
    path : `~pathlib.Path`
        File to write; its suffix decides the format.
    """
    first = dithers[dithers["position"] == dithers["position"][0]]
    east, north = list(first["dx_arcsec"]), list(first["dy_arcsec"])
    with canvas(5.2, 5.6) as figure:
        axes = figure.add_subplot()
        axes.plot(east, north, color="#999999", lw=1, zorder=1)
        for index in range(len(first)):
            axes.plot(
                east[index],
                north[index],
                ls="none",
                marker="o",
                ms=13,
                color=PALETTE[index % len(PALETTE)],
            )
            axes.annotate(
                str(index + 1),
                (east[index], north[index]),
                color="white",
                ha="center",
                va="center",
                fontsize=8,
                fontweight="bold",
            )
        axes.set(
            xlabel="offset east (arcsec)",
            ylabel="offset north (arcsec)",
            title="Dither offsets on the sky",
        )
        axes.set_aspect("equal", adjustable="datalim")
        axes.margins(0.2)
        axes.invert_xaxis()
        if len(first) <= MAX_LEGEND:
            names = [f"{index + 1}  {name}" for index, name in enumerate(first["exposure"])]
            figure.legend(
                handles=_dots(len(names)), labels=names, loc="outside lower center", ncols=2
            )
        save(figure, path)


def dither_phase_figure(dithers: Table, path: Path) -> None:
    """Draw the sub-pixel phases at every field position.

    Parameters
    ----------
    dithers : `~astropy.table.Table`
        As for `dither_sky_figure`, with ``phase_x`` and ``phase_y``: native
        pixels in [0, 1), from the full distorted WCS.
    path : `~pathlib.Path`
    """
    exposures = list(dict.fromkeys(dithers["exposure"]))
    positions = list(dict.fromkeys(dithers["position"]))
    with canvas(5.2, 6.4) as figure:
        axes = figure.add_subplot()
        for row in dithers:
            index = exposures.index(row["exposure"])
            axes.plot(
                _folded(row["phase_x"]),
                _folded(row["phase_y"]),
                ls="none",
                marker=MARKERS[positions.index(row["position"]) % len(MARKERS)],
                ms=7,
                alpha=0.85,
                color=PALETTE[index % len(PALETTE)],
                mec="white",
                mew=0.5,
            )
        _unit_square(axes)
        shapes = [
            Line2D([], [], ls="none", marker=MARKERS[index % len(MARKERS)], color="#555555")
            for index in range(len(positions))
        ]
        shown = min(len(exposures), MAX_LEGEND)
        figure.legend(
            handles=_dots(shown) + shapes,
            labels=[f"{i + 1}  {name}" for i, name in enumerate(exposures[:shown])] + positions,
            loc="outside lower center",
            ncols=2,
        )
        save(figure, path)


def _dots(number: int) -> list[Line2D]:
    """Return the handles of the exposures in a legend."""
    return [
        Line2D([], [], ls="none", marker="o", color=PALETTE[index % len(PALETTE)])
        for index in range(number)
    ]


def _unit_square(axes: Axes) -> None:
    """Mark the phases 0 and 0.5: an ideal box of four exposures visits all four crossings."""
    axes.set(
        xlim=PHASE_RANGE,
        ylim=PHASE_RANGE,
        xlabel="phase in x (native pixel, modulo 1)",
        ylabel="phase in y (native pixel, modulo 1)",
        title="Sub-pixel phase relative to the first exposure",
    )
    axes.set_box_aspect(1)
    for phase in (0.0, 0.5):
        axes.axvline(phase, color="#999999", lw=1, zorder=0)
        axes.axhline(phase, color="#999999", lw=1, zorder=0)


def _folded(phase: float) -> float:
    """Fold a phase into `PHASE_RANGE`."""
    low = PHASE_RANGE[0]
    return (float(phase) - low) % 1.0 + low
