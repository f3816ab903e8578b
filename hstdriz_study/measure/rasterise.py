"""Turn polygons into the pixels whose centres they hold.

Not `shapely.contains_xy` nor scikit-image's ``polygon2mask``. Where no centre lies on an edge
they mark the same pixels (the regions of all shipped studies, random polygons). A centre on
the edge that two pieces of a region share is in neither for shapely (2.2.0) and in both for
scikit-image (0.26.0), and on a frame of 4300 x 4300 pixels the one takes 5 s, the other
20 s, this 0.3 s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence


def polygon_mask(vertices: Sequence[np.ndarray], shape: tuple[int, int]) -> np.ndarray:
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

    Returns
    -------
    mask : 2D `~numpy.ndarray` of bool
    """
    n_rows, n_columns = shape
    toggles = np.zeros((n_rows, n_columns + 1), dtype=bool)
    for polygon in vertices:
        for (xa, ya), (xb, yb) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
            _toggle_edge(toggles, (xa, ya), (xb, yb))
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
