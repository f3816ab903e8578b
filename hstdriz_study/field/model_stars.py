"""From places on the sky to what a star of the model measures there on the native-scale product.

Few dithers sample a star at few phases of the detector's pixel, so that stars of one PSF look
narrow or wide by where they fall: with two exposures of WFC3/IR by 10 %, as a small galaxy does.
Flagged pixels do the like. Both are known: noiseless stars are painted at the places of the
sources, drizzled with the exposures' dithers, flags and weights, and measured as sources are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from astropy.table import Table

from hstdriz_study.contracts import BoxStack
from hstdriz_study.drizzle import BoxInputs, exposure_weighting, grid_wcs, output_grid
from hstdriz_study.errors import DatasetError
from hstdriz_study.inject.copies import star_rates
from hstdriz_study.inject.model import chip_views, psf_model
from hstdriz_study.measure.regions.sources import ANNULUS_OVER_EE_RADIUS, noiseless_sources
from hstdriz_study.optics.psf import EffectivePSF, StarPainter

if TYPE_CHECKING:
    from hstdriz_study.contracts import Chip, OutputGrid, PreparedFilter
    from hstdriz_study.drizzle.chip_pixels import Rectangles
    from hstdriz_study.field.settings import FieldOptions

_MARGIN_PX = 2  # beyond the annulus: a place is no centre of a pixel, and a drop has a size
_MOST_ROUNDS = 3
_CLOSE_PX = 0.04  # with four dithers the first round is so close, with two of WFC3/IR the second
_FAR_PX = 0.5


@dataclass(frozen=True)
class ModelStars:
    """Stars of the model of the optics, seen as the exposures of a field see them."""

    prepared: PreparedFilter
    options: FieldOptions
    psf: EffectivePSF

    @classmethod
    def of(cls, prepared: PreparedFilter, options: FieldOptions) -> ModelStars | None:
        """Compute the PSF; None where the detector has no record or the headers name no band."""
        detector = options.known_detector
        if detector is None:
            return None
        try:
            model = psf_model(prepared, detector)
        except DatasetError:
            return None
        geometry = options.geometry
        reach_arcsec = ANNULUS_OVER_EE_RADIUS * geometry.ee_radius_arcsec
        half_px = math.ceil(reach_arcsec / geometry.native_scale_arcsec) + 2 * _MARGIN_PX
        return cls(prepared, options, _inner_part(model.psf, half_px))

    def at(self, sources: Table) -> Table:
        """Measure a star of the model in the place of each source.

        Where a source is fitted is not quite where it is, for the fit leans to the middle of the
        pixels: each star is put where it is fitted in the place of its source.

        Parameters
        ----------
        sources : `~astropy.table.Table`
            Columns ``ra``, ``dec`` (degrees) and ``flux`` (electrons / s).

        Returns
        -------
        `~astropy.table.Table`
            Columns ``fwhm`` (arcsec) and ``concentration``, among others, as of sources; NaN where
            nothing was measured.
        """
        grid = output_grid(self.prepared.mosaic, self.options.native)
        wcs = grid_wcs(grid)
        columns = [np.asarray(sources[name], dtype=float) for name in ("ra", "dec", "flux")]
        fitted = np.column_stack(wcs.world_to_pixel_values(*columns[:2]))
        places = fitted
        for _ in range(_MOST_ROUNDS):
            stars = self._measured(places, columns[2], grid)
            beside = fitted - np.column_stack([stars["x"], stars["y"]])
            if not np.nanmedian(np.hypot(*beside.T)) > _CLOSE_PX:
                break
            places = places + np.clip(np.nan_to_num(beside), -_FAR_PX, _FAR_PX)
        return stars

    def _measured(self, places: np.ndarray, flux: np.ndarray, grid: OutputGrid) -> Table:
        """Paint, drizzle and measure stars at 0-based pixels of the native-scale product."""
        native, geometry = self.options.native, self.options.geometry
        reach = ANNULUS_OVER_EE_RADIUS * geometry.ee_radius_arcsec / grid.scale_arcsec
        half = math.ceil(reach) + _MARGIN_PX
        side = 2 * half + 1
        corners = np.rint(places).astype(int) - half
        ra, dec = grid_wcs(grid).pixel_to_world_values(*places.T)
        stars = Table({"ra": ra, "dec": dec, "flux_total": flux})
        boxes = BoxStack(corners[:, 0], corners[:, 1], side)
        inputs = BoxInputs(
            self.prepared, grid, [boxes], native.final_kernel, exposure_weighting(native),
            pixels=partial(self._painted, stars),
        )  # fmt: skip
        ((sci, wht),) = inputs.drizzle(native)
        sci, wht = (stack.reshape(-1, side) for stack in (sci, wht))
        image = np.ma.MaskedArray(np.nan_to_num(sci), ~(wht > 0))
        # the boxes stand on each other
        moved = corners - np.column_stack([np.zeros(len(places)), side * np.arange(len(places))])
        measured = noiseless_sources(image, places - moved, geometry, grid.scale_arcsec)
        for axis, by in zip("xy", moved.T, strict=True):
            measured[axis] += by
        return measured

    def _painted(self, stars: Table, chip: Chip, rectangles: Rectangles) -> np.ndarray:
        """Paint stars on rectangles of a chip, in the unit of its pixels."""
        views = dict(chip_views(self.prepared, chip.exposure))
        time_s = 1.0 if chip.in_units == "cps" else chip.exptime_s
        light = time_s * star_rates(stars, views[chip], StarPainter(self.psf))
        return rectangles.take(light, np.float32)


def _inner_part(psf: EffectivePSF, half_px: int) -> EffectivePSF:
    """Cut a PSF, so that painting costs less."""
    if half_px >= psf.half_px:
        return psf
    off = (psf.half_px - half_px) * psf.oversampling
    return replace(psf, values=psf.values[off:-off, off:-off], half_px=half_px)
