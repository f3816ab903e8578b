"""Cut the pixels a study measures out of one drizzled frame."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.contracts import Patch, PointPixels

if TYPE_CHECKING:
    from hstdriz_study.contracts import Drizzled, StudyRegions

STAR_PATCH_OVER_EE_RADIUS = 1.5
"""Half-size of a star patch; the local background lies outside the energy radius."""


def extract(drizzled: Drizzled, regions: StudyRegions) -> PointPixels:
    """Cut the patches of one point out of a full frame.

    The frame is only sliced, never copied as a whole.

    Parameters
    ----------
    drizzled : `~hstdriz_study.contracts.Drizzled`
        The product of one point.
    regions : `~hstdriz_study.contracts.StudyRegions`
        Where the study measures, fixed on the sky.

    Returns
    -------
    pixels : `~hstdriz_study.contracts.PointPixels`
        Electrons per second per output pixel; NaN where there is no data.
    """
    geometry = regions.geometry
    star_radius = STAR_PATCH_OVER_EE_RADIUS * geometry.ee_radius_arcsec
    star_positions = np.column_stack([regions.stars["ra"], regions.stars["dec"]])
    return PointPixels(
        stars=_patches(drizzled, star_positions, 2 * star_radius),
        sky=_patches(drizzled, regions.sky_boxes, geometry.sky_box_arcsec),
        weight_tiles=_weight_tiles(drizzled, regions.weight_boxes, regions.weight_box_arcsec),
        preview=_patches(drizzled, np.array([regions.preview_center]), geometry.preview_box_arcsec)[
            0
        ],
        final_scale_arcsec=drizzled.final_scale_arcsec,
        final_pixfrac=drizzled.final_pixfrac,
        final_kernel=drizzled.final_kernel,
        final_wht_type=drizzled.final_wht_type,
    )


def _patches(drizzled: Drizzled, positions: np.ndarray, side_arcsec: float) -> tuple[Patch, ...]:
    if len(positions) == 0:
        return ()
    x, y = drizzled.wcs.world_to_pixel_values(positions[:, 0], positions[:, 1])
    side = max(1, math.floor(side_arcsec / drizzled.final_scale_arcsec + 1e-6))
    return tuple(
        cut_patch(drizzled.sci, drizzled.wht, xi, yi, side)
        for xi, yi in zip(np.atleast_1d(x), np.atleast_1d(y), strict=True)
    )


def _weight_tiles(
    drizzled: Drizzled, centers: np.ndarray, side_arcsec: float
) -> tuple[np.ndarray, ...]:
    """Weights of the pixels whose centres lie inside each box; none off the frame."""
    if len(centers) == 0:
        return ()
    center = np.array(drizzled.wcs.world_to_pixel_values(centers[:, 0], centers[:, 1])).T
    half = side_arcsec / drizzled.final_scale_arcsec / 2
    # A common edge of two boxes is the same for both but for the rounding of the projection.
    first, last = (np.ceil(center + sign * half - 1e-6) for sign in (-1, 1))
    limits = np.array(drizzled.wht.shape[::-1])
    first, last = (np.clip(np.nan_to_num(edge), 0, limits).astype(int) for edge in (first, last))
    return tuple(
        drizzled.wht[y0:y1, x0:x1].ravel() for (x0, y0), (x1, y1) in zip(first, last, strict=True)
    )


def cut_patch(sci: np.ndarray, wht: np.ndarray, x: float, y: float, side: int) -> Patch:
    """Cut a square of ``side`` pixels whose centre is nearest to ``x``, ``y``.

    Parameters
    ----------
    sci, wht : 2D `~numpy.ndarray`
        A frame and its weights.
    x, y : float
        0-based pixel position in the frame.
    side : int
        Side in pixels.

    Returns
    -------
    patch : `~hstdriz_study.contracts.Patch`
        Where the frame ends, ``sci`` is NaN and ``wht`` is 0.
    """
    if not (math.isfinite(x) and math.isfinite(y)):
        x = y = -2.0 * side  # a position the projection cannot reach lies off the frame
    x0, y0 = round(x - (side - 1) / 2), round(y - (side - 1) / 2)
    cut_sci = np.full((side, side), np.nan)
    cut_wht = np.zeros((side, side))
    rows = slice(max(0, y0), max(0, min(sci.shape[0], y0 + side)))
    columns = slice(max(0, x0), max(0, min(sci.shape[1], x0 + side)))
    if rows.start < rows.stop and columns.start < columns.stop:
        into = (
            slice(rows.start - y0, rows.stop - y0),
            slice(columns.start - x0, columns.stop - x0),
        )
        cut_wht[into] = wht[rows, columns]
        cut_sci[into] = np.where(cut_wht[into] > 0, sci[rows, columns], np.nan)
    return Patch(sci=cut_sci, wht=cut_wht, x=x - x0, y=y - y0)
