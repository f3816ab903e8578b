"""From the boxes of sky of a point to those on which its noise is measured, and their apertures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.measure.correlation import correlation_reach
from hstdriz_study.measure.empty_apertures import (
    MIN_SKY_BOXES,
    EmptyApertures,
    nine_fluxes,
    require_sky,
    scattered,
)
from hstdriz_study.measure.local_apertures import (
    annulus_factor,
    at_least_gaussian,
    local_fluxes,
)
from hstdriz_study.measure.memo import once_per_point

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.contracts import MeasureContext, Patch, PointPixels


@dataclass(frozen=True)
class SkySample:
    """Boxes of sky and empty apertures in them.

    Attributes
    ----------
    boxes : tuple of `~hstdriz_study.contracts.Patch`
        Where there is diffuse light, without the level of each.
    empty : `~hstdriz_study.measure.empty_apertures.EmptyApertures`
    annulus_factor : float
        By what the noise of a local background has made the scatter of apertures larger, which is
        taken out of ``empty``; 1 without a local background.
    """

    boxes: tuple[Patch, ...]
    empty: EmptyApertures
    annulus_factor: float = 1.0


@once_per_point
def blank_sky(point: PointPixels, context: MeasureContext) -> SkySample:
    """Measure empty apertures: nine a box, or one above its surroundings where there is light.

    Raises
    ------
    MetricUnavailableError
        If there are too few boxes of sky.
    """
    require_sky(point)
    light = context.regions.sky_light
    if light is None:
        fluxes = nine_fluxes(point, context.regions.geometry)
        return SkySample(point.sky, scattered(fluxes, context))
    return _above_surroundings(point, context, light == 0)


@once_per_point
def lit_sky(point: PointPixels, context: MeasureContext) -> SkySample | None:
    """Measure apertures in diffuse light; None where there is none, or on too few boxes."""
    light = context.regions.sky_light
    if light is None or np.count_nonzero(light) < MIN_SKY_BOXES:
        return None
    return _above_surroundings(point, context, light > 0)


def _above_surroundings(
    point: PointPixels, context: MeasureContext, which: np.ndarray
) -> SkySample:
    geometry, scale = context.regions.geometry, point.final_scale_arcsec
    boxes = [box for box, taken in zip(point.sky, which, strict=True) if taken]
    fluxes, levels = local_fluxes(boxes, geometry, scale)
    flat = tuple(
        replace(box, sci=box.sci - level) for box, level in zip(boxes, levels, strict=True)
    )
    reach = correlation_reach(point.final_pixfrac, scale / geometry.native_scale_arcsec)
    factor = annulus_factor(_pixels(flat), geometry, scale, reach)
    above = scattered(fluxes[:, None], context)
    sigma = at_least_gaussian(above.sigma, int(np.isfinite(fluxes).sum()))
    in_aperture = np.nanmedian(levels) * np.pi * (geometry.aperture_radius_arcsec / scale) ** 2
    return SkySample(flat, EmptyApertures(float(in_aperture), sigma / factor), factor)


def _pixels(boxes: Sequence[Patch]) -> np.ndarray:
    """Return the pixels of boxes without those that stand out, which are no noise."""
    sky = np.array([box.sci for box in boxes])
    limit = _OUTLIER_MAD * np.nanmedian(np.abs(sky))
    return np.where(np.abs(sky) <= limit, sky, np.nan)


_OUTLIER_MAD = 5 * 1.4826
