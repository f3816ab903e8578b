"""From the native-scale product to places for artificial stars on blank sky."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import distance_transform_edt

from hstdriz_study.contracts.sky import Wanted
from hstdriz_study.measure.rasterise import polygon_mask
from hstdriz_study.measure.regions.full_depth import full_depth_region
from hstdriz_study.measure.regions.science import restricted
from hstdriz_study.measure.regions.sky import source_mask
from hstdriz_study.measure.regions.sources import sky_level
from hstdriz_study.measure.thinning import thinned

if TYPE_CHECKING:
    from hstdriz_study.contracts import Drizzled, MeasureGeometry

# Between bright stars, and from them to faint ones: no star's patch reaches another's core.
BRIGHT_PER_EE_RADIUS = 3.0
# Between faint stars: a star in one aperture adds less than 0.1 sigma to the next.
FAINT_PER_APERTURE_RADIUS = 3.0
_STREAM = 12  # of random numbers
_MAX_CANDIDATES = 50_000


@dataclass(frozen=True)
class Places:
    """Right ascension and declination in degrees, (N, 2) each; fewer than asked where it is full.

    Attributes
    ----------
    bright : (N, 2) `~numpy.ndarray`
        At least the energy radius from every source and from the edge of full depth.
    faint : (M, 2) `~numpy.ndarray`
        At least the photometric aperture's radius from them.
    """

    bright: np.ndarray
    faint: np.ndarray


def star_places(
    native: Drizzled,
    footprints: tuple[tuple[np.ndarray, ...], ...],
    geometry: MeasureGeometry,
    *,
    n_bright: int,
    n_faint: int,
    seed: int,
    wanted: Wanted | None = None,
) -> Places:
    """Scatter places at random sub-pixel phases over the blank sky of the full-depth region.

    Pixels that are flagged are not avoided: a star that falls on them is as
    incomplete as a real one.

    Parameters
    ----------
    native : `~hstdriz_study.contracts.Drizzled`
        A product at the detector's own scale, without artificial stars.
    footprints : tuple
        As in `~hstdriz_study.measure.regions.build_regions`.
    geometry : `~hstdriz_study.contracts.MeasureGeometry`
    n_bright, n_faint : int
        At most so many.
    seed : int
    wanted : `~hstdriz_study.contracts.sky.Wanted`, optional
        Where the user wants to measure.
    """
    full_depth = full_depth_region(footprints, native.wcs)
    region = restricted(full_depth, wanted or Wanted(), native.wcs)
    vertices = [np.asarray(polygon.exterior.coords)[:-1] for polygon in region.geoms]
    free = polygon_mask(vertices, native.sci.shape)
    free &= ~source_mask(native, geometry, sky_level(native))
    clear = distance_transform_edt(np.pad(free, 1))[1:-1, 1:-1] * native.final_scale_arcsec
    rng = np.random.default_rng([seed, _STREAM])
    scale = native.final_scale_arcsec
    far = BRIGHT_PER_EE_RADIUS * geometry.ee_radius_arcsec / scale
    apart = FAINT_PER_APERTURE_RADIUS * geometry.aperture_radius_arcsec / scale
    bright = thinned(_candidates(clear >= geometry.ee_radius_arcsec, rng), n_bright, far)
    candidates = _candidates(clear >= geometry.aperture_radius_arcsec, rng)
    for one in bright:
        candidates = candidates[np.hypot(*(candidates - one).T) >= far]
    faint = thinned(candidates, n_faint, apart)
    return Places(
        *(np.column_stack(native.wcs.pixel_to_world_values(*xy.T)) for xy in (bright, faint))
    )


def _candidates(allowed: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Draw 0-based positions x, y inside allowed pixels, in random order, shape (N, 2)."""
    pixels = np.flatnonzero(allowed)
    drawn = rng.permutation(pixels)[:_MAX_CANDIDATES]
    rows, columns = np.unravel_index(drawn, allowed.shape)
    return np.column_stack([columns, rows]) + rng.uniform(-0.5, 0.5, (len(drawn), 2))
