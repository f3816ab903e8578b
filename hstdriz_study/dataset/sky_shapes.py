"""From a region of `regions` to the vertices of its edges on the sky."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from astropy import units as u
from regions import (
    CircleAnnulusSkyRegion,
    CircleSkyRegion,
    EllipseAnnulusSkyRegion,
    EllipseSkyRegion,
    PolygonSkyRegion,
    RectangleAnnulusSkyRegion,
    RectangleSkyRegion,
)

from hstdriz_study.contracts.sky import SkyShape
from hstdriz_study.errors import ConfigError

if TYPE_CHECKING:
    from astropy.coordinates import SkyCoord
    from regions import Region

_N_VERTICES = 360  # the polygon's area is short of the ellipse's by 5e-5
_TURN = np.linspace(0, 2 * np.pi, _N_VERTICES, endpoint=False)
_ROUND = np.column_stack([np.cos(_TURN), np.sin(_TURN)]) / 2
_SQUARE = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)])
_CURVES = (
    ((CircleSkyRegion, CircleAnnulusSkyRegion, EllipseSkyRegion, EllipseAnnulusSkyRegion), _ROUND),
    ((RectangleSkyRegion, RectangleAnnulusSkyRegion), _SQUARE),
)


def shape_of(region: Region, name: str) -> SkyShape | None:
    """Return the shape of a region, None of one without an area (a point, a text, a line).

    Ellipses and boxes lie, as in ds9, with their width along the parallel of their own frame,
    turned towards its north through the west by their angle.

    Raises
    ------
    ConfigError
        Naming ``name``, if a polygon has less than three corners, or a place or size is no number.
    """
    edges = _edges(region)
    if edges is None:
        return None
    if any(len(np.unique(edge, axis=0)) < 3 for edge in edges):  # noqa: PLR2004
        raise ConfigError(f"{name}: a polygon has less than three corners; draw it anew")
    if not all(np.isfinite(edge).all() for edge in edges):
        raise ConfigError(f"{name}: a region's place or size is no number; draw it anew")
    return SkyShape(edges)


def _edges(region: Region) -> tuple[np.ndarray, ...] | None:
    if isinstance(region, PolygonSkyRegion):
        return (_degrees(region.vertices),)
    unit = next((unit for kinds, unit in _CURVES if isinstance(region, kinds)), None)
    if unit is None:
        return None
    return tuple(_curve(region, unit, *size) for size in _sizes(region))


def _sizes(region: Region) -> list[tuple[u.Quantity, u.Quantity]]:
    """Return width and height of the outer edge, and of the inner one where there is one."""
    if isinstance(region, CircleSkyRegion | CircleAnnulusSkyRegion):
        return [(2 * radius, 2 * radius) for radius in _parts(region, "radius")]
    return list(zip(_parts(region, "width"), _parts(region, "height"), strict=True))


def _parts(region: Region, size: str) -> list[u.Quantity]:
    names = (size, f"outer_{size}", f"inner_{size}")
    return [getattr(region, name) for name in names if hasattr(region, name)]


def _curve(region: Region, unit: np.ndarray, width: u.Quantity, height: u.Quantity) -> np.ndarray:
    """Lay a curve of unit width and height about the centre of a region; degrees."""
    turned = getattr(region, "angle", 0 * u.deg).to_value(u.rad)
    along, across = (unit * [width.to_value(u.rad), height.to_value(u.rad)]).T
    west = along * np.cos(turned) - across * np.sin(turned)
    north = along * np.sin(turned) + across * np.cos(turned)
    angle, distance = np.arctan2(-west, north) * u.rad, np.hypot(west, north) * u.rad
    return _degrees(region.center.directional_offset_by(angle, distance))


def _degrees(places: SkyCoord) -> np.ndarray:
    icrs = places.icrs
    return np.column_stack([icrs.ra.deg, icrs.dec.deg])
