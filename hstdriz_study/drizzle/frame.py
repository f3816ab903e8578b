"""The fast engine on a whole frame, chip by chip."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.apart import apart_each
from hstdriz_study.contracts import Drizzled
from hstdriz_study.drizzle.chip_pixels import Rectangles, ringed_maps, science, weights
from hstdriz_study.drizzle.grid import grid_wcs, output_grid
from hstdriz_study.drizzle.kernel import add, canvas, image, reach_px
from hstdriz_study.prepare.pixmap import chip_map

if TYPE_CHECKING:
    from hstdriz_study.contracts import DrizzleSettings, OutputGrid, PreparedFilter
    from hstdriz_study.drizzle.input_weights import Weighting
    from hstdriz_study.prepare.pixmap import ChipMap

_LOST = "an image was not drizzled"
# The corners of a drop are interpolated between neighbours, which have neighbours themselves.
_NEIGHBOURS_PX = 3.0
# More pixels than are needed: the library refuses a map in which few positions are known.
_SPARE_PX = 20.0
_PAD_PX = 2  # the ring of NaN and one pixel between it and the chip


def drizzle_frame(
    prepared: PreparedFilter, settings: DrizzleSettings, weighting: Weighting, n_processes: int = 1
) -> Drizzled:
    """Drizzle prepared exposures onto one output grid.

    One chip is in memory at a time, beside the output.

    Parameters
    ----------
    prepared : `~hstdriz_study.contracts.PreparedFilter`
    settings : `~hstdriz_study.contracts.DrizzleSettings`
    weighting : `~hstdriz_study.drizzle.input_weights.Weighting`
    n_processes : int, optional
        Each makes a band of the rows; what a pixel holds does not depend on how many do.

    Raises
    ------
    DrizzleError
        For a kernel that the drizzle library does not share with DrizzlePac.
    """
    grid = output_grid(prepared.mosaic, settings)
    edges = np.linspace(0, grid.shape[0], n_processes + 1).round().astype(int).tolist()
    drizzled, bands = partial(_rows, prepared, settings, weighting, grid), list(pairwise(edges))
    alone = n_processes == 1
    made = (
        map(drizzled, bands)
        if alone
        else apart_each(drizzled, bands, n_processes, _LOST, doing="drizzling the whole image")
    )
    sci, wht = (np.concatenate(arrays) for arrays in zip(*made, strict=True))
    exposures = {chip.exposure: chip.exptime_s for chip in prepared.chips}
    return Drizzled(
        sci=sci,
        wht=wht,
        wcs=grid_wcs(grid),
        settings=settings.on(grid),
        exptime_s=sum(exposures.values()),
    )


def _rows(
    prepared: PreparedFilter,
    settings: DrizzleSettings,
    weighting: Weighting,
    grid: OutputGrid,
    rows: tuple[int, int],
) -> tuple[np.ndarray, np.ndarray]:
    """Drizzle rows of the output grid, from the first to before the last."""
    output = canvas(settings, grid.shape)
    maps = None
    for chip in prepared.chips:
        whole, mapped = _whole(chip.shape), chip_map(chip.sky_nodes, grid)
        maps = ringed_maps(mapped, whole, out=maps)
        near = _near(maps[0], rows, _margin_px(mapped, settings.final_kernel))
        if near is not None:
            stack = science(chip, whole)[0], weights(chip, whole, weighting)[0], maps[0]
            pixels, weight, positions = (array[near] for array in stack)
            add(output, chip, settings, grid.scale_arcsec, (pixels, weight, positions))
    sci, wht = image(output)
    return sci[slice(*rows)], wht[slice(*rows)]


def _near(maps: np.ndarray, rows: tuple[int, int], margin_px: float) -> slice | None:
    """Drop, in place, pixels far from output rows; return the input rows of those that are near.

    None where no pixel reaches the output rows.
    """
    off = np.maximum(rows[0] - maps[..., 1], maps[..., 1] - (rows[1] - 1))
    if not np.nanmin(off) <= margin_px:
        return None
    beyond = off > margin_px + _SPARE_PX
    maps[beyond] = np.nan
    (reaching,) = np.nonzero(~beyond.all(axis=1))
    # with a row of NaN on both sides, as the whole chip has it
    return slice(max(reaching[0] - 1, 0), reaching[-1] + 2)


def _margin_px(mapped: ChipMap, kernel: str) -> float:
    """How far off an output row an input pixel may lie that matters to it, output pixels."""
    ratio = float(np.linalg.norm(mapped.matrix, 2))  # output pixels in an input pixel
    return (reach_px(kernel) + _NEIGHBOURS_PX) * ratio + 1


def _whole(shape: tuple[int, int]) -> Rectangles:
    corner = np.array([-_PAD_PX])
    return Rectangles(corner, corner, (shape[0] + 2 * _PAD_PX, shape[1] + 2 * _PAD_PX))
