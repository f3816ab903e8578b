"""From the field of a filter to a table of its exposures, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from astropy import units as u
from astropy.io import fits
from astropy.table import QTable, Table

from hstdriz_study.checks.by_exposure import exposures_table, side_by_side_table
from hstdriz_study.dataset.solutions import solutions_in
from hstdriz_study.prepare.prepare import DITHERS_NAME
from hstdriz_study.text_table import NONE

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.field.field import Field

CHECKED_NAME = "side_by_side.ecsv"
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
        (native pixels), ``off_px``, ``off_px_err`` (``off`` in native pixels).
    """
    seen = field.side_by_side
    table = exposures_table(seen, field.options.checks.max_width_difference)
    for name, column in side_by_side_table(seen, field.options.checks).items():
        table[name] = column
    # copies of packed files and of odd names are named otherwise
    table["exposure"] = [path.name for path in field.prepared.inputs]
    pixel = field.options.geometry.native_scale_arcsec * u.arcsec
    for name in ("off", "off_err"):
        table[name.replace("off", "off_px")] = (table[name] / pixel).to_value(u.one)
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
