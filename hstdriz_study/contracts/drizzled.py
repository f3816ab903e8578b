"""What is asked of drizzling, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from astropy.wcs import WCS

    from hstdriz_study.contracts.exposures import OutputGrid

FAST_KERNELS = ("square", "point", "turbo", "gaussian")
"""Kernels that are the same function in DrizzlePac and in the drizzle library."""


@dataclass(frozen=True)
class DrizzleSettings:
    """One point of a sweep as AstroDrizzle's final step takes it.

    A value of None is left out of the call, so that AstroDrizzle uses its own
    default (the recipe's *no-opt* variant). ``grid_phase`` is what AstroDrizzle
    has no word for: the output grid moved by a part of an output pixel along x
    and y. ``final_bits`` is a number (`~hstdriz_study.good_bits`); its None
    is given, and lets no flag make a pixel bad. ``ivm_path`` is the directory of the
    user's inverse-variance maps, of which IVM weights are made; without it they are
    made from the flat field.
    """

    final_scale_arcsec: float | None
    final_pixfrac: float | None
    final_kernel: str
    final_wht_type: str
    final_rot: float | None
    final_refimage: Path | None
    final_bits: int | None
    grid_phase: tuple[float, float] = (0.0, 0.0)
    ivm_path: Path | None = None

    @property
    def pixfrac(self) -> float:
        """``final_pixfrac``, or AstroDrizzle's default."""
        return 1.0 if self.final_pixfrac is None else self.final_pixfrac

    def on(self, grid: OutputGrid) -> DrizzleSettings:
        """Return the settings as they are carried out on a grid: scale and pixfrac are numbers."""
        return replace(self, final_scale_arcsec=grid.final_scale_arcsec, final_pixfrac=self.pixfrac)


class OfSettings:
    """What was drizzled with ``settings``, and offers the most used of them."""

    settings: DrizzleSettings

    @property
    def final_scale_arcsec(self) -> float:
        """Side of an output pixel.

        Raises
        ------
        ValueError
            If the settings are not those of a grid (`DrizzleSettings.on`).
        """
        if self.settings.final_scale_arcsec is None:
            raise ValueError("the scale was left to AstroDrizzle; take the settings on the grid")
        return self.settings.final_scale_arcsec

    @property
    def final_pixfrac(self) -> float:
        """Linear size of the drop in input pixels."""
        return self.settings.pixfrac

    @property
    def final_kernel(self) -> str:
        """As AstroDrizzle names it."""
        return self.settings.final_kernel

    @property
    def final_wht_type(self) -> str:
        """As AstroDrizzle names it."""
        return self.settings.final_wht_type


@dataclass(frozen=True)
class Drizzled(OfSettings):
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
    settings : `DrizzleSettings`
        As they were carried out (`DrizzleSettings.on`).
    exptime_s : float
        Total exposure time of the product.
    """

    sci: np.ndarray
    wht: np.ndarray
    wcs: WCS
    settings: DrizzleSettings
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
