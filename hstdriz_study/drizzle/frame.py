"""The fast engine on a whole frame, chip by chip."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.apart import apart_each, shared_array
from hstdriz_study.contracts import Drizzled
from hstdriz_study.drizzle.chip_pixels import Rectangles, ringed_maps, science, weights
from hstdriz_study.drizzle.grid import grid_wcs, output_grid
from hstdriz_study.drizzle.kernel import add, canvas, image, reach_px
from hstdriz_study.prepare.chips import NODE_STEP_PX
from hstdriz_study.prepare.pixmap import chip_map, strips
from hstdriz_study.progress import each
from hstdriz_study.workers import start_method

if TYPE_CHECKING:
    from collections.abc import Callable

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

    A strip of a chip is in memory at a time, beside the output.

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
    if n_processes == 1 or start_method() != "fork":
        sci, wht = drizzled((0, grid.shape[0]))
    else:
        sci, wht = shared_array(grid.shape), shared_array(grid.shape)
        fill = partial(_fill, drizzled, sci, wht)
        apart_each(fill, bands, n_processes, _LOST)
    exposures = {chip.exposure: chip.exptime_s for chip in prepared.chips}
    return Drizzled(
        sci=sci,
        wht=wht,
        wcs=grid_wcs(grid),
        settings=settings.on(grid),
        exptime_s=sum(exposures.values()),
    )


def _fill(
    drizzled: Callable[[tuple[int, int]], tuple[np.ndarray, np.ndarray]],
    sci: np.ndarray,
    wht: np.ndarray,
    rows: tuple[int, int],
) -> None:
    sci[slice(*rows)], wht[slice(*rows)] = drizzled(rows)


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
    # the first band speaks for all: each takes as long
    doing = "" if rows[0] else "drizzling the whole image, chips"
    for chip in each(prepared.chips, doing):
        mapped = chip_map(chip.sky_nodes, grid)
        margin_px = _margin_px(mapped, settings.final_kernel)
        for strip in strips(chip.shape, within=_reaching(mapped, rows, margin_px)):
            within = _strip(strip, chip.shape)
            maps = ringed_maps(mapped, within, out=maps)
            if _drop_far(maps[0], rows, margin_px):
                weight = weights(chip, within, weighting)[0]
                weight[:_PAD_PX] = weight[-_PAD_PX:] = 0  # of the strips beside
                stack = science(chip, within)[0], weight, maps[0]
                add(output, chip, settings, grid.scale_arcsec, stack)
    return image(output, slice(*rows))


def _reaching(mapped: ChipMap, rows: tuple[int, int], margin_px: float) -> slice:
    """Return the rows of a chip of which pixels may reach output rows.

    Positions are interpolated between nodes, so that none lies beyond those around it.
    """
    low, high = mapped.nodes[..., 1].min(axis=1), mapped.nodes[..., 1].max(axis=1)
    low, high = np.minimum(low[:-1], low[1:]), np.maximum(high[:-1], high[1:])
    (cells,) = np.nonzero(np.maximum(rows[0] - high, low - (rows[1] - 1)) <= margin_px)
    if len(cells) == 0:
        return slice(0)
    # node 0 is that of row -1
    return slice(max(0, NODE_STEP_PX * cells[0] - 1), NODE_STEP_PX * (cells[-1] + 1) - 1)


def _drop_far(maps: np.ndarray, rows: tuple[int, int], margin_px: float) -> bool:
    """Drop, in place, pixels far from output rows; return whether any reaches them."""
    y = maps[..., 1]
    far = _is_off(y, rows, margin_px + _SPARE_PX)
    if not far.any():
        return True
    if (_is_off(y, rows, margin_px) | np.isnan(y)).all():
        return False
    maps[far] = np.nan
    return True


def _is_off(y: np.ndarray, rows: tuple[int, int], margin_px: float) -> np.ndarray:
    is_off: np.ndarray = y < rows[0] - margin_px
    is_off |= y > rows[1] - 1 + margin_px
    return is_off


def _margin_px(mapped: ChipMap, kernel: str) -> float:
    """How far off an output row an input pixel may lie that matters to it, output pixels."""
    ratio = float(np.linalg.norm(mapped.matrix, 2))  # output pixels in an input pixel
    return (reach_px(kernel) + _NEIGHBOURS_PX) * ratio + 1


def _strip(rows: slice, shape: tuple[int, int]) -> Rectangles:
    """Return rows of a chip, with those beside that its pixels need."""
    corner = np.array([-_PAD_PX])
    return Rectangles(
        corner, corner + rows.start, (rows.stop - rows.start + 2 * _PAD_PX, shape[1] + 2 * _PAD_PX)
    )
