"""From the full WCS of the exposures to the table of their dithers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from astropy.coordinates import SkyCoord
from astropy.io import fits
from astropy.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# Where on the chip the phase is taken, as fractions of its sides: distortion makes the same
# pointing offset a different number of pixels at the centre and in the corners.
FIELD_POSITIONS = {
    "centre": (0.5, 0.5),
    "lower left": (0.1, 0.1),
    "lower right": (0.9, 0.1),
    "upper left": (0.1, 0.9),
    "upper right": (0.9, 0.9),
}


def dither_table(exposures: Sequence[Path]) -> Table:
    """Tabulate where each exposure lies on the sky and on the pixel grid.

    Parameters
    ----------
    exposures : sequence of `~pathlib.Path`
        Prepared exposures (with distortion in their headers).

    Returns
    -------
    `~astropy.table.Table`
        One row an exposure and field position: ``exposure``, ``position``,
        ``dx_arcsec`` (east) and ``dy_arcsec`` (north) from the first
        exposure, and ``phase_x``, ``phase_y``, the sub-pixel phase in native
        pixels relative to the first exposure, in [0, 1): the sky position
        under a pixel of the first exposure, carried through both full WCS.
    """
    wcs = [_first_chip_wcs(path) for path in exposures]
    rows = []
    reference, (ny, nx) = wcs[0]
    for position, (fraction_x, fraction_y) in FIELD_POSITIONS.items():
        pixel = np.array([[fraction_x * (nx - 1), fraction_y * (ny - 1)]])
        target = reference.all_pix2world(pixel, 0)
        origin = SkyCoord(*target[0], unit="deg")
        for path, (other, _) in zip(exposures, wcs, strict=True):
            # where the same detector pixel looks, and where the same sky falls
            east, north = origin.spherical_offsets_to(
                SkyCoord(*other.all_pix2world(pixel, 0)[0], unit="deg")
            )
            moved = other.all_world2pix(target, 0, tolerance=1e-6)[0] - pixel[0]
            phase = np.mod(np.round(moved, 6), 1.0)  # 0 for the first, not 0.9999999
            rows.append((path.name, position, east.arcsec, north.arcsec, phase[0], phase[1]))
    table = Table(
        rows=rows,
        names=("exposure", "position", "dx_arcsec", "dy_arcsec", "phase_x", "phase_y"),
    )
    table["dx_arcsec"].unit = table["dy_arcsec"].unit = "arcsec"
    return table


def _first_chip_wcs(path: Path) -> tuple[Any, tuple[int, int]]:
    from stwcs.wcsutil import HSTWCS

    with fits.open(path) as hdus:
        return HSTWCS(hdus, ("SCI", 1)), hdus["SCI", 1].shape
