"""Read rectangles of chips: pixels, weights, and where the pixels fall."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits
from numpy.lib.stride_tricks import sliding_window_view

from hstdriz_study.drizzle.input_weights import exposure_weights
from hstdriz_study.prepare.pixmap import pixel_maps

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.contracts import Chip
    from hstdriz_study.drizzle.input_weights import Weighting
    from hstdriz_study.prepare.pixmap import ChipMap

_SCALED = ("BZERO", "BSCALE", "BLANK")


@dataclass(frozen=True)
class Rectangles:
    """Equal rectangles of one chip: K of them, each ``shape`` (rows, columns).

    ``x0`` and ``y0`` are the 0-based chip pixels of their corners; pixels off the chip are
    allowed and have no weight.
    """

    x0: np.ndarray
    y0: np.ndarray
    shape: tuple[int, int]

    def take(self, array: np.ndarray, dtype: type) -> np.ndarray:
        """Copy the rectangles of a chip's array, shape (K, rows, columns); 0 off the chip."""
        rows, columns = self.shape
        taken: np.ndarray = np.zeros((len(self.x0), rows, columns), dtype)
        x0, y0 = self.x0, self.y0
        inside = (x0 >= 0) & (y0 >= 0)
        inside &= (x0 + columns <= array.shape[1]) & (y0 + rows <= array.shape[0])
        if inside.any():
            taken[inside] = sliding_window_view(array, self.shape)[y0[inside], x0[inside]]
        for index in np.flatnonzero(~inside):
            left, below = x0[index], y0[index]
            cut = array[max(below, 0) : max(below + rows, 0), max(left, 0) : max(left + columns, 0)]
            at_y, at_x = max(-below, 0), max(-left, 0)
            taken[index, at_y : at_y + cut.shape[0], at_x : at_x + cut.shape[1]] = cut
        return taken


def science(chip: Chip, rectangles: Rectangles) -> np.ndarray:
    """Return the sky-subtracted electrons, or electrons / s, shape (K, rows, columns), float32."""
    pixels = rectangles.take(_extension(chip.exposure, "SCI", chip.extver), np.float32)
    pixels -= chip.mdrizsky
    if chip.electrons_per_unit != 1:
        pixels *= np.float32(chip.electrons_per_unit)
    return pixels


def weights(chip: Chip, rectangles: Rectangles, weighting: Weighting) -> np.ndarray:
    """Return the weights of the pixels, shape (K, rows, columns), float32; 0 off the chip."""
    if weighting.arrays is not None:
        return rectangles.take(_array(weighting.arrays[chip]), np.float32)
    return exposure_weights(
        rectangles.take(_extension(chip.exposure, "DQ", chip.extver), np.uint16),
        rectangles.take(_array(chip.static_mask), np.bool_),
        weighting.good_bits,
        chip.exptime_s,
    )


def ringed_maps(
    mapped: ChipMap, rectangles: Rectangles, out: np.ndarray | None = None
) -> np.ndarray:
    """Return pixel maps whose outermost ring is NaN, shape (K, rows, columns, 2).

    The kernel then finds no outline of the rectangle, so that it takes every pixel instead
    of those it believes to fall on the output, and never interpolates from one rectangle
    into the next of a stack.
    """
    maps = pixel_maps(mapped.nodes, rectangles.x0, rectangles.y0, rectangles.shape, out)
    maps[:, [0, -1]] = np.nan
    maps[:, :, [0, -1]] = np.nan
    return maps


@lru_cache(maxsize=128)
def _extension(path: Path, name: str, extver: int) -> np.ndarray:
    """Map an extension of a file into memory, where it is shared by all processes."""
    with fits.open(path) as hdus:
        scaled = any(key in hdus[name, extver].header for key in _SCALED)
    with fits.open(path, memmap=not scaled) as hdus:
        return np.asarray(hdus[name, extver].data)


@lru_cache(maxsize=128)
def _array(path: Path) -> np.ndarray:
    # a plain array: each slice of a memmap costs much more
    return np.asarray(np.load(path, mmap_mode="r"))
