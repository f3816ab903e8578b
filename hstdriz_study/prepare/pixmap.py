"""From the nodes of a chip's distorted WCS to maps of its pixels on an output grid.

AstroDrizzle transforms every tenth pixel exactly and interpolates between these nodes in
output pixels. The sky positions of the nodes are known once and for all; on the plane
tangent at ``crval`` every scale, orientation and phase of the output grid is an affine
transformation of the same nodes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from astropy.wcs import WCS

from hstdriz_study.prepare.chips import NODE_STEP_PX

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hstdriz_study.contracts import OutputGrid

_INVERSION_STEPS = 6
_BLOCK_PX = 20_000  # so many pixels stay in the processor's cache while they are worked on

STRIP_PX = 1_500_000
"""Pixels that are worked on together: maps of them take 16 bytes each."""


@dataclass(frozen=True)
class ChipMap:
    """Where the pixels of one chip fall on one output grid.

    Attributes
    ----------
    nodes : (n_y, n_x, 2) `~numpy.ndarray`
        0-based output x and y of the chip's 0-based pixels -1, 9, 19, ...
    matrix : (2, 2) `~numpy.ndarray`
    offset : (2,) `~numpy.ndarray`
        The linear part: ``position @ matrix + offset`` is near the output
        position of a 0-based chip position.
    """

    nodes: np.ndarray
    matrix: np.ndarray
    offset: np.ndarray


def chip_map(sky_nodes: Path, grid: OutputGrid) -> ChipMap:
    """Map a chip, by the file of its nodes on the sky, on an output grid."""
    plane = _plane_nodes(sky_nodes, grid.crval_deg)
    nodes = plane @ np.linalg.inv(np.array(grid.cd)).T + (np.array(grid.crpix) - 1)
    size = NODE_STEP_PX * (np.array(nodes.shape[1::-1]) - 1)
    matrix = np.stack(
        [
            (nodes[:, -1] - nodes[:, 0]).mean(axis=0) / size[0],
            (nodes[-1] - nodes[0]).mean(axis=0) / size[1],
        ]
    )
    offset = nodes.mean(axis=(0, 1)) - (size / 2 - 1) @ matrix
    return ChipMap(nodes, matrix, offset)


@lru_cache(maxsize=64)
def _plane_nodes(sky_nodes: Path, crval_deg: tuple[float, float]) -> np.ndarray:
    """Project sky positions on the tangent plane; intermediate world coordinates, degrees."""
    sky = np.load(sky_nodes)
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = ["RA---TAN", "DEC--TAN"]
    wcs.wcs.crval = crval_deg
    wcs.wcs.cdelt = [1, 1]
    # origin 1: with 0, astropy takes 1 off these coordinates too
    return wcs.wcs.s2p(sky.reshape(-1, 2), 1)["imgcrd"].reshape(sky.shape)


def strips(
    shape: tuple[int, int], n_pixels: int = STRIP_PX, within: slice = slice(None)
) -> Iterator[slice]:
    """Give the rows of an image, or those within some, in strips of so many pixels."""
    rows, columns = shape
    first, last, _ = within.indices(rows)
    step = max(1, n_pixels // columns)
    for row in range(first, last, step):
        yield slice(row, min(row + step, last))


def pixel_maps(
    nodes: np.ndarray,
    x0: np.ndarray,
    y0: np.ndarray,
    shape: tuple[int, int],
    out: np.ndarray | None = None,
) -> np.ndarray:
    """Interpolate the output positions of the pixels of equal rectangles of a chip.

    Parameters
    ----------
    nodes : (n_y, n_x, 2) `~numpy.ndarray`
        Of a `ChipMap`.
    x0, y0 : (K,) `~numpy.ndarray` of int
        0-based chip pixel at the corner of each rectangle; it may lie outside.
    shape : tuple of int
        Rows and columns of a rectangle.
    out : (K, rows, columns, 2) `~numpy.ndarray`, optional
        Where to put the result: new memory for a whole chip takes longer than
        the interpolation.

    Returns
    -------
    (K, rows, columns, 2) `~numpy.ndarray`
        Contiguous, float64.
    """
    rows, columns = shape
    wanted = (len(x0), rows, columns, 2)
    maps = out if out is not None and out.shape == wanted else np.empty(wanted)
    i, p = _cells(x0, columns, nodes.shape[1])
    j, q = _cells(y0, rows, nodes.shape[0])
    p, q = p[:, None, :, None], q[:, :, None, None]
    n_together = max(1, _BLOCK_PX // (rows * columns))
    n_rows = max(1, _BLOCK_PX // columns)
    for first in range(0, len(maps), n_together):
        some = slice(first, first + n_together)
        cells = j[some] - j[some, :1]
        at_x = _along_x(nodes, j[some, :1] + np.arange(cells.max() + 2), i[some], p[some])
        which = np.arange(len(cells))[:, None]
        for row in range(0, rows, n_rows):
            part = slice(row, row + n_rows)
            block, cell = maps[some, part], cells[:, part]
            low = at_x[which, cell]
            np.subtract(at_x[which, cell + 1], low, out=block)
            block *= q[some, part]
            block += low
    return maps


def _along_x(
    nodes: np.ndarray, rows: np.ndarray, cells: np.ndarray, part: np.ndarray
) -> np.ndarray:
    """Interpolate rows of nodes at the columns of each rectangle, (K, n_rows, columns, 2)."""
    row = np.minimum(rows, len(nodes) - 1)[:, :, None]
    column = cells[:, None, :]
    at_x = nodes[row, column]
    at_x += part * (nodes[row, column + 1] - at_x)
    return at_x


def _cells(start: np.ndarray, size: int, n_nodes: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the node before each pixel and the distance from it in steps."""
    position = (start[:, None] + np.arange(size) + 1) / NODE_STEP_PX
    cell = np.clip(np.floor(position).astype(int), 0, n_nodes - 2)
    return cell, position - cell


def chip_positions(mapped: ChipMap, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, ...]:
    """Find the chip pixels that fall on output positions (the inverse map).

    Parameters
    ----------
    mapped : `ChipMap`
    x, y : (K,) `~numpy.ndarray`
        0-based output positions.

    Returns
    -------
    x, y : (K,) `~numpy.ndarray`
        0-based chip pixel positions, good to a hundredth of a pixel on the chip;
        off the chip they are extrapolated.
    """
    inverse = np.linalg.inv(mapped.matrix)
    target = np.column_stack([x, y])
    found = (target - mapped.offset) @ inverse
    for _ in range(_INVERSION_STEPS):
        found += (target - positions_on(mapped.nodes, found)) @ inverse
    return found[:, 0], found[:, 1]


def positions_on(nodes: np.ndarray, position: np.ndarray) -> np.ndarray:
    """Map chip positions, from the nearest cell of nodes off the chip.

    Parameters
    ----------
    nodes : (n_y, n_x, 2) `~numpy.ndarray`
        Of a `ChipMap`.
    position : (K, 2) `~numpy.ndarray`
        0-based x and y on the chip.

    Returns
    -------
    (K, 2) `~numpy.ndarray`
        0-based x and y on the output grid.
    """
    scaled = (position + 1) / NODE_STEP_PX
    limits = np.array(nodes.shape[1::-1]) - 2
    cell = np.clip(np.floor(scaled).astype(int), 0, limits)
    p, q = (scaled - cell).T[:, :, None]
    i, j = cell.T
    return (
        nodes[j, i] * (1 - p) * (1 - q)
        + nodes[j, i + 1] * p * (1 - q)
        + nodes[j + 1, i] * (1 - p) * q
        + nodes[j + 1, i + 1] * p * q
    )
