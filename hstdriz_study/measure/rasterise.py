"""Turn polygons on the sky into the pixels whose centres they hold."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from astropy.wcs import WCS

TILES_PER_SIDE = 8


def polygon_mask(
    vertices: Sequence[np.ndarray], shape: tuple[int, int], first_row: int = 0
) -> np.ndarray:
    """Mark the pixels whose centres lie inside one of some polygons.

    A scanline fill: every polygon edge toggles the pixels to its right, so a
    pixel is inside after an odd number of edges. An edge owns its lower end,
    and a centre exactly on an edge belongs to the pixel on its right, so that
    two polygons with a common edge share no pixel and lose none.

    Parameters
    ----------
    vertices : sequence of (N, 2) `~numpy.ndarray`
        Vertices (x, y) of each polygon in 0-based pixels of the frame; the
        polygons must not overlap.
    shape : tuple of int
        Rows and columns of the mask.
    first_row : int, optional
        Row of the frame at which the mask begins.

    Returns
    -------
    mask : 2D `~numpy.ndarray` of bool
    """
    n_rows, n_columns = shape
    toggles = np.zeros((n_rows, n_columns + 1), dtype=bool)
    for polygon in vertices:
        for (xa, ya), (xb, yb) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
            _toggle_edge(toggles, (xa, ya - first_row), (xb, yb - first_row))
    return np.logical_xor.accumulate(toggles[:, :-1], axis=1)


def _toggle_edge(
    toggles: np.ndarray, start: tuple[float, float], stop: tuple[float, float]
) -> None:
    """Toggle, in each row an edge crosses, the first pixel centre on its right."""
    (xa, ya), (xb, yb) = sorted((start, stop), key=lambda point: point[1])
    first = max(0, int(np.ceil(ya)))
    last = min(toggles.shape[0], int(np.ceil(yb)))
    if first >= last:
        return
    rows = np.arange(first, last)
    crossings = xa + (rows - ya) * ((xb - xa) / (yb - ya))
    columns = np.clip(np.ceil(crossings), 0, toggles.shape[1] - 1).astype(int)
    toggles[rows, columns] ^= True


def region_tiles(
    image: np.ndarray,
    wcs: WCS,
    polygons: Sequence[np.ndarray],
    tiles_per_side: int = TILES_PER_SIDE,
) -> tuple[np.ndarray, ...]:
    """Collect an image's pixels inside a region of the sky, tile by tile.

    The tiles cut the bounding rectangle of the region into
    ``tiles_per_side`` squared equal parts, at the same places on the sky
    (to a pixel) for products of the same orientation.

    Parameters
    ----------
    image : 2D `~numpy.ndarray`
        An image on the grid of ``wcs``.
    wcs : `~astropy.wcs.WCS`
        The grid.
    polygons : sequence of (N, 2) `~numpy.ndarray`
        The region, right ascension and declination in degrees.
    tiles_per_side : int, optional
        Number of tiles along each axis.

    Returns
    -------
    tiles : tuple of 1D `~numpy.ndarray`
        The pixels inside the region in each tile, in row order of the tiles;
        a tile without such pixels is empty, so that every point of a study
        has as many tiles.
    """
    vertices = [np.column_stack(wcs.world_to_pixel_values(p[:, 0], p[:, 1])) for p in polygons]
    corners = np.concatenate(vertices)
    x_edges = _tile_edges(corners[:, 0], image.shape[1], tiles_per_side)
    y_edges = _tile_edges(corners[:, 1], image.shape[0], tiles_per_side)
    tiles: list[np.ndarray] = []
    for top, bottom in pairwise(y_edges):
        mask = polygon_mask(vertices, (bottom - top, image.shape[1]), first_row=int(top))
        for left, right in pairwise(x_edges):
            tiles.append(image[top:bottom, left:right][mask[:, left:right]])
    return tuple(tiles)


def _tile_edges(corners: np.ndarray, size: int, n_tiles: int) -> np.ndarray:
    edges = np.ceil(np.linspace(corners.min(), corners.max() + 1e-9, n_tiles + 1)).astype(int)
    edges[-1] += 1
    return np.clip(edges, 0, size)
