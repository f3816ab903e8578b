"""From the image without cosmic rays to where an exposure has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from drizzle.resample import blot_image
from scipy.ndimage import binary_erosion

from hstdriz_study.prepare.pixmap import STRIP_PX, chip_map, pixel_maps, strips

if TYPE_CHECKING:
    from hstdriz_study.contracts import OutputGrid
    from hstdriz_study.prepare.fast.chip import FastChip
    from hstdriz_study.prepare.pixmap import ChipMap

_INTERPOLATION = "poly5"  # AstroDrizzle's default, blot_interp
# Rows beside a strip that bear on it, by slopes (the last two rows have odd ones) and neighbours.
_REACH_PX = 3


class Thresholds(NamedTuple):
    """``driz_cr_snr`` and ``driz_cr_scale``: of a pixel, and of those beside one that is hit."""

    snr: tuple[float, float]
    scale: tuple[float, float]


def hit_pixels(
    combined: np.ndarray,
    grid: OutputGrid,
    chip: FastChip,
    sky: float,
    thresholds: Thresholds,
    *,
    strip_px: int = STRIP_PX,
) -> np.ndarray:
    """Tell which pixels of a chip are hit, as AstroDrizzle's steps 5 and 6 do.

    Parameters
    ----------
    combined : 2D `~numpy.ndarray`
        The image without cosmic rays, electrons per second, float32.
    grid : `~hstdriz_study.contracts.OutputGrid`
        Of that image.
    chip : `~hstdriz_study.prepare.fast.chip.FastChip`
    sky : float
        In the unit of the chip's pixels.
    thresholds : `Thresholds`
    strip_px : int, optional
        Pixels that are worked on together; the flags do not depend on it.

    Returns
    -------
    2D boolean `~numpy.ndarray`
    """
    electrons, mapped = chip.science(), chip_map(chip.sky_nodes, grid)
    electrons *= chip.to_electrons
    n_rows = chip.shape[0]
    hit: np.ndarray = np.empty(chip.shape, bool)
    for rows in strips(chip.shape, strip_px):
        wide = slice(max(0, rows.start - _REACH_PX), min(rows.stop + _REACH_PX, n_rows))
        expected = blot(combined, mapped, grid, chip, wide)
        expected += sky
        expected *= chip.to_electrons
        found = _far_off(electrons[wide], expected, sky * chip.to_electrons, chip, thresholds)
        hit[rows] = found[rows.start - wide.start : rows.stop - wide.start]
    return hit


def blot(
    combined: np.ndarray, mapped: ChipMap, grid: OutputGrid, chip: FastChip, rows: slice
) -> np.ndarray:
    """Return the combined image as rows of the chip see it, in the unit of its pixels."""
    ratio = grid.scale_arcsec / chip.linear_scale_arcsec
    shape = (rows.stop - rows.start, chip.shape[1])
    maps = pixel_maps(mapped.nodes, np.array([0]), np.array([rows.start]), shape)
    seen: np.ndarray = blot_image(
        combined, maps[0], iscale=chip.exptime_s / ratio**2, interp=_INTERPOLATION
    )
    seen /= chip.to_electrons
    return seen


def _far_off(
    electrons: np.ndarray,
    expected: np.ndarray,
    sky_e: float,
    chip: FastChip,
    thresholds: Thresholds,
) -> np.ndarray:
    slope = _steepest(expected)
    noise = np.sqrt(np.abs(expected + sky_e) + chip.read_noise_e**2)
    off = np.abs(electrons - expected)
    within, within_beside = (
        off <= scale * slope + snr * noise
        for snr, scale in zip(thresholds.snr, thresholds.scale, strict=True)
    )
    unhit = within_beside | binary_erosion(within, np.ones((3, 3), bool), border_value=1)
    return ~unhit


def _steepest(image: np.ndarray) -> np.ndarray:
    """Return the largest difference from the four pixels beside; drizzlepac's `qderiv`.

    It takes 0 for what is beside the edges, and the last row and column for beside.
    """
    steepest = np.zeros_like(image)
    across = np.abs(image[:-1, 1:-1] - image[:-1, :-2])
    along = np.abs(image[1:-1, :-1] - image[:-2, :-1])
    edges = (np.s_[:1], np.s_[-2:], np.s_[:, :1], np.s_[:, -2:])
    differences = [
        (np.s_[:-1, 1:-1], across), (np.s_[:-1, :-2], across),
        (np.s_[1:-1, :-1], along), (np.s_[:-2, :-1], along),
        *((edge, np.abs(image[edge])) for edge in edges),
    ]  # fmt: skip
    for part, difference in differences:
        np.maximum(steepest[part], difference, out=steepest[part])
    return steepest
