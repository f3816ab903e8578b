"""The fast engine on boxes of the output grid alone.

Drizzling is local: an output pixel depends on the input pixels whose drops touch it. The
boxes of one kind are equal squares, so that their input pixels are equal rectangles too;
these are stacked and drizzled in one call onto a column of boxes, each with a guard around
it that takes the drops falling beside the box. Inside the boxes every pixel equals that of
the whole frame, but for the last bit of single precision at some pixels in 100 000 (positions
are counted from another origin).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.drizzle.chip_pixels import Rectangles, ringed_maps, science, weights
from hstdriz_study.drizzle.kernel import add, canvas, image, reach_px
from hstdriz_study.prepare.pixmap import ChipMap, chip_map, chip_positions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hstdriz_study.contracts import BoxStack, Chip, DrizzleSettings, OutputGrid, PreparedFilter
    from hstdriz_study.drizzle.input_weights import Weighting

    PixelSource = Callable[[Chip, Rectangles], np.ndarray]
    _Sources = tuple[PixelSource, PixelSource]  # science and weights

_NEIGHBOUR_PX = 1.5  # between a pixel and its neighbours at most, and to spare
_HALF_DIAGONAL = math.sqrt(0.5)  # of a pixel, from its centre
_ROUNDING_PX = 0.01  # and the distortion within a pixel
# The NaN ring of a rectangle, the rounding of its corner and the bend of the distortion.
_RIM_PX = 3.0


@dataclass(frozen=True)
class _StackInput:
    """The pixels of one chip for one stack: science and weights 2D, maps with a third axis."""

    chip: Chip
    pixels: np.ndarray
    weights: np.ndarray
    maps: np.ndarray


@dataclass(frozen=True)
class _Column:
    """The canvas of one stack of boxes."""

    n_boxes: int
    side: int
    guard: int
    inputs: tuple[_StackInput, ...]

    @property
    def pitch(self) -> int:
        return self.side + 2 * self.guard

    def drizzle(
        self, settings: DrizzleSettings, scale_arcsec: float
    ) -> tuple[np.ndarray, np.ndarray]:
        onto = canvas(settings, (self.n_boxes * self.pitch, self.pitch))
        for one in self.inputs:
            add(onto, one.chip, settings, scale_arcsec, (one.pixels, one.weights, one.maps))
        inner = slice(self.guard, self.guard + self.side)
        sci, wht = (
            array.reshape(self.n_boxes, self.pitch, self.pitch)[:, inner, inner]
            for array in image(onto)
        )
        return sci, wht


class BoxInputs:
    """The input pixels of boxes on one output grid, gathered once for every pixfrac.

    Parameters
    ----------
    prepared : `~hstdriz_study.contracts.PreparedFilter`
    grid : `~hstdriz_study.contracts.OutputGrid`
    stacks : sequence of `~hstdriz_study.contracts.BoxStack`
    kernel : str
        The kernel they will be drizzled with.
    weighting : `~hstdriz_study.drizzle.input_weights.Weighting`
    pixels : callable, optional
        Gives the science pixels of `~hstdriz_study.drizzle.chip_pixels.Rectangles` of a chip.
    """

    def __init__(
        self,
        prepared: PreparedFilter,
        grid: OutputGrid,
        stacks: Sequence[BoxStack],
        kernel: str,
        weighting: Weighting,
        *,
        pixels: PixelSource = science,
    ) -> None:
        self._scale_arcsec = grid.scale_arcsec
        maps = {chip: chip_map(chip.sky_nodes, grid) for chip in prepared.chips}
        reach = reach_px(kernel)
        sources = (pixels, partial(weights, weighting=weighting))
        self._columns = [_column(stack, maps, reach, sources) for stack in stacks]

    def drizzle(self, settings: DrizzleSettings) -> list[tuple[np.ndarray, np.ndarray]]:
        """Drizzle every stack.

        Returns
        -------
        list of tuple of (K, side, side) `~numpy.ndarray`
            Science, NaN where no weight fell, and weights, one pair a stack.
        """
        return [column.drizzle(settings, self._scale_arcsec) for column in self._columns]


@dataclass(frozen=True)
class _Margins:
    """How far around a box input pixels matter, in input and in output pixels."""

    reach_px: float
    reach_output_px: float
    guard: int


def _column(stack: BoxStack, maps: dict[Chip, ChipMap], reach: float, sources: _Sources) -> _Column:
    stretch = [np.linalg.svd(mapped.matrix, compute_uv=False) for mapped in maps.values()]
    ratio = float(np.max(stretch))  # output pixels in an input pixel
    margins = _Margins(
        reach_px=reach,
        reach_output_px=reach * ratio + _ROUNDING_PX,
        guard=math.ceil((2 * reach + _NEIGHBOUR_PX) * ratio) + 1,
    )
    inputs = [
        _gather(stack, chip, mapped, margins, sources)
        for chip, mapped in maps.items()
        if len(stack.x0)
    ]
    return _Column(len(stack.x0), stack.side, margins.guard, tuple(one for one in inputs if one))


def _gather(
    stack: BoxStack, chip: Chip, mapped: ChipMap, margins: _Margins, sources: _Sources
) -> _StackInput | None:
    """Gather the pixels of a chip that fall on the boxes; None when the chip is elsewhere."""
    rectangles, boxes = _rectangles(stack, chip, mapped, margins.reach_px)
    if len(boxes) == 0:
        return None
    maps = ringed_maps(mapped, rectangles)
    maps -= np.column_stack([stack.x0[boxes], stack.y0[boxes]])[:, None, None]
    maps[~_with_neighbours(_near(stack, maps, margins.reach_output_px))] = np.nan
    maps += margins.guard
    maps[..., 1] += (boxes * (stack.side + 2 * margins.guard))[:, None, None]
    rows, columns = rectangles.shape
    flat = (len(boxes) * rows, columns)
    pixels, weight = (source(chip, rectangles) for source in sources)
    return _StackInput(
        chip=chip,
        pixels=pixels.reshape(flat),
        weights=weight.reshape(flat),
        maps=maps.reshape(*flat, 2),
    )


def _near(stack: BoxStack, positions: np.ndarray, margin: float) -> np.ndarray:
    """Mark positions in a square, shape (..., 2), or within a margin off it; NaN is nowhere."""
    dx, dy = np.moveaxis(np.abs(positions - (stack.side - 1) / 2), -1, 0)
    # by the square even where the circle is wider: the next box of the column lies beside it
    near: np.ndarray = np.maximum(dx, dy) <= stack.side / 2 + margin
    if stack.radius_px is not None:
        near &= dx**2 + dy**2 <= (stack.radius_px + _HALF_DIAGONAL + margin) ** 2
    return near


def _with_neighbours(needed: np.ndarray) -> np.ndarray:
    """Mark also the eight neighbours, between which the corners of a drop are interpolated."""
    for axis in (1, 2):
        along = np.moveaxis(needed.copy(), axis, 0)
        before = np.moveaxis(needed, axis, 0)
        along[1:] |= before[:-1]
        along[:-1] |= before[1:]
        needed = np.moveaxis(along, 0, axis)
    return needed


def _rectangles(
    stack: BoxStack, chip: Chip, mapped: ChipMap, reach: float
) -> tuple[Rectangles, np.ndarray]:
    """Find the rectangle of the chip behind each box, and the boxes that the chip touches."""
    half = (stack.side - 1) / 2
    x, y = chip_positions(mapped, stack.x0 + half, stack.y0 + half)
    inverse = np.linalg.inv(mapped.matrix)
    if stack.radius_px is None:
        extent = stack.side / 2 * np.abs(inverse).sum(axis=0)
    else:
        extent = (stack.radius_px + _HALF_DIAGONAL) * np.linalg.norm(inverse, axis=0)
    half_x, half_y = (math.ceil(size) for size in extent + reach + _RIM_PX)
    x0, y0 = np.rint(x).astype(int) - half_x, np.rint(y).astype(int) - half_y
    rows, columns = 2 * half_y + 1, 2 * half_x + 1
    touches = (x0 < chip.shape[1]) & (x0 + columns > 0) & (y0 < chip.shape[0]) & (y0 + rows > 0)
    boxes = np.flatnonzero(touches)
    return Rectangles(x0[boxes], y0[boxes], (rows, columns)), boxes
