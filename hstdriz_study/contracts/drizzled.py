"""What is asked of drizzling, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from astropy.wcs import WCS


@dataclass(frozen=True)
class DrizzleSettings:
    """One point of a sweep as AstroDrizzle's final step takes it.

    A value of None is left out of the call, so that AstroDrizzle uses its own
    default (the recipe's *no-opt* variant). ``grid_phase`` is what AstroDrizzle
    has no word for: the output grid moved by a part of an output pixel along x
    and y. ``final_bits`` is a number (`~hstdriz_study.config.good_bits`); its None
    is given, and lets no flag make a pixel bad.
    """

    final_scale_arcsec: float | None
    final_pixfrac: float | None
    final_kernel: str
    final_wht_type: str
    final_rot: float | None
    final_refimage: Path | None
    final_bits: int | None
    grid_phase: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Drizzled:
    """A drizzled image.

    Attributes
    ----------
    sci : 2D `~numpy.ndarray`
        Electrons per second per output pixel, sky subtracted; NaN where
        ``wht`` is 0.
    wht : 2D `~numpy.ndarray`
        Weight map, in the unit of the weighting scheme (seconds for EXP).
    wcs : `~astropy.wcs.WCS`
        Output grid (undistorted TAN).
    final_scale_arcsec : float
        Side of an output pixel.
    final_pixfrac : float
        Linear size of the drop in input pixels.
    final_kernel, final_wht_type : str
        As AstroDrizzle names them.
    exptime_s : float
        Total exposure time of the product.
    """

    sci: np.ndarray
    wht: np.ndarray
    wcs: WCS
    final_scale_arcsec: float
    final_pixfrac: float
    final_kernel: str
    final_wht_type: str
    exptime_s: float


@dataclass(frozen=True)
class BoxStack:
    """Equal squares of an output grid.

    Attributes
    ----------
    x0, y0 : (K,) `~numpy.ndarray` of int
        0-based output pixel at the corner of each; it may lie off the grid.
    side : int
        Pixels along a side.
    radius_px : float or None
        Only what lies so near to the middle of each square is wanted; None: all of it.
    """

    x0: np.ndarray
    y0: np.ndarray
    side: int
    radius_px: float | None = None
