"""From the footprints of the chips to the region where all exposures contribute."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.ops import split, unary_union

from hstdriz_study.errors import DatasetError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from astropy.wcs import WCS

EDGE_MARGIN_PX = 3.0
"""Native pixels kept off every chip edge: the drop reaches that far, and the
outermost detector pixels are often flagged."""


def full_depth_region(
    footprints: Sequence[Sequence[np.ndarray]], wcs: WCS, margin_px: float = EDGE_MARGIN_PX
) -> MultiPolygon:
    """Intersect the exposures' footprints in the plane of a native-scale grid.

    Parameters
    ----------
    footprints : sequence of sequence of (N, 2) `~numpy.ndarray`
        One item an exposure: the edge of each chip, right ascension and
        declination in degrees.
    wcs : `~astropy.wcs.WCS`
        Grid of the native-scale product; its tangent plane is used.
    margin_px : float, optional
        Width taken off every chip edge, pixels of ``wcs``.

    Returns
    -------
    region : `~shapely.geometry.MultiPolygon`
        In 0-based pixels of ``wcs``; simple polygons without holes.

    Raises
    ------
    DatasetError
        If no part of the sky is in all exposures.
    """
    exposures = [
        unary_union([_chip(edge, wcs) for edge in chips]).buffer(-margin_px, join_style="mitre")
        for chips in footprints
    ]
    common = exposures[0]
    for exposure in exposures[1:]:
        common = common.intersection(exposure)
    if common.area == 0:
        raise DatasetError(
            f"no part of the sky lies in all {len(exposures)} exposures; "
            "drop those that point elsewhere with dataset.exclude=[...]"
        )
    return MultiPolygon(simple_polygons(common))


def simple_polygons(shape: shapely.Geometry) -> list[Polygon]:
    """Give the polygons of a shape, cut until none has a hole."""
    return [piece for part in _polygons(shape) for piece in _without_holes(part)]


def polygons_on_sky(region: MultiPolygon, wcs: WCS) -> tuple[np.ndarray, ...]:
    """Give the vertices of each polygon as right ascension and declination, degrees."""
    vertices = [np.asarray(polygon.exterior.coords)[:-1] for polygon in region.geoms]
    return tuple(np.column_stack(wcs.pixel_to_world_values(xy[:, 0], xy[:, 1])) for xy in vertices)


def _chip(edge: np.ndarray, wcs: WCS) -> Polygon:
    x, y = wcs.world_to_pixel_values(edge[:, 0], edge[:, 1])
    return shapely.make_valid(Polygon(np.column_stack([x, y])))


def _polygons(shape: shapely.Geometry) -> list[Polygon]:
    """Polygons of a shape, without the points and lines an intersection may leave."""
    if isinstance(shape, Polygon):
        return [shape] if shape.area > 0 else []
    return [polygon for part in getattr(shape, "geoms", ()) for polygon in _polygons(part)]


def _without_holes(polygon: Polygon) -> list[Polygon]:
    """Cut a polygon through its holes until no piece has one."""
    if not polygon.interiors:
        return [polygon]
    x = polygon.interiors[0].centroid.x
    _, bottom, _, top = polygon.bounds
    pieces = split(polygon, LineString([(x, bottom - 1), (x, top + 1)]))
    return [simple for piece in _polygons(pieces) for simple in _without_holes(piece)]
