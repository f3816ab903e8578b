"""From the region of full depth to a plane on which places of the field are measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from astropy import units as u
from astropy.coordinates import SkyCoord
from shapely.geometry import MultiPolygon, Polygon

if TYPE_CHECKING:
    from collections.abc import Sequence

_N_SAMPLES = 200  # along the longer side of the box around the region


@dataclass(frozen=True)
class FieldPlane:
    """The region of full depth, arcsec east and north of its middle.

    Attributes
    ----------
    middle : `~astropy.coordinates.SkyCoord`
    edges : (V, 2) `~numpy.ndarray`
        Corners of the region.
    area_arcsec2 : float
    samples : (M, 2) `~numpy.ndarray`
        Evenly spread over the region.
    """

    middle: SkyCoord
    edges: np.ndarray
    area_arcsec2: float
    samples: np.ndarray

    @classmethod
    def of(cls, full_depth: Sequence[np.ndarray]) -> FieldPlane:
        """Lay the plane.

        Parameters
        ----------
        full_depth : sequence of (N, 2) `~numpy.ndarray`
            Polygons, right ascension and declination in degrees.
        """
        anchor = SkyCoord(*full_depth[0][0], unit="deg")
        first = _region([_offsets(anchor, *edge.T) for edge in full_depth]).centroid
        middle = anchor.spherical_offsets_by(first.x * u.arcsec, first.y * u.arcsec)
        edges = [_offsets(middle, *edge.T) for edge in full_depth]
        region = _region(edges)
        return cls(middle, np.concatenate(edges), region.area, _samples(region))

    def places(self, ra_deg: np.ndarray, dec_deg: np.ndarray) -> np.ndarray:
        """Return arcsec east and north of the middle, shape (N, 2)."""
        return _offsets(self.middle, ra_deg, dec_deg)


def _offsets(origin: SkyCoord, ra_deg: np.ndarray, dec_deg: np.ndarray) -> np.ndarray:
    there = SkyCoord(ra_deg, dec_deg, unit="deg")
    return np.column_stack([one.arcsec for one in origin.spherical_offsets_to(there)])


def _region(edges: Sequence[np.ndarray]) -> MultiPolygon:
    return MultiPolygon([Polygon(edge) for edge in edges])


def _samples(region: MultiPolygon) -> np.ndarray:
    left, bottom, right, top = region.bounds
    step = max(right - left, top - bottom) / _N_SAMPLES
    x, y = (np.arange(low + step / 2, high, step) for low, high in ((left, right), (bottom, top)))
    x, y = (axis.ravel() for axis in np.meshgrid(x, y))
    inside = shapely.contains_xy(region, x, y)
    return np.column_stack([x[inside], y[inside]])
