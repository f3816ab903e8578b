"""Plan the boxes that are measured at one point, and collect their pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.contracts import BoxStack, Patch, PointPixels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from astropy.wcs import WCS

    from hstdriz_study.contracts import Drizzled, DrizzleSettings, StudyRegions

STAR_PATCH_OVER_EE_RADIUS = 1.5
"""Radius of a star patch; the local background lies outside the energy radius."""

# A position may lie half a pixel off the middle of its square along each axis.
_OFF_MIDDLE_PX = math.sqrt(0.5)


@dataclass(frozen=True)
class PlannedPatches:
    """Squares, or circles in them, centred as nearly as pixels allow on fixed sky positions.

    ``x`` and ``y`` are the 0-based pixel positions, within each square, of its position;
    ``radius_px`` is that of the circle around it.
    """

    stack: BoxStack
    x: np.ndarray
    y: np.ndarray
    radius_px: float = math.inf

    def within(self) -> np.ndarray:
        """Mark the pixels of each square that belong to its patch, (K, side, side) bool."""
        pixels = np.arange(self.stack.side)
        dx, dy = pixels - self.x[:, None], pixels - self.y[:, None]
        return dx[:, None, :] ** 2 + dy[:, :, None] ** 2 <= self.radius_px**2


@dataclass(frozen=True)
class PointPlan:
    """Where the regions of a study lie on one output grid.

    Attributes
    ----------
    stars, sky, preview : `PlannedPatches`
    weight : `~hstdriz_study.contracts.BoxStack`
        Squares that hold the weight boxes.
    weight_sizes : (K, 2) `~numpy.ndarray` of int
        Rows and columns of each weight box, from the corner of its square.
    frame_shape : tuple of int
        Rows and columns of the grid; what lies outside has no data.
    """

    stars: PlannedPatches
    sky: PlannedPatches
    preview: PlannedPatches
    weight: BoxStack
    weight_sizes: np.ndarray
    frame_shape: tuple[int, int]

    @property
    def stacks(self) -> tuple[BoxStack, ...]:
        """All boxes, in the order in which `collect` takes their pixels."""
        return (self.stars.stack, self.sky.stack, self.preview.stack, self.weight)


def plan_point(
    regions: StudyRegions, wcs: WCS, final_scale_arcsec: float, frame_shape: tuple[int, int]
) -> PointPlan:
    """Lay the regions of a study on an output grid.

    Parameters
    ----------
    regions : `~hstdriz_study.contracts.StudyRegions`
        Where the study measures, fixed on the sky.
    wcs : `~astropy.wcs.WCS`
        The grid.
    final_scale_arcsec : float
    frame_shape : tuple of int
        Rows and columns of the grid.
    """
    geometry = regions.geometry
    star_radius_arcsec = STAR_PATCH_OVER_EE_RADIUS * geometry.ee_radius_arcsec
    star_positions = np.column_stack([regions.stars["ra"], regions.stars["dec"]])

    def patches(positions: np.ndarray, side_arcsec: float) -> PlannedPatches:
        side = max(1, math.floor(side_arcsec / final_scale_arcsec + 1e-6))
        x, y = _on_grid(wcs, positions, off=-2.0 * side)
        x0, y0 = (np.rint(center - (side - 1) / 2).astype(int) for center in (x, y))
        return PlannedPatches(BoxStack(x0, y0, side), x - x0, y - y0)

    weight, sizes = lay_weight_boxes(
        regions.weight_boxes, regions.weight_box_arcsec, wcs, final_scale_arcsec, frame_shape
    )
    return PointPlan(
        stars=_rounded(
            patches(star_positions, 2 * star_radius_arcsec), star_radius_arcsec / final_scale_arcsec
        ),
        sky=patches(regions.sky_boxes, geometry.sky_box_arcsec),
        preview=patches(np.array([regions.preview_center]), geometry.preview_box_arcsec),
        weight=weight,
        weight_sizes=sizes,
        frame_shape=frame_shape,
    )


def _rounded(planned: PlannedPatches, radius_px: float) -> PlannedPatches:
    """Leave the corners of the squares out."""
    stack = replace(planned.stack, radius_px=radius_px + _OFF_MIDDLE_PX)
    return replace(planned, stack=stack, radius_px=radius_px)


def _on_grid(wcs: WCS, positions: np.ndarray, off: float) -> np.ndarray:
    """Return x and y of sky positions; those the projection cannot reach lie at ``off``."""
    if len(positions) == 0:
        return np.empty((2, 0))
    found = np.array(wcs.world_to_pixel_values(positions[:, 0], positions[:, 1]))
    return np.where(np.isfinite(found).all(axis=0), found, off)


def lay_weight_boxes(
    centers: np.ndarray,
    side_arcsec: float,
    wcs: WCS,
    final_scale_arcsec: float,
    frame_shape: tuple[int, int],
) -> tuple[BoxStack, np.ndarray]:
    """Find the pixels whose centres lie inside each weight box; none off the frame.

    Parameters
    ----------
    centers : (N, 2) `~numpy.ndarray`
        Right ascension and declination in degrees.
    side_arcsec : float
        Side of a box.
    wcs, final_scale_arcsec, frame_shape
        As in `plan_point`.

    Returns
    -------
    stack : `~hstdriz_study.contracts.BoxStack`
        Squares that hold the boxes.
    sizes : (N, 2) `~numpy.ndarray` of int
        Rows and columns of each box, from the corner of its square.
    """
    half = side_arcsec / final_scale_arcsec / 2
    center = _on_grid(wcs, centers, off=-2 * half - 2).T
    # A common edge of two boxes is the same for both but for the rounding of the projection.
    limits = np.array(frame_shape[::-1])
    first, last = (
        np.clip(np.ceil(center + sign * half - 1e-6), 0, limits).astype(int) for sign in (-1, 1)
    )
    sizes = (last - first)[:, ::-1]
    side = int(sizes.max(initial=1))
    return BoxStack(first[:, 0], first[:, 1], max(1, side)), sizes


def collect(
    plan: PointPlan,
    pixels: Sequence[tuple[np.ndarray, np.ndarray]],
    settings: DrizzleSettings,
) -> PointPixels:
    """Turn the pixels of planned boxes into what the metrics take.

    Parameters
    ----------
    plan : `PointPlan`
    pixels : sequence of tuple of (K, side, side) `~numpy.ndarray`
        Science and weights of each of ``plan.stacks``; what they hold outside
        the frame is not used.
    settings : `~hstdriz_study.contracts.DrizzleSettings`
        How the pixels were made (`~hstdriz_study.contracts.DrizzleSettings.on`).

    Returns
    -------
    pixels : `~hstdriz_study.contracts.PointPixels`
        Electrons per second per output pixel; NaN where there is no data.
    """
    stars, sky, preview, (_, weight) = pixels
    return PointPixels(
        stars=_patches(plan.stars, *stars, plan.frame_shape),
        sky=_patches(plan.sky, *sky, plan.frame_shape),
        weight_tiles=cut_weight_tiles(weight, plan.weight_sizes),
        preview=_patches(plan.preview, *preview, plan.frame_shape)[0],
        settings=settings,
    )


def cut_weight_tiles(weight: np.ndarray, sizes: np.ndarray) -> tuple[np.ndarray, ...]:
    """Cut the boxes out of the squares that hold them (`lay_weight_boxes`), each made 1D."""
    return tuple(
        wht[:rows, :columns].ravel() for wht, (rows, columns) in zip(weight, sizes, strict=True)
    )


def _patches(
    planned: PlannedPatches, sci: np.ndarray, wht: np.ndarray, frame_shape: tuple[int, int]
) -> tuple[Patch, ...]:
    step = np.arange(planned.stack.side)
    rows, columns = (
        (corner[:, None] + step >= 0) & (corner[:, None] + step < size)
        for corner, size in zip((planned.stack.y0, planned.stack.x0), frame_shape, strict=True)
    )
    inside = rows[:, :, None] & columns[:, None, :]
    if math.isfinite(planned.radius_px):
        inside &= planned.within()
    wht = np.where(inside, wht, 0.0)
    sci = np.where(wht > 0, sci, np.nan).astype(float)
    return tuple(
        Patch(sci=one_sci, wht=one_wht, x=float(x), y=float(y))
        for one_sci, one_wht, x, y in zip(sci, wht, planned.x, planned.y, strict=True)
    )


def extract(drizzled: Drizzled, regions: StudyRegions) -> PointPixels:
    """Cut the boxes of one point out of a full frame.

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
    plan = plan_point(regions, drizzled.wcs, drizzled.final_scale_arcsec, drizzled.wht.shape)
    return collect(
        plan,
        [(cut(drizzled.sci, stack), cut(drizzled.wht, stack)) for stack in plan.stacks],
        drizzled.settings,
    )


def cut(frame: np.ndarray, stack: BoxStack) -> np.ndarray:
    """Cut equal squares out of an image, shape (K, side, side); edge pixels repeat outside."""
    step = np.arange(stack.side)
    rows, columns = (
        np.clip(corner[:, None] + step, 0, size - 1)
        for corner, size in zip((stack.y0, stack.x0), frame.shape, strict=True)
    )
    return frame[rows[:, :, None], columns[:, None, :]]
