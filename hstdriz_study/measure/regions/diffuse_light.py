"""From boxes of sky on the native-scale product to the diffuse light that lies on them.

Light of a giant galaxy, a nebula or a cluster is smooth: boxes that are neighbours have it in
common, where noise and undetected sources are each box's own. So the covariance of the levels of
neighbours tells how much of the scatter of empty apertures is light.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from astropy.stats import SigmaClip
from astropy.utils.exceptions import AstropyUserWarning
from scipy.spatial import cKDTree

from hstdriz_study.foreign import without_package_survey
from hstdriz_study.measure.empty_apertures import MAD_TO_SIGMA, MIN_SKY_BOXES
from hstdriz_study.measure.local_apertures import has_room, local_fluxes

with without_package_survey():
    from photutils.background import Background2D, MedianBackground

if TYPE_CHECKING:
    from hstdriz_study.contracts import Drizzled, MeasureGeometry, PointPixels

_N_NEIGHBOURS = 4
MAX_SHARED = 0.06
"""Of the variance of an aperture, what its neighbours may share: 3 % of the noise."""

_MESH_PER_BOX = 2.0
_SURE_SIGMA = 4.0
_N_SHUFFLES = 200
_DARKEST = 0.1  # quantile of the levels that is surely without light
_BLANK_SCATTER = 0.45
"""Scatter of the levels of boxes of blank sky, in units of the noise of an aperture."""

_BRIGHTER = 1.5
"""A box is in the light when what lies on its aperture exceeds so many times the noise."""


def light_on_boxes(
    native: PointPixels, places: np.ndarray, geometry: MeasureGeometry, seed: int
) -> np.ndarray | None:
    """Measure the diffuse light on boxes of sky.

    Parameters
    ----------
    native : `~hstdriz_study.contracts.PointPixels`
        Of the native-scale product.
    places : (N, 2) `~numpy.ndarray`
        Of the boxes, pixels.
    geometry : `~hstdriz_study.contracts.MeasureGeometry`
    seed : int
        Of the shuffles that say what chance does.

    Returns
    -------
    light : (N,) `~numpy.ndarray` or None
        As `~hstdriz_study.contracts.StudyRegions.sky_light`.
    """
    if len(native.sky) < MIN_SKY_BOXES or not has_room(geometry):
        return None
    scale = native.final_scale_arcsec
    fluxes, levels = local_fluxes(native.sky, geometry, scale)
    noise = MAD_TO_SIGMA * float(np.nanmedian(np.abs(fluxes - np.nanmedian(fluxes))))
    area_px = np.pi * (geometry.aperture_radius_arcsec / scale) ** 2
    in_aperture = np.where(np.isfinite(levels), levels, np.nanmedian(levels)) * area_px
    if not _is_shared(in_aperture, places, noise, seed):
        return None
    dark = np.quantile(in_aperture, _DARKEST) + 1.28 * _BLANK_SCATTER * noise
    above = in_aperture - dark
    darkest = np.sort(above)[min(2 * MIN_SKY_BOXES, len(above)) - 1]
    return np.where(above > max(_BRIGHTER * noise, darkest), above / (area_px * scale**2), 0.0)


def without_diffuse_light(native: Drizzled, geometry: MeasureGeometry) -> Drizzled:
    """Take off a background that is as fine as two boxes of sky (photutils' Background2D).

    Compact sources are smaller and stay; a giant galaxy, but for its middle, goes.
    """
    side = max(3, round(_MESH_PER_BOX * geometry.sky_box_arcsec / native.final_scale_arcsec))
    hole = ~(native.wht > 0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AstropyUserWarning)  # NaN where there is no data
        found = Background2D(
            native.sci, (side, side), coverage_mask=hole, filter_size=3, exclude_percentile=90.0,
            bkg_estimator=MedianBackground(), sigma_clip=SigmaClip(sigma=3.0, maxiters=10),
        )  # fmt: skip
    return replace(native, sci=(native.sci - found.background).astype(np.float32))


def _is_shared(levels: np.ndarray, places: np.ndarray, noise: float, seed: int) -> bool:
    """Tell whether neighbours share more of their level than chance and the limit allow."""
    neighbours = cKDTree(places).query(places, k=_N_NEIGHBOURS + 1)[1][:, 1:]
    away = np.clip(levels - np.median(levels), -5 * noise, 5 * noise)
    away -= away.mean()
    rng = np.random.default_rng(seed)

    def shared(values: np.ndarray) -> float:
        return float(np.mean(values * values[neighbours].mean(axis=1)))

    by_chance = [shared(rng.permutation(away)) for _ in range(_N_SHUFFLES)]
    found = shared(away)
    return found > MAX_SHARED * noise**2 and found > _SURE_SIGMA * float(np.std(by_chance))
