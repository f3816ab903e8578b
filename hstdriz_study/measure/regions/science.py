"""From the areas and stars that a user names to where, on a grid, a study measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.spatial import cKDTree
from shapely.geometry import MultiPolygon, Polygon

from hstdriz_study.errors import DatasetError
from hstdriz_study.measure.regions.full_depth import simple_polygons

if TYPE_CHECKING:
    from astropy.table import Table
    from astropy.wcs import WCS

    from hstdriz_study.contracts.sky import SkyArea, SkyShape, StarList, Wanted

MATCH_PX = 2.0
"""Native pixels from a named star to the source that it is: more than centroids and the
frames of catalogues differ, less than sources are apart that are measured."""

_NEAR = np.cos(np.deg2rad(60.0))  # a plane tangent to the sky shows less than a hemisphere


def restricted(region: MultiPolygon, wanted: Wanted, wcs: WCS) -> MultiPolygon:
    """Return the part of a region that is wanted.

    Parameters
    ----------
    region : `~shapely.geometry.MultiPolygon`
        Where all exposures contribute, 0-based pixels of ``wcs``.
    wanted : `~hstdriz_study.contracts.sky.Wanted`
    wcs : `~astropy.wcs.WCS`
        Of the native-scale product.

    Returns
    -------
    region : `~shapely.geometry.MultiPolygon`
        Simple polygons without holes.

    Raises
    ------
    DatasetError
        If nothing is left, naming the key.
    """
    left = without_left_out(region, wanted, wcs)
    if wanted.region is None:
        return left
    inside = _pieces(_on_grid(wanted.region, wcs, region).intersection(_whole(left)))
    if not inside.area:
        also = "" if wanted.leave_out is None else f", outside of {wanted.leave_out.name}"
        raise DatasetError(
            f"{wanted.region.name}: no part of it lies where all exposures are{also}, which is "
            f"about {_middle(region, wcs)}; look at its coordinates"
        )
    return inside


def without_left_out(region: MultiPolygon, wanted: Wanted, wcs: WCS) -> MultiPolygon:
    """Return the part of a region that is not left out; as `restricted`."""
    if wanted.leave_out is None:
        return region
    left = _pieces(_whole(region).difference(_on_grid(wanted.leave_out, wcs, region)))
    if not left.area:
        raise DatasetError(
            f"{wanted.leave_out.name}: leaves nothing of the sky that all exposures have; "
            "leave out less"
        )
    return left


def science_warnings(region: MultiPolygon, wanted: Wanted, wcs: WCS) -> tuple[str, ...]:
    """Tell what is named and changes nothing."""
    told = [
        f"{area.name}: {', '.join(area.ignored)} without an area were not looked at"
        for area in (wanted.region, wanted.leave_out)
        if area is not None and area.ignored
    ]
    out = wanted.leave_out
    if out is not None and not _on_grid(out, wcs, region).intersects(_whole(region)):
        told.append(f"{out.name}: leaves out nothing, for it lies beside the exposures")
    return tuple(told)


def named_sources(sources: Table, stars: StarList, wcs: WCS) -> tuple[np.ndarray, tuple[str, ...]]:
    """Find the sources that a user names as stars.

    Returns
    -------
    named : 1D `~numpy.ndarray` of bool
        One a source.
    told : tuple of str
        How many were not found, if any.

    Raises
    ------
    DatasetError
        If no source is among them, with the distance of the nearest.
    """
    places = np.column_stack(wcs.world_to_pixel_values(*stars.positions.T))
    places = places[_is_near(stars.positions, wcs)]
    found = np.column_stack([sources["x"], sources["y"]]) if len(sources) else np.empty((0, 2))
    named = np.zeros(len(sources), dtype=bool)
    n_stars = len(stars.positions)
    if len(places) and len(found):
        distance, nearest = cKDTree(found).query(places)
        named[nearest[distance <= MATCH_PX]] = True
    if not named.any():
        closest = f"{distance.min():.0f}" if len(places) and len(found) else "thousands of"
        raise DatasetError(
            f"{stars.name}: none of its {n_stars} positions is within {MATCH_PX:g} native pixels "
            f"of a source; the nearest is {closest} pixels off: look at its coordinates, or align "
            "the exposures to its frame"
        )
    n_found = int(named.sum())
    if n_found == n_stars:
        return named, ()
    return named, (f"{stars.name}: {n_found} of its {n_stars} positions are at a source",)


def _on_grid(area: SkyArea, wcs: WCS, region: MultiPolygon) -> shapely.Geometry:
    """Lay an area on a grid, as far as it is near."""
    included, excluded = (
        shapely.union_all([_polygon(shape, wcs, area.name) for shape in shapes])
        for shapes in (area.included, area.excluded)
    )
    whole = included if area.included else _whole(region)
    return whole.difference(excluded)


def _polygon(shape: SkyShape, wcs: WCS, name: str) -> shapely.Geometry:
    outer_edge = shape.edges[0]
    near, towards = _is_near(outer_edge, wcs), _directions(outer_edge)
    is_small = bool((towards @ towards[0] > _NEAR).all())
    if is_small and not near.any():
        return Polygon()
    if not (is_small and near.all()):
        raise DatasetError(
            f"{name}: a region reaches over more than 60 degrees of the sky; draw it smaller"
        )
    outer, *holes = (
        shapely.make_valid(Polygon(np.column_stack(wcs.world_to_pixel_values(*edge.T))))
        for edge in shape.edges
    )
    return outer.difference(shapely.union_all(holes))


def _is_near(places: np.ndarray, wcs: WCS) -> np.ndarray:
    """Tell which places are on the side of the sky that a tangent plane shows."""
    return np.asarray(_directions(places) @ _directions(np.array([wcs.wcs.crval]))[0] > _NEAR)


def _directions(places: np.ndarray) -> np.ndarray:
    ra, dec = np.deg2rad(places).T
    return np.column_stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)])


def _whole(region: MultiPolygon) -> shapely.Geometry:
    """Join pieces, which may have edges in common."""
    return shapely.union_all(region.geoms)


def _pieces(shape: shapely.Geometry) -> MultiPolygon:
    return MultiPolygon(simple_polygons(shape))


def _middle(region: MultiPolygon, wcs: WCS) -> str:
    ra, dec = wcs.pixel_to_world_values(region.centroid.x, region.centroid.y)
    return f"RA {float(ra):.5f}, Dec {float(dec):+.5f} degrees"
