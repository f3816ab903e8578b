"""From the field of a filter to a table of its exposures, and to the words of its cells."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from astropy import units as u
from astropy.io import fits
from astropy.table import QTable, Table

from hstdriz_study.checks.by_exposure import exposures_table, side_by_side_table
from hstdriz_study.choose.words.numbers import percent, with_error
from hstdriz_study.contracts import Metric
from hstdriz_study.field.expected import energy_in_aperture
from hstdriz_study.measure.noise import DEPTH_SIGMA
from hstdriz_study.prepare.prepare import DITHERS_NAME
from hstdriz_study.prepare.solutions import solutions_in
from hstdriz_study.text_table import NONE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from astropy.table import Row

    from hstdriz_study.field import Field

HEADS = (
    "exposure", "target", "visit", "EXPTIME (s)", "WCS", 'dither E, N (")', "phase x, y",
    "off the others (px)", "flux", "width", "sky", "good", "cosmic rays",
)  # fmt: skip
_MIDDLE = "centre"  # of the field positions of the dithers


def checked_exposures(field: Field) -> QTable:
    """Return a row an exposure: what its header says, where it lies and how it compares.

    Parameters
    ----------
    field : `~hstdriz_study.field.Field`

    Returns
    -------
    table : `~astropy.table.QTable`
        Columns of `~hstdriz_study.checks.by_exposure.exposures_table` and ``side_by_side_table``,
        and ``target``, ``visit``, ``wcs`` (name of the solution in the prepared copy),
        ``wcs_in_file`` (names of all in the user's file), ``dx``, ``dy``, ``phase_x``, ``phase_y``
        (native pixels).
    """
    seen = field.side_by_side
    table = exposures_table(seen, field.options.checks.max_width_difference)
    for name, column in side_by_side_table(seen, field.options.checks).items():
        table[name] = column
    # copies of packed files and of odd names are named otherwise
    table["exposure"] = [path.name for path in field.prepared.inputs]
    heads = [_head(path) for path in field.prepared.exposures]
    for name in ("target", "visit", "wcs"):
        table[name] = [one[name] for one in heads]
    table["wcs_in_file"] = [
        ", ".join(solutions_in(path)) or "none with a name" for path in field.prepared.inputs
    ]
    dithers = Table.read(field.prepared.directory / DITHERS_NAME)
    middle = dithers[dithers["position"] == _MIDDLE]
    table["dx"], table["dy"] = (np.array(middle[n]) * u.arcsec for n in ("dx_arcsec", "dy_arcsec"))
    table["phase_x"], table["phase_y"] = np.array(middle["phase_x"]), np.array(middle["phase_y"])
    return table


def _head(path: Path) -> dict[str, str]:
    with fits.open(path) as hdus:
        primary, science = hdus[0].header, hdus["SCI", 1].header
        rootname = str(primary.get("ROOTNAME") or path.name)
        return {
            "target": str(primary.get("TARGNAME") or NONE),
            "visit": rootname[4:6].upper() or NONE,
            "wcs": str(science.get("WCSNAME") or NONE),
        }


def exposure_cells(table: QTable, native_scale_arcsec: float) -> list[tuple[str, ...]]:
    """Write the rows of `checked_exposures` under `HEADS`."""
    return [_cells(row, native_scale_arcsec) for row in table]


def _cells(row: Row, native_scale_arcsec: float) -> tuple[str, ...]:
    off, off_err = (
        row[name].to_value("arcsec") / native_scale_arcsec for name in ("off", "off_err")
    )
    return (
        str(row["exposure"]),
        str(row["target"]),
        str(row["visit"]),
        f"{row['exptime'].to_value('s'):.4g}",
        str(row["wcs"]),
        f"{row['dx'].to_value('arcsec'):+.3f}, {row['dy'].to_value('arcsec'):+.3f}",
        f"{row['phase_x']:.2f}, {row['phase_y']:.2f}",
        _cell(off, off_err),
        _cell(row["flux_over_others"], row["flux_over_others_err"]),
        _cell(row["fwhm_over_others"], row["fwhm_over_others_err"]),
        _ratio(row["sky_over_others"]),
        percent(float(row["good"])),
        percent(float(row["cosmic_rays"])),
    )


def _cell(value: Any, err: Any) -> str:
    return with_error(Metric(float(value), float(err)), unknown=NONE)


def _ratio(value: Any) -> str:
    return f"{float(value):.2f}" if math.isfinite(value) else NONE


def expected_depth_abmag(field: Field) -> float:
    """Return the 5-sigma depth of a point source that the noise of the exposures gives.

    The noise of a pixel of all exposures together is that of their inverse variances, pixels are
    independent, as they are before drizzling, and ``pi r^2`` of them are in the study's aperture.
    The light beyond it is that of the model PSF. Nan without a zero point, a record of the
    detector or the noise of an exposure.

    Parameters
    ----------
    field : `~hstdriz_study.field.Field`
    """
    geometry, zero_point = field.options.geometry, field.prepared.zero_point_abmag
    noise = np.array([_noise(chips) for chips in field.side_by_side.levels])
    inside = energy_in_aperture(field.prepared, field.options)
    if zero_point is None or inside is None or not (noise > 0).all():
        return math.nan
    pixels = math.pi * (geometry.aperture_radius_arcsec / geometry.native_scale_arcsec) ** 2
    together = math.sqrt(pixels / np.sum(noise**-2.0)) / inside
    return float(zero_point - 2.5 * math.log10(DEPTH_SIGMA * together))


def _noise(chips: Sequence[Any]) -> float:
    return float(np.median([chip.noise for chip in chips]))
