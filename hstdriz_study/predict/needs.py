"""From shapes, scales and numbers of processes to the bytes a study takes, in memory and on disk.

The factors are peaks measured of a process's own memory, rounded up: synthetic full frames, four
exposures, WFC3/IR (1 million pixels a chip) at 0.08 and 0.04 arcsec, ACS/WFC (8.4 million) at 0.05
and 0.03 arcsec; drizzlepac 3.11.0, drizzle 3.0.0, numpy 2.4.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hstdriz_study.memory import Bytes

if TYPE_CHECKING:
    from collections.abc import Mapping


# A pixel of an image is two numbers of single precision, science and weight, a mask meanwhile, and
# for AstroDrizzle what it is written from. One chip at a time has its positions (16 bytes a pixel)
# beside it.
_MB = 1_000_000
POINT_MEMORY: Mapping[str, Bytes] = {
    "fast": Bytes(250 * _MB, 0.0, 0.0),  # boxes, whose area on the sky is limited: 50 to 110 MB
    "frame": Bytes(20 * _MB, 9.0, 40.0),
    "astrodrizzle": Bytes(100 * _MB, 12.0, 75.0),
}
"""Of a process that runs points, by the name of the engine."""

# Science, weight and the number of each exposure, as AstroDrizzle writes them; the noise map.
_PRODUCT_BYTES_PX, _NOISE_BYTES_PX = 12, 4
# A study and its store, where that is a file beside it. Measured: 14.5 MB with two points of one
# filter, 28 MB with 18 of two; a point has 0.3 MB, with artificial stars 0.7 MB.
_STUDY_DISK, _FILTER_DISK, _POINT_DISK = 14 * _MB, 2 * _MB, 1 * _MB


def image_shape(
    native_shape: tuple[int, int], native_scale_arcsec: float, scale_arcsec: float
) -> tuple[int, int]:
    """Return rows and columns of the same sky at another scale.

    Parameters
    ----------
    native_shape : tuple of int
        Rows and columns of an image of all exposures.
    native_scale_arcsec, scale_arcsec : float
        Side of its pixels, and of those asked for.
    """
    ratio = native_scale_arcsec / scale_arcsec
    rows, columns = (max(1, math.ceil(ratio * size)) for size in native_shape)
    return rows, columns


def point_memory(engine: str, image: tuple[int, int], chip: tuple[int, int]) -> int:
    """Return the bytes that a process takes for points of one scale, of its own.

    Parameters
    ----------
    engine : str
        ``fast``, ``frame`` or ``astrodrizzle``.
    image, chip : tuple of int
        Rows and columns of the output image and of the largest chip.
    """
    return POINT_MEMORY[engine].of(math.prod(image), math.prod(chip))


def product_disk(image: tuple[int, int], *, noise_map: bool) -> int:
    """Return the bytes of a drizzled product, with its noise map or without."""
    return math.prod(image) * (_PRODUCT_BYTES_PX + (_NOISE_BYTES_PX if noise_map else 0))


def study_disk(n_points: int, n_filters: int) -> int:
    """Return the bytes of a study without products, and of its store."""
    return _STUDY_DISK + n_filters * _FILTER_DISK + n_points * _POINT_DISK


def processes_that_fit(available_bytes: int | None, each_bytes: int) -> int | None:
    """Return how many processes have room in memory, 0 where not one has; None: not known."""
    return None if available_bytes is None else available_bytes // each_bytes
