"""From the native-scale product to the cut-out people look at, and its stretch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from hstdriz_study.measure.regions.stars import EXTENDED, SATURATED, STAR, UNSURE

if TYPE_CHECKING:
    from astropy.table import Table
    from shapely.geometry import MultiPolygon

    from hstdriz_study.contracts import Drizzled
    from hstdriz_study.measure.regions.sources import Sky

_MAX_TRIED = 200
_WORTH_SHOWING = (STAR, EXTENDED, UNSURE)
_BLACK_SIGMA = -2.0
_WHITE_PERCENTILE = 99.5
_STAR_WHITE_FRACTION = 0.5


def preview_center(sources: Table, full_depth: MultiPolygon, box_px: float) -> tuple[float, float]:
    """Choose where the preview cut-out stands, in pixels of the native product.

    Of the brightest stars' and galaxies' places, the one whose box lies inside
    full depth, holds no saturated star (it would outshine what differs between
    points) if that can be, and shows the most stars and galaxies; without
    sources, a point inside full depth.
    """
    inner = full_depth.buffer(-box_px / 2, join_style="mitre")
    fallback = (full_depth if inner.is_empty else inner).representative_point()
    verdict = np.asarray(sources["verdict"]).astype(str)
    shown = sources[np.isin(verdict, _WORTH_SHOWING)]
    x, y = np.asarray(shown["x"], dtype=float), np.asarray(shown["y"], dtype=float)
    if len(shown) == 0 or inner.is_empty:
        return float(fallback.x), float(fallback.y)
    allowed = np.flatnonzero(shapely.contains_xy(inner, x, y))[:_MAX_TRIED]
    if len(allowed) == 0:
        return float(fallback.x), float(fallback.y)
    spoilers = sources[verdict == SATURATED]
    score = _count_in_box(x[allowed], y[allowed], shown, box_px)
    score -= len(shown) * _count_in_box(x[allowed], y[allowed], spoilers, box_px)
    best = allowed[np.argmax(score)]
    return float(x[best]), float(y[best])


def _count_in_box(x: np.ndarray, y: np.ndarray, sources: Table, box_px: float) -> np.ndarray:
    """Count the sources inside the box around each position."""
    dx = np.abs(x[:, None] - np.asarray(sources["x"], dtype=float))
    dy = np.abs(y[:, None] - np.asarray(sources["y"], dtype=float))
    count: np.ndarray = np.sum((dx < box_px / 2) & (dy < box_px / 2), axis=1)
    return count


def preview_stretch(
    native: Drizzled, center: tuple[float, float], box_px: float, sky: Sky
) -> tuple[float, float]:
    """Give black and white of the preview, electrons / s / arcsec^2."""
    half = max(1, int(box_px / 2))
    x, y = round(center[0]), round(center[1])
    window = (slice(max(0, y - half), y + half + 1), slice(max(0, x - half), x + half + 1))
    values = native.sci[window][native.wht[window] > 0]
    black = sky.median + _BLACK_SIGMA * sky.sigma
    white = float(np.percentile(values, _WHITE_PERCENTILE)) if values.size else black
    return _surface_brightness(black, max(white, black + 10 * sky.sigma), native)


def star_stretch(native: Drizzled, stars: Table, sky: Sky) -> tuple[float, float]:
    """Give black and white of the stamp of the brightest star, electrons / s / arcsec^2.

    White is half of the native peak: a sharper point's higher peak is cut, and
    the wings where points differ can be seen.
    """
    black = sky.median + _BLACK_SIGMA * sky.sigma
    white = black + 20 * sky.sigma
    if len(stars):
        x, y = round(float(stars["x"][0])), round(float(stars["y"][0]))
        window = native.sci[max(0, y - 1) : y + 2, max(0, x - 1) : x + 2]
        peak = float(np.nanmax(window)) if np.isfinite(window).any() else white
        white = max(white, _STAR_WHITE_FRACTION * peak)
    return _surface_brightness(black, white, native)


def _surface_brightness(black: float, white: float, native: Drizzled) -> tuple[float, float]:
    area = native.final_scale_arcsec**2
    return black / area, white / area
