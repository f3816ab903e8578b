"""From chips and settings to how even the weight map of each point will be.

The weights are drizzled by the fast engine's own code, in boxes that sample the full-depth
region; only the science pixels are left out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from hstdriz_study.contracts import FAST_KERNELS, WeightBoxes
from hstdriz_study.contracts.drizzled import OfSettings
from hstdriz_study.contracts.sky import Wanted
from hstdriz_study.drizzle import BoxInputs, grid_wcs, output_grid
from hstdriz_study.errors import DrizzleError, LostProcessError
from hstdriz_study.measure import WeightSpread, cut_weight_tiles, lay_weight_boxes, weight_spread
from hstdriz_study.measure.regions.full_depth import full_depth_region
from hstdriz_study.measure.regions.science import restricted
from hstdriz_study.measure.regions.weight_boxes import weight_boxes
from hstdriz_study.progress import counted
from hstdriz_study.workers import Death, Groups, Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hstdriz_study.contracts import Chip, DrizzleSettings, OutputGrid, PreparedFilter
    from hstdriz_study.drizzle import Weighting
    from hstdriz_study.drizzle.chip_pixels import Rectangles

T = TypeVar("T")
_NOWHERE = WeightSpread(rms=math.nan, median=math.nan, hole_fraction=math.nan)


@dataclass(frozen=True)
class PredictedWeight(OfSettings):
    """The weight map of one point, foreseen.

    Attributes
    ----------
    settings : `~hstdriz_study.contracts.DrizzleSettings`
        As they would be carried out (`~hstdriz_study.contracts.DrizzleSettings.on`).
    spread : `~hstdriz_study.measure.WeightSpread`
        nan where the product lies beside all boxes.
    """

    settings: DrizzleSettings
    spread: WeightSpread


def choose_weight_boxes(
    prepared: PreparedFilter,
    native: DrizzleSettings,
    *,
    area_arcsec2: float,
    seed: int,
    wanted: Wanted | None = None,
) -> WeightBoxes:
    """Choose the boxes that a study of these exposures measures the weight map in.

    Parameters
    ----------
    prepared : `~hstdriz_study.contracts.PreparedFilter`
    native : `~hstdriz_study.contracts.DrizzleSettings`
        Of the product at the detector's own scale.
    area_arcsec2 : float
        Of all boxes (``measure.weight_area_arcsec2``).
    seed : int
        Of their places (``measure.seed``).
    wanted : `~hstdriz_study.contracts.sky.Wanted`, optional
        Where the user wants to measure.

    Raises
    ------
    DatasetError
        If no part of the sky is in two exposures, or none of it is wanted.
    """
    grid = output_grid(prepared.mosaic, native)
    wcs = grid_wcs(grid)
    squares, side_arcsec = weight_boxes(
        restricted(full_depth_region(prepared.footprints, wcs), wanted or Wanted(), wcs),
        grid.scale_arcsec,
        area_arcsec2,
        seed,
    )
    centers = np.reshape(wcs.pixel_to_world_values(*squares.T), (2, -1)).T
    return WeightBoxes(centers, side_arcsec)


def predict_weights(
    prepared: PreparedFilter,
    boxes: WeightBoxes,
    settings: Sequence[DrizzleSettings],
    weighting_of: Callable[[DrizzleSettings], Weighting],
    *,
    n_processes: int = 1,
) -> list[PredictedWeight]:
    """Predict RMS, median and holes of the weight map of every point.

    Parameters
    ----------
    prepared : `~hstdriz_study.contracts.PreparedFilter`
        Prepared, or sketched (`sketch_filter`).
    boxes : `~hstdriz_study.contracts.WeightBoxes`
    settings : sequence of `~hstdriz_study.contracts.DrizzleSettings`
        The points.
    weighting_of : callable
        Gives the `~hstdriz_study.drizzle.Weighting` of a point.
    n_processes : int, optional
        How many output grids are worked on at the same time.

    Returns
    -------
    list of `PredictedWeight`
        In the order of ``settings``. The numbers are those that
        `~hstdriz_study.measure.measure` gives for the drizzled image in the same
        boxes, when the flags and the WCS are the same.

    Raises
    ------
    DrizzleError
        For a kernel whose weights the drizzle library does not share with DrizzlePac.
    LostProcessError
        If a process is lost.
    """
    spreads = on_grids(
        partial(_spreads, prepared, boxes), prepared.mosaic, settings, weighting_of, n_processes
    )
    return [
        PredictedWeight(one.on(output_grid(prepared.mosaic, one)), spread)
        for one, spread in zip(settings, spreads, strict=True)
    ]


def on_grids(
    work: Callable[[OneGrid], list[T]],
    mosaic: OutputGrid,
    settings: Sequence[DrizzleSettings],
    weighting_of: Callable[[DrizzleSettings], Weighting],
    n_processes: int,
) -> list[T]:
    """Do one piece of work for each output grid; return what it gave for each point.

    Parameters
    ----------
    work : callable
        Gives one value for each of ``OneGrid.settings``.
    mosaic : `~hstdriz_study.contracts.OutputGrid`
        AstroDrizzle's own grid of the exposures.
    settings, weighting_of, n_processes
        As in `predict_weights`, which says what is raised.
    """
    _check_kernels(settings)
    grids = [output_grid(mosaic, one) for one in settings]
    shared = [
        OneGrid(
            tuple(indices),
            grids[indices[0]],
            tuple(settings[index] for index in indices),
            weighting_of(settings[indices[0]]),
        )
        for indices in _sharing_inputs(grids, settings)
    ]
    found: dict[int, T] = {}
    with Workers(work, min(n_processes, len(shared))) as workers:
        ran = workers.run(Groups([[each] for each in shared]))
        for one_grid, values in counted(ran, "foreseeing weight maps", len(shared)):
            if isinstance(values, Death):
                raise LostProcessError(
                    f"the weight map could not be predicted: {values}; set workers=1"
                )
            found |= dict(zip(one_grid.indices, values, strict=True))
    return [found[index] for index in range(len(settings))]


def _check_kernels(settings: Sequence[DrizzleSettings]) -> None:
    for kernel in {one.final_kernel for one in settings} - set(FAST_KERNELS):
        raise DrizzleError(
            f"drizzle.final_kernel={kernel}: its weights cannot be predicted (DrizzlePac and the "
            f"drizzle library differ in it); predict for {', '.join(FAST_KERNELS)}"
        )


@dataclass(frozen=True)
class OneGrid:
    """Points that differ in pixfrac alone, by their place among all, and what they share."""

    indices: tuple[int, ...]
    grid: OutputGrid
    settings: tuple[DrizzleSettings, ...]
    weighting: Weighting


def _sharing_inputs(
    grids: Sequence[OutputGrid], settings: Sequence[DrizzleSettings]
) -> list[list[int]]:
    groups: dict[object, list[int]] = {}
    for index, (grid, one) in enumerate(zip(grids, settings, strict=True)):
        inputs = (grid, one.final_kernel, one.final_wht_type, one.final_bits, one.ivm_path)
        groups.setdefault(inputs, []).append(index)
    return list(groups.values())


def weights_in_boxes(
    prepared: PreparedFilter, boxes: WeightBoxes, one: OneGrid
) -> list[np.ndarray]:
    """Drizzle the weights of one grid's points in the boxes.

    Returns
    -------
    list of 1D `~numpy.ndarray`
        The pixels of all boxes, one array a point; empty when the grid lies
        beside all boxes.
    """
    grid = one.grid
    stack, sizes = lay_weight_boxes(
        boxes.centers, boxes.side_arcsec, grid_wcs(grid), grid.scale_arcsec, grid.shape
    )
    if not sizes.prod(axis=1).any():
        return [np.empty(0)] * len(one.settings)
    kernel = one.settings[0].final_kernel
    inputs = BoxInputs(prepared, grid, (stack,), kernel, one.weighting, pixels=_no_pixels)
    drizzled = (inputs.drizzle(settings) for settings in one.settings)
    return [np.concatenate(cut_weight_tiles(weight, sizes)) for ((_, weight),) in drizzled]


def spread_of(wht: np.ndarray) -> WeightSpread:
    """Measure the weights of all boxes; nan when there are none."""
    return weight_spread([wht]) if wht.size else _NOWHERE


def _spreads(prepared: PreparedFilter, boxes: WeightBoxes, one: OneGrid) -> list[WeightSpread]:
    return [spread_of(wht) for wht in weights_in_boxes(prepared, boxes, one)]


def _no_pixels(_: Chip, rectangles: Rectangles) -> np.ndarray:
    """Stand in for science pixels, which the weights do not depend on."""
    return np.zeros((len(rectangles.x0), *rectangles.shape), np.float32)
