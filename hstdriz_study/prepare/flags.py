"""From data-quality flags of the exposures to what is flagged around sky positions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits

from hstdriz_study.good_bits import COSMIC_RAY_BIT
from hstdriz_study.optics.detector import SATURATED_BIT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# Half sides in native pixels: the core inside which a flag costs photometry, and the reach of a
# saturated core that a star's fitted centre may be off by.
CORE_HALF_SIDE_PX = 1
SATURATION_HALF_SIDE_PX = 2


def star_core_flagged_fraction(
    exposures: Sequence[Path], ra_deg: np.ndarray, dec_deg: np.ndarray
) -> float:
    """Measure which part of the star-core pixels is flagged as cosmic rays.

    Cosmic rays hit a few pixels in ten thousand; a larger part among star
    cores means that ``driz_cr`` takes the stars themselves for cosmic rays,
    which widens the PSF and loses flux.

    Parameters
    ----------
    exposures : sequence of `~pathlib.Path`
        Prepared exposures.
    ra_deg, dec_deg : 1D `~numpy.ndarray`
        Positions of the stars, degrees.

    Returns
    -------
    float
        Flagged fraction of the 3 x 3 native pixels around every star in every
        exposure; nan without stars.
    """
    flagged, total = _count(exposures, ra_deg, dec_deg, COSMIC_RAY_BIT, CORE_HALF_SIDE_PX)
    return float(flagged.sum() / total.sum()) if total.sum() else float("nan")


def near_saturated(
    exposures: Sequence[Path], ra_deg: np.ndarray, dec_deg: np.ndarray
) -> np.ndarray:
    """Tell for each position whether a saturated pixel lies near in any exposure.

    Returns
    -------
    1D boolean `~numpy.ndarray`
        True where DQ bit 256 is set within two native pixels.
    """
    flagged, _ = _count(exposures, ra_deg, dec_deg, SATURATED_BIT, SATURATION_HALF_SIDE_PX)
    return flagged > 0


def _count(
    exposures: Sequence[Path], ra_deg: np.ndarray, dec_deg: np.ndarray, bit: int, half_side_px: int
) -> tuple[np.ndarray, np.ndarray]:
    """Count flagged pixels, and pixels at all, in the square around each position."""
    from stwcs.wcsutil import HSTWCS

    flagged = np.zeros(len(ra_deg), int)
    total = np.zeros(len(ra_deg), int)
    if len(ra_deg) == 0:
        return flagged, total  # stwcs does not take an empty list
    for path in exposures:
        with fits.open(path) as hdus:
            for dq in (hdu for hdu in hdus if hdu.name == "DQ"):
                wcs = HSTWCS(hdus, ("SCI", dq.ver))
                x, y = wcs.all_world2pix(ra_deg, dec_deg, 0, quiet=True)
                inside, rows, columns = _squares(dq.shape, x, y, half_side_px)
                total += inside.sum(axis=(1, 2))
                flagged += (((dq.data[rows, columns] & bit) > 0) & inside).sum(axis=(1, 2))
    return flagged, total


def _squares(
    shape: tuple[int, int], x: np.ndarray, y: np.ndarray, half_side_px: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return which pixels of each square are on the chip, and all their (clipped) indices."""
    step = np.arange(-half_side_px, half_side_px + 1)
    rows = np.rint(y).astype(int)[:, None, None] + step[None, :, None]
    columns = np.rint(x).astype(int)[:, None, None] + step[None, None, :]
    rows, columns = np.broadcast_arrays(rows, columns)
    inside = (rows >= 0) & (rows < shape[0]) & (columns >= 0) & (columns < shape[1])
    return inside, np.clip(rows, 0, shape[0] - 1), np.clip(columns, 0, shape[1] - 1)
