"""From the chips of an exposure to one image of it on the grid that all exposures share."""

from __future__ import annotations

import math
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from drizzle.resample import Drizzle

from hstdriz_study.good_bits import good_pixels
from hstdriz_study.prepare.pixmap import chip_map, pixel_maps, positions_on, strips

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.contracts import OutputGrid
    from hstdriz_study.prepare.fast.chip import FastChip
    from hstdriz_study.prepare.pixmap import ChipMap

# AstroDrizzle's defaults: driz_sep_kernel and driz_sep_pixfrac.
_KERNEL, _PIXFRAC = "turbo", 1.0
_HALF_PIXEL = 0.5


def drizzle_alone(
    chips: Sequence[FastChip], skies: Sequence[float], grid: OutputGrid, good_bits: int | None
) -> tuple[np.ndarray, np.ndarray]:
    """Drizzle one exposure onto the grid of all.

    Parameters
    ----------
    chips : sequence of `~hstdriz_study.prepare.fast.chip.FastChip`
    skies : sequence of float
        Of the chips, in the unit of their pixels.
    grid : `~hstdriz_study.contracts.OutputGrid`
    good_bits : int or None
        Flags that do not make a pixel bad (``driz_sep_bits``).

    Returns
    -------
    science, weights : 2D `~numpy.ndarray`
        Electrons per second, 0 where no weight fell, and seconds.
    """
    onto = Drizzle(kernel=_KERNEL, out_shape=grid.shape, fillval=0.0, disable_ctx=True)
    for chip, sky in zip(chips, skies, strict=True):
        pixels = chip.science()
        pixels -= sky
        weights = chip.exptime_s * _good(chip, good_bits).astype(np.float32)
        ratio = grid.scale_arcsec / chip.linear_scale_arcsec
        mapped = chip_map(chip.sky_nodes, grid)
        for rows in strips(chip.shape):
            onto.add_image(
                _ringed(pixels[rows]),
                exptime=chip.exptime_s,
                pixmap=_ringed_map(mapped, rows, chip.shape[1]),
                weight_map=_ringed(weights[rows]),
                wht_scale=1.0,
                iscale=ratio**2,
                pixel_scale_ratio=ratio,
                pixfrac=_PIXFRAC,
                in_units=chip.in_units,
            )
    return onto.out_img, onto.out_wht


def fill_weightless(
    images: tuple[np.ndarray, np.ndarray],
    chips: Sequence[FastChip],
    skies: Sequence[float],
    grid: OutputGrid,
    good_bits: int | None,
) -> None:
    """Put bad pixels where nothing else fell, as AstroDrizzle does: of several the last.

    The drizzle library leaves them out, which is the same to all but some ways to combine.

    Parameters
    ----------
    images : tuple of 2D `~numpy.ndarray`
        Of `drizzle_alone`; science is changed.
    chips, skies, grid, good_bits
        As `drizzle_alone` takes them.
    """
    science, weights = images
    for chip, sky in zip(chips, skies, strict=True):
        rows, columns = np.nonzero(~_good(chip, good_bits))
        ratio = grid.scale_arcsec / chip.linear_scale_arcsec
        values = (chip.science()[rows, columns] - sky) * ratio**2
        if chip.in_units == "counts":
            values /= chip.exptime_s
        centres = positions_on(
            chip_map(chip.sky_nodes, grid).nodes, np.column_stack([columns, rows])
        )
        drops, places = _touched(centres, _PIXFRAC / ratio / 2, grid.shape)
        nothing_else = weights[tuple(places)] == 0
        in_turn = np.argsort(drops, kind="stable")
        in_turn = in_turn[nothing_else[in_turn]]
        science[tuple(places[:, in_turn])] = values[drops[in_turn]]


def _touched(
    centres: np.ndarray, half_side: float, shape: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Return which drops touch which pixels of an image: their numbers, and rows and columns."""
    reach = math.ceil(half_side)
    steps = range(-reach, reach + 1)
    nearest = np.rint(centres).astype(int)
    drops, places = [], []
    for step in product(steps, steps):
        pixels = nearest + step
        touches = (np.abs(pixels - centres) < half_side + _HALF_PIXEL).all(axis=1)
        touches &= ((pixels >= 0) & (pixels < shape[::-1])).all(axis=1)
        drops.append(np.flatnonzero(touches))
        places.append(pixels[touches, ::-1])
    return np.concatenate(drops), np.concatenate(places).T


def _good(chip: FastChip, good_bits: int | None) -> np.ndarray:
    good: np.ndarray = good_pixels(chip.flags(), good_bits) & np.load(chip.static_mask)
    return good


def _ringed(pixels: np.ndarray) -> np.ndarray:
    return np.pad(pixels, 1)


def _ringed_map(mapped: ChipMap, rows: slice, n_columns: int) -> np.ndarray:
    """Return a pixel map with a ring of NaN, so that the kernel takes every pixel within."""
    shape = (rows.stop - rows.start + 2, n_columns + 2)
    maps: np.ndarray = pixel_maps(mapped.nodes, np.array([-1]), np.array([rows.start - 1]), shape)[
        0
    ]
    maps[[0, -1]] = np.nan
    maps[:, [0, -1]] = np.nan
    return maps
