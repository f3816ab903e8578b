"""From the stars of a filter to the map of the PSF over the field, and to the tables of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from astropy.table import QTable

from hstdriz_study.choose.words.numbers import percent, with_error
from hstdriz_study.contracts import Metric
from hstdriz_study.field.inspection import EXPOSURES_NAME, PLANES_NAME
from hstdriz_study.measure.elongation import ellipticity
from hstdriz_study.measure.over_field.field_plane import FieldPlane
from hstdriz_study.study.report.style import EXCLUDED, canvas, save
from hstdriz_study.text_table import NONE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from astropy.table import Row
    from matplotlib.axes import Axes

    from hstdriz_study.study.directory.layout import FilterDirectory

EXPOSURE_HEADS = (
    "exposure", "exposure time (s)", "stars", 'FWHM by moments (")', "FWHM over the others'",
    "ellipticity", "left out: FWHM", "depth (mag)",
)  # fmt: skip
PLANE_HEADS = (
    "quantity", "in the middle", "change over the field", "gradient an arcmin", "toward",
    "by chance",
)  # fmt: skip
_WHISKER = 0.1  # ellipticity of the whisker in the key
_WHISKER_PER_FIELD = 7.0
_MAX_FWHM_SHOWN = 0.12  # of the median
_FEW = 0.01  # chance below which a gradient is shown as an arrow
_WORDS = {
    "fwhm": 'FWHM of the fit (")',
    "along_east": "elongation along east",
    "along_northeast": "elongation along north-east",
    "ee": "energy in the aperture",
}


_CLOSED_ARCSEC = 1e-3  # between pieces of a region, of rounding


def over_field_figure(
    stars: QTable, planes: QTable, full_depth: Sequence[np.ndarray], path: Path
) -> None:
    """Draw width and shape of the selected stars where they stand in the field.

    Parameters
    ----------
    stars, planes : `~astropy.table.QTable`
        As `~hstdriz_study.measure.over_field.psf.psf_over_field` and ``planes_table`` give them.
    full_depth : sequence of (N, 2) `~numpy.ndarray`
        Polygons, right ascension and declination in degrees.
    path : `~pathlib.Path`
        File to write; its suffix decides the format.
    """
    field = FieldPlane.of(full_depth)
    with canvas(6.4, 6.4) as figure:
        axes = figure.add_subplot()
        for edge in _outline([field.places(*polygon.T) for polygon in full_depth]):
            axes.plot(*edge.T, color=EXCLUDED, lw=1)
        seen = stars[np.isfinite(stars["fwhm"])]
        if len(seen):
            _whiskers(axes, seen, field)
            _widths(axes, seen)
        told = _arrow(axes, planes[0], field)
        axes.set(
            xlabel="arcsec east of the middle", ylabel="arcsec north of the middle",
            title=f"PSF over the field: {len(seen)} stars{told}",
        )  # fmt: skip
        axes.set_aspect("equal")
        axes.margins(0.06)
        axes.invert_xaxis()
        save(figure, path)


def _outline(polygons: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Return the edges of what polygons cover together: not where they were cut apart."""
    grown = shapely.union_all([shapely.Polygon(edge).buffer(_CLOSED_ARCSEC) for edge in polygons])
    lines = shapely.get_parts(grown.buffer(-_CLOSED_ARCSEC).boundary)
    return [np.asarray(line.coords) for line in lines]


def _widths(axes: Axes, stars: QTable) -> None:
    fwhm = stars["fwhm"].to_value("arcsec")
    off = 100 * (fwhm / np.median(fwhm) - 1)
    limit = min(max(float(np.abs(off).max()), 1.0), 100 * _MAX_FWHM_SHOWN)
    east, north = (stars[name].to_value("arcsec") for name in ("east", "north"))
    drawn = axes.scatter(
        east, north, c=off, cmap="RdBu_r", vmin=-limit, vmax=limit, s=34, edgecolors="#444444",
        linewidths=0.6, zorder=2,
    )  # fmt: skip
    words = f'FWHM from the median, {np.median(fwhm):.3f}" (%)'
    axes.figure.colorbar(drawn, ax=axes, label=words, shrink=0.8)


def _whiskers(axes: Axes, stars: QTable, field: FieldPlane) -> None:
    """Draw the direction and size of each star's ellipticity."""
    shape = np.asarray(stars["along_east"]) + 1j * np.asarray(stars["along_northeast"])
    along = np.array([ellipticity(min(abs(one), 1.0)) for one in shape])
    angle, side = np.angle(shape) / 2, math.sqrt(field.area_arcsec2)
    length = side / _WHISKER_PER_FIELD / _WHISKER
    east, north = (stars[name].to_value("arcsec") for name in ("east", "north"))
    drawn = axes.quiver(
        east, north, along * np.cos(angle), along * np.sin(angle), angles="xy", pivot="mid",
        scale_units="xy", scale=1 / length, width=0.004, color="#222222", headlength=0,
        headaxislength=0, headwidth=1, zorder=3,
    )  # fmt: skip
    axes.quiverkey(drawn, 0.1, -0.11, _WHISKER, f"ellipticity {_WHISKER:g}", labelpos="E")


def _arrow(axes: Axes, fwhm: Row, field: FieldPlane) -> str:
    """Draw where the FWHM grows, if it surely does; return what the title says of it."""
    if not fwhm["chance"] < _FEW:
        return ""
    gradient = np.array([fwhm["gradient_east"], fwhm["gradient_north"]])
    reach = 0.3 * math.sqrt(field.area_arcsec2) * gradient / np.linalg.norm(gradient)
    axes.annotate(
        "", xy=tuple(reach), xytext=tuple(-reach), zorder=1,
        arrowprops={
            "arrowstyle": "->", "color": EXCLUDED, "lw": 3, "alpha": 0.6, "mutation_scale": 25,
        },
    )  # fmt: skip
    return f", {percent(fwhm['change'] / fwhm['middle'])} wider along the arrow"


@dataclass(frozen=True)
class PsfTold:
    """What the pages say of the PSF by exposure and over the field: rows under their heads."""

    exposure_rows: list[tuple[str, ...]]
    plane_rows: list[tuple[str, ...]]


def psf_told(filter_dir: FilterDirectory) -> PsfTold | None:
    """Return what is known of a filter; None for an earlier version's study."""
    exposures, planes = filter_dir.path / EXPOSURES_NAME, filter_dir.path / PLANES_NAME
    if not exposures.is_file() or not planes.is_file():
        return None
    return PsfTold(
        [_exposure_row(row) for row in QTable.read(exposures)],
        [_plane_row(row) for row in QTable.read(planes)],
    )


def _exposure_row(row: Row) -> tuple[str, ...]:
    return (
        str(row["exposure"]),
        f"{row['exptime'].to_value('s'):.4g}",
        str(row["n_stars"]),
        _cell(row["fwhm"].to_value("arcsec"), row["fwhm_err"].to_value("arcsec")),
        _cell(row["fwhm_over_others"], row["fwhm_over_others_err"]),
        _cell(row["ellipticity"], row["ellipticity_err"]),
        _number(row["fwhm_without"], "{:.3f} of it"),
        _number(row["depth_without"].to_value("mag"), "{:+.2f}"),
    )


def _plane_row(row: Row) -> tuple[str, ...]:
    size = math.hypot(row["gradient_east"], row["gradient_north"])
    angle = math.degrees(math.atan2(row["gradient_east"], row["gradient_north"])) % 360
    return (
        _WORDS[row["quantity"]],
        _cell(row["middle"], row["middle_err"]),
        _cell(row["change"], row["change_err"]),
        _cell(size, row["gradient_err"]),
        _number(angle, "PA {:.0f}°"),
        percent(row["chance"]) if math.isfinite(row["chance"]) else NONE,
    )


def _cell(value: Any, err: Any) -> str:
    return with_error(Metric(float(value), float(err)), unknown=NONE)


def _number(value: Any, words: str) -> str:
    return words.format(float(value)) if math.isfinite(value) else NONE
