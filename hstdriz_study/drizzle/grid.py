"""From AstroDrizzle's own mosaic and the settings of a point to the output pixel grid.

The arithmetic is that of DrizzlePac's ``wcs_functions.mergeWCS``, and so are the numbers, to the
last bit (3.11.0; ten default mosaics, eight scales, three orientations).

Why it is our own: every process that drizzles or foresees needs a grid, and importing
``drizzlepac.wcs_functions`` costs it 3 s of CPU time where a point costs tenths of a second.
The drizzle library (3.0.0) maps pixels between two WCS and makes neither; stwcs'
``output_wcs`` (1.7.7) makes the default mosaic, from which this starts, and knows no
``final_scale``, ``final_rot`` or ``final_refimage``.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS

from hstdriz_study.contracts import OutputGrid
from hstdriz_study.errors import DatasetError
from hstdriz_study.prepare.geometry import grid_of

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.contracts import DrizzleSettings

_SAME_SCALE = 10 * float(np.finfo(float).eps)


def output_grid(mosaic: OutputGrid, settings: DrizzleSettings) -> OutputGrid:
    """Return the grid AstroDrizzle makes for these settings.

    Parameters
    ----------
    mosaic : `~hstdriz_study.contracts.OutputGrid`
        AstroDrizzle's own grid; a ``final_refimage`` takes its place.
    settings : `~hstdriz_study.contracts.DrizzleSettings`
        ``grid_phase`` moves the grid by a part of an output pixel.

    Raises
    ------
    DatasetError
        If ``final_refimage`` has no celestial WCS.
    """
    start = reference_grid(settings.final_refimage) if settings.final_refimage else mosaic
    asked = settings.final_scale_arcsec
    same = asked is None or math.isclose(asked, start.scale_arcsec, rel_tol=_SAME_SCALE)
    scale_arcsec = start.scale_arcsec if same or asked is None else asked
    turn_deg = 0.0
    if settings.final_rot is not None:
        turn_deg = start.orientation_deg - settings.final_rot
    grid = _merged(start, scale_arcsec, turn_deg)
    dx, dy = settings.grid_phase
    return replace(grid, crpix=(grid.crpix[0] + dx, grid.crpix[1] + dy))


def _merged(start: OutputGrid, scale_arcsec: float, turn_deg: float) -> OutputGrid:
    """Change the scale and the orientation as ``mergeWCS`` does, rounding included."""
    ratio = start.scale_arcsec / scale_arcsec
    rows, columns = start.shape
    crpix = np.array(start.crpix)
    if turn_deg == 0 and ratio == 1:
        return start
    if turn_deg == 0:
        shape = (math.ceil(ratio * rows), math.ceil(ratio * columns))
        new_crpix = 1 + ratio * (crpix - 1)
        cd = np.array(start.cd) / ratio
    else:
        ends = [[x, y] for x in (0.5, columns + 0.5) for y in (0.5, rows + 0.5)]
        corners = ratio * (np.array(ends) - crpix) @ _turn(turn_deg)
        low, high = corners.min(axis=0), corners.max(axis=0)
        shape = (math.ceil(high[1] - low[1]), math.ceil(high[0] - low[0]))
        new_crpix = 0.5 - low
        cd = np.array(start.cd) / ratio @ _turn(turn_deg)
    (cd11, cd12), (cd21, cd22) = cd.tolist()
    return OutputGrid(
        crval_deg=start.crval_deg,
        crpix=(float(new_crpix[0]), float(new_crpix[1])),
        cd=((cd11, cd12), (cd21, cd22)),
        shape=(max(1, shape[0]), max(1, shape[1])),
        scale_arcsec=scale_arcsec,
        orientation_deg=start.orientation_deg - turn_deg,
    )


def _turn(angle_deg: float) -> np.ndarray:
    cosine, sine = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    return np.array([[cosine, sine], [-sine, cosine]])


def reference_grid(path: Path) -> OutputGrid:
    """Read the grid of an existing image: its first extension with a celestial WCS.

    Raises
    ------
    DatasetError
        If there is none, or the file cannot be read.
    """
    try:
        with fits.open(path) as hdus:
            for hdu in hdus:
                if hdu.is_image and "CRVAL1" in hdu.header and "CD1_1" in hdu.header:
                    return grid_of(WCS(hdu.header, hdus), hdu.shape)
    except OSError as error:
        raise DatasetError(
            f"{path}: cannot be read as FITS ({error}); name a drizzled image in "
            "drizzle.final_refimage"
        ) from error
    raise DatasetError(
        f"{path}: no extension with a celestial WCS (CRVAL1, CD1_1); name a drizzled image in "
        "drizzle.final_refimage"
    )


def grid_wcs(grid: OutputGrid) -> WCS:
    """Return the grid as an `~astropy.wcs.WCS`."""
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = ["RA---TAN", "DEC--TAN"]
    wcs.wcs.crval = grid.crval_deg
    wcs.wcs.crpix = grid.crpix
    wcs.wcs.cd = grid.cd
    wcs.pixel_shape = grid.shape[::-1]
    wcs.wcs.set()
    return wcs
