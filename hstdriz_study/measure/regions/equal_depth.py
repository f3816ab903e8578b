"""From the footprints of a mosaic's exposures to the region of one depth that is measured."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

MIN_DEPTH = 2  # one exposure leaves nothing to combine and no cosmic-ray rejection
# A deeper region is taken before a larger one unless it is so much smaller: stars want area.
_LARGE = 0.25
_MIN_AREA_PX2 = 400.0  # of a piece: narrower ones hold no box and no star


def region_of_one_depth(
    exposures: Sequence[shapely.Geometry], margin_px: float
) -> shapely.Geometry:
    """Return where equally many exposures contribute: the deepest such region that is large.

    Parameters
    ----------
    exposures : sequence of `~shapely.Geometry`
        Where each contributes for certain, pixels of one plane; it may contribute up to twice the
        margin farther out.
    margin_px : float

    Returns
    -------
    `~shapely.Geometry`
        Empty where no two exposures overlap.
    """
    layers = {
        depth: _pieces(layer)
        for depth, layer in _layers(exposures, margin_px).items()
        if depth >= MIN_DEPTH
    }
    largest = max((layer.area for layer in layers.values()), default=0.0)
    if largest == 0:
        return shapely.MultiPolygon()
    return layers[max(d for d, layer in layers.items() if layer.area >= _LARGE * largest)]


def _layers(exposures: Sequence[shapely.Geometry], margin_px: float) -> dict[int, shapely.Geometry]:
    """Return the region in which just so many exposures contribute, by their number."""
    layers: dict[int, shapely.Geometry] = {}
    covered = shapely.Polygon()
    for inner in exposures:
        outer = inner.buffer(2 * margin_px, join_style="mitre")
        parts: dict[int, list[shapely.Geometry]] = defaultdict(list)
        parts[1].append(inner.difference(covered))
        for depth, layer in layers.items():
            parts[depth].append(layer.difference(outer))
            parts[depth + 1].append(layer.intersection(inner))
        layers = {depth: shapely.union_all(of_depth) for depth, of_depth in parts.items()}
        covered = covered.union(outer)
    return layers


def _pieces(layer: shapely.Geometry) -> shapely.MultiPolygon:
    """Leave out what is too small to measure in."""
    parts = [part for part in shapely.get_parts(layer) if isinstance(part, shapely.Polygon)]
    return shapely.MultiPolygon([part for part in parts if part.area >= _MIN_AREA_PX2])
