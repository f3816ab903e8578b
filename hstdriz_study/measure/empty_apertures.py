"""Fluxes in empty apertures on blank sky: their level, their scatter, and its resamples."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.errors import MetricUnavailableError
from hstdriz_study.measure.resample import resample_counts
from hstdriz_study.measure.windows import Windows, circle_parts, windows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.contracts import MeasureContext, MeasureGeometry, Patch, PointPixels

MIN_SKY_BOXES = 20
"""Fewer boxes than this give no usable error bar."""

MAD_TO_SIGMA = 1.482602218505602
OUTLIER_SIGMA = 5.0
_MIN_VALID_AREA = 0.5
_PER_AXIS = (-1, 0, 1)  # of a box, in quarters of its side from its middle
_IN_THE_MIDDLE = np.zeros((1, 2))


@dataclass(frozen=True)
class EmptyApertures:
    """Fluxes in apertures on blank sky, electrons / s.

    Attributes
    ----------
    level : float
        Their median.
    sigma : (1 + n_bootstrap,) `~numpy.ndarray`
        Their scatter; the first is of all boxes, the others of the resamples.
    """

    level: float
    sigma: np.ndarray


def scattered(sums: np.ndarray, context: MeasureContext) -> EmptyApertures:
    """Measure level and scatter of fluxes, (N, M) of N boxes, and resample the boxes."""
    n = len(sums)
    level = float(np.nanmedian(sums)) if np.isfinite(sums).any() else math.nan
    counts = resample_counts(n, context.n_bootstrap, context.seed)
    return EmptyApertures(level, _aperture_sigma(sums, np.concatenate([np.ones((1, n)), counts])))


def require_sky(point: PointPixels) -> None:
    """Tell whether a point has the blank sky that a measurement of noise takes.

    Raises
    ------
    MetricUnavailableError
        If there are too few boxes, or none of them holds data.
    """
    if len(point.sky) < MIN_SKY_BOXES:
        raise MetricUnavailableError(
            f"{len(point.sky)} blank-sky boxes, {MIN_SKY_BOXES} are needed for noise metrics; "
            "make filter.geometry.sky_box_arcsec smaller or use an emptier field"
        )
    if not any(np.isfinite(box.sci).any() for box in point.sky):
        raise MetricUnavailableError(
            "the blank-sky boxes hold no data at this point; "
            "compare its final_refimage with the exposures' footprint"
        )


def nine_fluxes(point: PointPixels, geometry: MeasureGeometry) -> np.ndarray:
    """Measure fluxes in nine apertures of each box, fixed on the sky.

    They overlap: nine tell of the scatter what seven apart would, where four have room.

    Returns
    -------
    sums : (N, 9) `~numpy.ndarray`
        As `aperture_sums`.
    """
    radius = geometry.aperture_radius_arcsec / point.final_scale_arcsec
    quarter = geometry.sky_box_arcsec / point.final_scale_arcsec / 4
    places = quarter * np.array(list(itertools.product(_PER_AXIS, repeat=2)))
    return aperture_sums(point.sky, radius, places)


def aperture_sums(
    patches: Sequence[Patch], radius: float, offsets: np.ndarray = _IN_THE_MIDDLE
) -> np.ndarray:
    """Sum the pixels in circles beside the position of each patch.

    Parameters
    ----------
    patches : sequence of `~hstdriz_study.contracts.Patch`
        Of one shape.
    radius : float
        Pixels.
    offsets : (M, 2) `~numpy.ndarray`, optional
        Of the circles from the position along x and y, pixels.

    Returns
    -------
    sums : (N, M) `~numpy.ndarray`
        Scaled from the valid to the full area; NaN where half is missing.
    """
    images = np.array([patch.sci for patch in patches])
    x, y = (np.array([getattr(patch, axis) for patch in patches]) for axis in ("x", "y"))
    cuts = [windows(images, x + dx, y + dy, int(np.ceil(radius))) for dx, dy in offsets]
    return np.column_stack([_circle_sums(cut, radius) for cut in cuts])


def _circle_sums(cut: Windows, radius: float) -> np.ndarray:
    parts = _kept_parts(cut.dx.tobytes(), cut.dy.tobytes(), cut.dx.shape, radius)
    known = np.isfinite(cut.pixels)
    flux = np.einsum("nij,nij->n", parts, np.where(known, cut.pixels, 0.0))
    valid = np.einsum("nij,nij->n", parts, known.astype(float)) / (np.pi * radius**2)
    enough = valid > _MIN_VALID_AREA
    sums = np.full(len(flux), np.nan)
    sums[enough] = flux[enough] / valid[enough]
    return sums


# Places on the sky fall on the same pixels at every pixfrac of a grid: those of all boxes and of
# the artificial stars are kept for 2 x 2 phases of it.
@lru_cache(maxsize=4 * (len(_PER_AXIS) ** 2 + 1))
def _kept_parts(dx: bytes, dy: bytes, shape: tuple[int, int], radius: float) -> np.ndarray:
    columns, rows = (np.frombuffer(offsets).reshape(shape) for offsets in (dx, dy))
    return circle_parts(columns, rows, radius)


def _aperture_sigma(sums: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Measure the scatter of the sums without outliers, under each row of counts."""
    if not np.isfinite(sums).any():
        return np.full(len(rows), np.nan)
    deviation = sums - np.nanmedian(sums)
    limit = OUTLIER_SIGMA * MAD_TO_SIGMA * np.nanmedian(np.abs(deviation))
    kept = np.abs(deviation) <= limit
    deviation = np.where(kept, deviation, 0.0)
    n = rows @ kept.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = rows @ deviation.sum(axis=1) / n
        variance = rows @ (deviation**2).sum(axis=1) / n - mean**2
    return np.sqrt(variance)
