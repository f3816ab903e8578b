"""From exposures as they are to the bytes that work on copies of them takes, on disk and in memory.

Factors are of peaks measured of a process's own memory, synthetic exposures of WFC3/IR (4 of
256 x 256, 4 and 8 full frames) and ACS/WFC (4 full frames), which they give to 12 %, but for
choosing stars on ACS/WFC, of which they give a third more:
drizzlepac 3.11.0, stwcs 1.7.7, numpy 2.4.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits

from hstdriz_study.memory import Bytes, available_memory
from hstdriz_study.workers import cores

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_MB = 1_000_000
_PREPARING = Bytes(30 * _MB, 31.0, 9.0)
_LOOKING = Bytes(70 * _MB, 30.0, 13.0)
# One process of the fast engine, by the image of all and the largest chip; 0.25 GB for ACS/WFC.
_EACH = Bytes(60 * _MB, 8.0, 12.0)
# One process that looks at a chip of an exposure, before it is prepared or after.
_ALONE = Bytes(20 * _MB, 0.0, 42.0)
_SHARE = 0.5  # of the memory that is left, for processes that prepare
# Copies and what AstroDrizzle writes beside them, over the exposures: 3.3 for four of ACS/WFC.
_DISK_RATIO = 3.5


def working_disk(exposures: Sequence[Path]) -> float:
    """Return the bytes of copies of exposures and of what AstroDrizzle writes beside them."""
    return _DISK_RATIO * sum(path.stat().st_size for path in exposures)


def preparing_memory(exposures: Sequence[Path]) -> int:
    """Return the bytes of memory that preparing exposures, and looking at them, takes at most."""
    return max(one.of(*native_pixels(exposures)) for one in (_PREPARING, _LOOKING))


def preparing_processes(
    n_exposures: int, image: tuple[int, int], chips: Iterable[tuple[int, int]]
) -> int:
    """Return how many processes prepare exposures: one a core, as far as there is memory.

    Parameters
    ----------
    n_exposures : int
    image : tuple of int
        Rows and columns of an image of all exposures at their own scale.
    chips : iterable of tuple of int
        Those of their chips.
    """
    return _that_fit(n_exposures, _EACH.of(math.prod(image), max(map(math.prod, chips))))


def looking_processes(n_exposures: int, chip_pixels: int) -> int:
    """Return how many processes look at exposures by themselves: one a core, as memory allows.

    Parameters
    ----------
    n_exposures : int
    chip_pixels : int
        Of the largest chip.
    """
    return _that_fit(n_exposures, _ALONE.of(0, chip_pixels))


def _that_fit(n_exposures: int, each_bytes: int) -> int:
    left = available_memory()
    fitting = n_exposures if left is None else int(_SHARE * left / each_bytes)
    return max(1, min(cores(), n_exposures, fitting))


def looking_memory(image: tuple[int, int], chips: Sequence[tuple[int, int]]) -> int:
    """Return the bytes of memory that choosing stars and boxes takes.

    Parameters
    ----------
    image : tuple of int
        Rows and columns of an image of all exposures at their own scale.
    chips : sequence of tuple of int
        Those of every chip of every exposure.
    """
    return _LOOKING.of(math.prod(image), sum(map(math.prod, chips)))


def native_pixels(exposures: Sequence[Path]) -> tuple[int, int]:
    """Return the pixels of an image of all exposures at their own scale, and of all their chips.

    The image is the rectangle, along the axes of the first chip, that holds all chips as their
    linear WCS puts them on the sky.
    """
    corners, n_pixels, first = [], 0, None
    for path in exposures:
        with fits.open(path) as hdus:
            for header in (hdu.header for hdu in hdus if hdu.name == "SCI"):
                nx, ny = header["NAXIS1"], header["NAXIS2"]
                cd = np.array([[header[f"CD{i}_{j}"] for j in (1, 2)] for i in (1, 2)])
                centre = np.array([header["CRVAL1"], header["CRVAL2"]])
                first = (cd, centre) if first is None else first
                at = np.array([(0, 0), (nx, 0), (0, ny), (nx, ny)], float)
                offsets = (at - (header["CRPIX1"], header["CRPIX2"])) @ cd.T
                corners.append(offsets + _on_sky(centre - first[1], first[1][1]))
                n_pixels += nx * ny
    if first is None:
        return 0, 0
    x, y = np.linalg.solve(first[0], np.vstack(corners).T)
    return math.ceil(np.ptp(x) * np.ptp(y)), n_pixels


def _on_sky(difference_deg: np.ndarray, dec_deg: float) -> np.ndarray:
    ra, dec = difference_deg
    return np.array([((ra + 180) % 360 - 180) * math.cos(math.radians(dec_deg)), dec])
