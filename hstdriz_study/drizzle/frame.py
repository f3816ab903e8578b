"""The fast engine on a whole frame, chip by chip."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.contracts import Drizzled
from hstdriz_study.drizzle.chip_pixels import Rectangles, ringed_maps, science, weights
from hstdriz_study.drizzle.grid import grid_wcs, output_grid
from hstdriz_study.drizzle.kernel import add, canvas, image
from hstdriz_study.prepare.pixmap import chip_map

if TYPE_CHECKING:
    from hstdriz_study.contracts import DrizzleSettings, PreparedFilter
    from hstdriz_study.drizzle.input_weights import Weighting

_PAD_PX = 2  # the ring of NaN and one pixel between it and the chip


def drizzle_frame(
    prepared: PreparedFilter, settings: DrizzleSettings, weighting: Weighting
) -> Drizzled:
    """Drizzle prepared exposures onto one output grid.

    One chip is in memory at a time, beside the output.

    Raises
    ------
    DrizzleError
        For a kernel that the drizzle library does not share with DrizzlePac.
    """
    grid = output_grid(prepared.mosaic, settings)
    output = canvas(settings, grid.shape)
    maps = None
    for chip in prepared.chips:
        whole = _whole(chip.shape)
        maps = ringed_maps(chip_map(chip.sky_nodes, grid), whole, out=maps)
        stack = (science(chip, whole)[0], weights(chip, whole, weighting)[0], maps[0])
        add(output, chip, settings, grid.scale_arcsec, stack)
    sci, wht = image(output)
    exposures = {chip.exposure: chip.exptime_s for chip in prepared.chips}
    return Drizzled(
        sci=sci,
        wht=wht,
        wcs=grid_wcs(grid),
        settings=settings.on(grid),
        exptime_s=sum(exposures.values()),
    )


def _whole(shape: tuple[int, int]) -> Rectangles:
    corner = np.array([-_PAD_PX])
    return Rectangles(corner, corner, (shape[0] + 2 * _PAD_PX, shape[1] + 2 * _PAD_PX))
