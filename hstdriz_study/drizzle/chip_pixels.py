"""Read rectangles of chips: pixels, weights, and where the pixels fall."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits

from hstdriz_study.drizzle.pixmap import pixel_maps
from hstdriz_study.drizzle.weights import exposure_weights

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.contracts import Chip
    from hstdriz_study.drizzle.pixmap import ChipMap
    from hstdriz_study.drizzle.weights import Weighting

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

    def indices(self, chip_shape: tuple[int, int]) -> tuple[tuple[np.ndarray, ...], np.ndarray]:
        """Return clipped row and column indices, and which pixels lie on the chip."""
        rows = self.y0[:, None] + np.arange(self.shape[0])
        columns = self.x0[:, None] + np.arange(self.shape[1])
        on_rows = (rows >= 0) & (rows < chip_shape[0])
        on_columns = (columns >= 0) & (columns < chip_shape[1])
        inside = on_rows[:, :, None] & on_columns[:, None, :]
        rows = np.clip(rows, 0, chip_shape[0] - 1)[:, :, None]
        columns = np.clip(columns, 0, chip_shape[1] - 1)[:, None, :]
        return (rows, columns), inside


def science(chip: Chip, rectangles: Rectangles) -> np.ndarray:
    """Return the sky-subtracted pixels, shape (K, rows, columns), float32."""
    index, _ = rectangles.indices(chip.shape)
    pixels = _extension(chip.exposure, "SCI", chip.extver)[index].astype(np.float32)
    pixels -= chip.mdrizsky
    return pixels


def weights(chip: Chip, rectangles: Rectangles, weighting: Weighting) -> np.ndarray:
    """Return the weights of the pixels, shape (K, rows, columns), float32."""
    index, inside = rectangles.indices(chip.shape)
    if weighting.arrays is not None:
        found = _array(weighting.arrays[chip])[index]
    else:
        dq = _extension(chip.exposure, "DQ", chip.extver)[index]
        found = exposure_weights(
            dq, _array(chip.static_mask)[index], weighting.final_bits, chip.exptime_s
        )
    return np.where(inside, found, np.float32(0))


def ringed_maps(mapped: ChipMap, rectangles: Rectangles) -> np.ndarray:
    """Return pixel maps whose outermost ring is NaN, shape (K, rows, columns, 2).

    The kernel then finds no outline of the rectangle, so that it takes every pixel instead
    of those it believes to fall on the output, and never interpolates from one rectangle
    into the next of a stack.
    """
    maps = pixel_maps(mapped.nodes, rectangles.x0, rectangles.y0, rectangles.shape)
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
    return np.load(path, mmap_mode="r")
