"""From a scene's specification to its sources, which are the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import astropy.units as u
import numpy as np
from astropy.coordinates import SkyCoord
from astropy.table import QTable, vstack

from hstdriz_study.simulate.pointing import FIELD_DEG
from hstdriz_study.validate.scenes.populations import (
    Shapes,
    galaxy_abmag,
    galaxy_shapes,
    star_abmag,
)

if TYPE_CHECKING:
    from hstdriz_study.simulate import Band
    from hstdriz_study.validate.scenes.spec import SceneSpec

STAR, GALAXY = "star", "galaxy"
_STREAM = 21
_CORNER = 1 / 3  # of the side
_CORE_RADIUS = 0.2  # of a globular cluster, in half sides (Plummer 1911, MNRAS 71, 460)
_CLUSTER_SCALE = 0.35  # of the galaxies of a cluster, in half sides
_MEMBER_FRACTION = 0.25
_N_CLOUDS, _CLOUD_ABMAG, _CLOUD_ARCSEC = 24, (17.5, 19.5), (2.0, 8.0)
_CLOUD_INDEX = 0.5  # a Gaussian: clouds have neither cusp nor edge
_GIANT_ABMAG, _GIANT_HALF_LIGHT, _GIANT_INDEX, _GIANT_AXIS_RATIO = 16.5, 5.0, 4.0, 0.8


def catalogue(spec: SceneSpec, band: Band, side_arcsec: float) -> QTable:
    """Draw the sources of a scene.

    Parameters
    ----------
    spec : `~hstdriz_study.validate.scenes.spec.SceneSpec`
    band : `~hstdriz_study.simulate.Band`
    side_arcsec : float
        Of the field that is filled, a square.

    Returns
    -------
    `~astropy.table.QTable`
        Columns ``id``, ``kind`` (star or galaxy), ``ra``, ``dec``, ``x``, ``y`` (offset from the
        middle of the field, east and north), ``mag`` (AB), ``flux`` (electron / s, all of it),
        ``half_light_radius`` (of the major axis; 0 for a star), ``sersic_index``,
        ``axis_ratio``, ``angle`` (from east to north).
    """
    rng = np.random.default_rng([spec.seed, _STREAM])
    table = vstack([_stars(spec, rng), _galaxies(spec, side_arcsec, rng)])
    table["id"] = np.arange(1, len(table) + 1)
    half = side_arcsec / 2
    table["x"], table["y"] = half * table["x"] * u.arcsec, half * table["y"] * u.arcsec
    sky = SkyCoord(*FIELD_DEG, unit="deg").spherical_offsets_by(table["x"], table["y"])
    table["ra"], table["dec"] = sky.ra, sky.dec
    flux = 10 ** (0.4 * (band.zero_point_abmag - table["mag"].to_value(u.ABmag)))
    table["flux"] = flux * u.electron / u.s
    return table


def _stars(spec: SceneSpec, rng: np.random.Generator) -> QTable:
    count = spec.n_stars
    none = np.zeros(count)
    shapes = Shapes(none, none, np.ones(count), none)
    places = _PLACES.get(spec.arrangement, _everywhere)(count, rng)
    abmag = star_abmag(count, rng, globular=spec.arrangement == "globular")
    return _rows(STAR, places, abmag, shapes)


def _galaxies(spec: SceneSpec, side_arcsec: float, rng: np.random.Generator) -> QTable:
    count = spec.n_galaxies
    clustered = spec.arrangement == "galaxy_cluster"
    places = _everywhere(count, rng)
    if clustered:
        members = rng.permutation(count)[: round(_MEMBER_FRACTION * count)]
        places[members] = np.clip(rng.normal(0, _CLUSTER_SCALE, (len(members), 2)), -1, 1)
    abmag = galaxy_abmag(count, (side_arcsec / 60) ** 2, rng)
    drawn = _rows(GALAXY, places, abmag, galaxy_shapes(abmag, spec.size_factor, rng))
    if spec.arrangement == "nebula":
        drawn = vstack([drawn, _clouds(rng)])
    return vstack([drawn, _giant()]) if spec.giant or clustered else drawn


def _giant() -> QTable:
    one = np.ones(1)
    shape = Shapes(_GIANT_HALF_LIGHT * one, _GIANT_INDEX * one, _GIANT_AXIS_RATIO * one, 0.5 * one)
    return _rows(GALAXY, np.zeros((1, 2)), _GIANT_ABMAG * one, shape)


def _clouds(rng: np.random.Generator) -> QTable:
    """Clouds of a nebula, about as bright as the sky where two of them overlap."""
    shapes = Shapes(
        half_light_arcsec=rng.uniform(*_CLOUD_ARCSEC, _N_CLOUDS),
        sersic_index=np.full(_N_CLOUDS, _CLOUD_INDEX),
        axis_ratio=rng.uniform(0.3, 1.0, _N_CLOUDS),
        angle_rad=rng.uniform(0, np.pi, _N_CLOUDS),
    )
    return _rows(GALAXY, _everywhere(_N_CLOUDS, rng), rng.uniform(*_CLOUD_ABMAG, _N_CLOUDS), shapes)


def _rows(kind: str, places: np.ndarray, abmag: np.ndarray, shapes: Shapes) -> QTable:
    table = QTable()
    table["kind"] = np.full(len(abmag), kind, dtype="U6")
    table["x"], table["y"] = places.T
    table["mag"] = abmag * u.ABmag
    table["half_light_radius"] = shapes.half_light_arcsec * u.arcsec
    table["sersic_index"] = shapes.sersic_index
    table["axis_ratio"] = shapes.axis_ratio
    table["angle"] = shapes.angle_rad * u.rad
    return table


def _everywhere(count: int, rng: np.random.Generator) -> np.ndarray:
    """Offsets from the middle in half sides, shape (N, 2)."""
    return rng.uniform(-1, 1, (count, 2))


def _in_a_corner(count: int, rng: np.random.Generator) -> np.ndarray:
    return 1 - 2 * _CORNER * rng.random((count, 2))


def _globular(count: int, rng: np.random.Generator) -> np.ndarray:
    enclosed = rng.uniform(0, 1 / (1 + _CORE_RADIUS**2), count)  # all inside the half side
    radius = _CORE_RADIUS * np.sqrt(enclosed / (1 - enclosed))
    angle = rng.uniform(0, 2 * np.pi, count)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


_PLACES = {"corner": _in_a_corner, "globular": _globular}
