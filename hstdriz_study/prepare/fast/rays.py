"""From the image without cosmic rays to where an exposure has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from drizzle.resample import blot_image
from scipy.ndimage import binary_erosion

from hstdriz_study.prepare.fast.chip import strips
from hstdriz_study.prepare.pixmap import chip_map, pixel_maps

if TYPE_CHECKING:
    from hstdriz_study.contracts import OutputGrid
    from hstdriz_study.prepare.fast.chip import FastChip

_INTERPOLATION = "poly5"  # AstroDrizzle's default, blot_interp


class Thresholds(NamedTuple):
    """``driz_cr_snr`` and ``driz_cr_scale``: of a pixel, and of those beside one that is hit."""

    snr: tuple[float, float]
    scale: tuple[float, float]


def blot(combined: np.ndarray, grid: OutputGrid, chip: FastChip, sky: float) -> np.ndarray:
    """Return the combined image and the sky as the chip sees them, in the unit of its pixels."""
    seen: np.ndarray = np.empty(chip.shape, np.float32)
    mapped, corner = chip_map(chip.sky_nodes, grid), np.array([0])
    ratio = grid.scale_arcsec / chip.linear_scale_arcsec
    for rows in strips(chip.shape):
        maps = pixel_maps(
            mapped.nodes, corner, corner + rows.start, (rows.stop - rows.start, chip.shape[1])
        )
        blot_image(
            combined, maps[0], out_img=seen[rows], iscale=chip.exptime_s / ratio**2,
            interp=_INTERPOLATION,
        )  # fmt: skip
    seen /= chip.to_electrons
    seen += sky
    return seen


def hit_pixels(
    pixels: np.ndarray, expected: np.ndarray, sky: float, chip: FastChip, thresholds: Thresholds
) -> np.ndarray:
    """Tell which pixels of a chip are hit, as AstroDrizzle's step 6 does.

    Parameters
    ----------
    pixels, expected : 2D `~numpy.ndarray`
        Of the chip and of `blot`, in its unit, float32. Both are changed.
    sky : float
        In the unit of the pixels.
    chip : `~hstdriz_study.prepare.fast.chip.FastChip`
    thresholds : `Thresholds`

    Returns
    -------
    2D boolean `~numpy.ndarray`
    """
    expected *= chip.to_electrons
    pixels *= chip.to_electrons
    slope = _steepest(expected)
    noise = np.sqrt(np.abs(expected + sky * chip.to_electrons) + chip.read_noise_e**2)
    off = np.abs(pixels - expected)
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
