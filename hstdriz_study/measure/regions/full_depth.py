"""From the footprints of the chips to the region where all exposures contribute.

Of a mosaic, whose exposures share little or nothing, it is one where equally many contribute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.ops import split, unary_union

from hstdriz_study.errors import DatasetError
from hstdriz_study.measure.regions.equal_depth import region_of_one_depth

if TYPE_CHECKING:
    from collections.abc import Sequence

    from astropy.wcs import WCS

EDGE_MARGIN_PX = 3.0
"""Native pixels kept off every chip edge: the drop reaches that far, and the
outermost detector pixels are often flagged."""

_MOSAIC = 0.5  # of the area of all exposures together: where they share less, they are a mosaic


def full_depth_region(
    footprints: Sequence[Sequence[np.ndarray]], wcs: WCS, margin_px: float = EDGE_MARGIN_PX
) -> MultiPolygon:
    """Find the region of full depth in the plane of a native-scale grid.

    It is what the exposures' footprints share. Where that is less than half of the area they cover,
    they are a mosaic, and it is `region_of_one_depth`.

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
        If no part of the sky is in all exposures, nor in two of them.
    """
    exposures = [
        unary_union([_chip(edge, wcs) for edge in chips]).buffer(-margin_px, join_style="mitre")
        for chips in footprints
    ]
    common = exposures[0]
    for exposure in exposures[1:]:
        common = common.intersection(exposure)
    if common.area < _MOSAIC * unary_union(exposures).area:
        common = region_of_one_depth(exposures, margin_px)
    if common.area == 0:
        raise DatasetError(
            f"no part of the sky lies in all {len(exposures)} exposures, nor in two of them; "
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


def contributing(
    footprints: Sequence[Sequence[np.ndarray]], full_depth: Sequence[np.ndarray]
) -> np.ndarray:
    """Tell which exposures contribute in the largest part of a region.

    Parameters
    ----------
    footprints : sequence of sequence of (N, 2) `~numpy.ndarray`
        As in `full_depth_region`.
    full_depth : sequence of (N, 2) `~numpy.ndarray`
        The region, as `polygons_on_sky` gives it.

    Returns
    -------
    (E,) bool `~numpy.ndarray`
    """
    origin = full_depth[0][0]
    place = max((_near(edge, origin) for edge in full_depth), key=lambda part: part.area)
    inside = place.representative_point()
    return np.array(
        [any(_near(edge, origin).contains(inside) for edge in chips) for chips in footprints]
    )


def _near(edge: np.ndarray, origin_deg: np.ndarray) -> Polygon:
    """Draw an outline in degrees about a place near it, which is flat enough to tell inside."""
    ra = (edge[:, 0] - origin_deg[0] + 180) % 360 - 180
    return Polygon(np.column_stack([ra * np.cos(np.radians(origin_deg[1])), edge[:, 1]]))


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
