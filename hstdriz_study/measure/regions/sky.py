"""From the native-scale product to boxes of blank sky."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from astropy.stats import gaussian_fwhm_to_sigma
from scipy.ndimage import gaussian_filter, label

from hstdriz_study.foreign import without_package_survey
from hstdriz_study.measure.order import median_of_many

with without_package_survey():
    from photutils.utils import circular_footprint

if TYPE_CHECKING:
    from hstdriz_study.contracts import Drizzled, MeasureGeometry
    from hstdriz_study.measure.regions.sources import Sky

SOURCE_SIGMA = 2.5
_N_PIXELS = 5
_GROWTH_PER_FWHM = 1.5


def source_mask(native: Drizzled, geometry: MeasureGeometry, sky: Sky) -> np.ndarray:
    """Mark the pixels of every source, with a margin around it.

    Sources are connected pixels above the noise of the smoothed image; the
    margin is 1.5 PSF widths.

    Returns
    -------
    mask : 2D `~numpy.ndarray` of bool
    """
    fwhm = geometry.psf_fwhm_arcsec / native.final_scale_arcsec
    image = np.where(native.wht > 0, native.sci - sky.median, np.float32(0.0))
    # separable, unlike a convolution by FFT, which takes 5 GB for a full ACS frame
    smooth = gaussian_filter(image, max(fwhm * gaussian_fwhm_to_sigma, 0.5))
    del image
    # In blank sky smoothing lowers the noise by a factor that correlation makes unknown:
    # the smoothed image's own lower half tells it, free of sources.
    covered = smooth[native.wht > 0]
    if not covered.size:
        return np.zeros(smooth.shape, dtype=bool)
    center = median_of_many(covered)
    lower = covered.take(np.flatnonzero(covered < center))
    sigma = np.sqrt(np.mean((lower - center) ** 2)) if lower.size else 0.0
    radius = max(1, round(_GROWTH_PER_FWHM * fwhm))
    return _grown(_connected(smooth > center + SOURCE_SIGMA * sigma), radius)


def _connected(bright: np.ndarray) -> np.ndarray:
    """Keep pixels of which so many touch each other, be it at a corner.

    As photutils' ``detect_sources``, which counts the pixels of one source after the other.
    """
    labels, n_sources = label(bright, np.ones((3, 3)))
    enough = np.bincount(labels[bright], minlength=n_sources + 1) >= _N_PIXELS
    return np.asarray(enough[labels])


def _grown(mask: np.ndarray, radius_px: int) -> np.ndarray:
    """Mark what lies within a radius of marked pixels.

    As photutils' ``make_source_mask``, whose convolution by FFT takes twenty times as long.
    """
    grown = np.zeros_like(mask)
    for steps in np.argwhere(circular_footprint(radius_px)) - radius_px:
        to, of = zip(*(_overlap(*one) for one in zip(steps, mask.shape, strict=True)), strict=True)
        grown[to] |= mask[of]
    return grown


def _overlap(step: int, size: int) -> tuple[slice, slice]:
    """Return which of the pixels of an axis have a pixel a step away, and those."""
    return slice(max(-step, 0), size - max(step, 0)), slice(max(step, 0), size - max(-step, 0))


def blank_boxes(blocked: np.ndarray, side_px: float, n_boxes: int, seed: int) -> np.ndarray:
    """Place boxes that touch neither each other nor a blocked pixel.

    Rows of boxes are filled from one edge to the other as densely as the
    blocked pixels let; of all boxes found, a random choice is taken.

    Parameters
    ----------
    blocked : 2D `~numpy.ndarray` of bool
        Pixels no box may touch.
    side_px : float
        Side of a box in pixels.
    n_boxes : int
        At most so many.
    seed : int

    Returns
    -------
    centers : (N, 2) `~numpy.ndarray`
        x and y of the centres, 0-based pixels.
    """
    pitch = int(np.ceil(side_px)) + 1  # a box may be a pixel off at another scale
    corners = _free_corners(blocked, pitch)
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(len(corners))[:n_boxes]
    return corners[np.sort(chosen)] + (pitch - 1) / 2


def _free_corners(blocked: np.ndarray, pitch: int) -> np.ndarray:
    """First pixels (x, y) of squares without a blocked pixel or a common one."""
    if min(blocked.shape) < pitch:
        return np.empty((0, 2))
    # A running sum over squares says of every corner whether its square is free.
    rows, columns = blocked.shape
    total = np.zeros((rows + 1, columns + 1), np.int32 if blocked.size < 2**31 else np.int64)
    for row, of_row in enumerate(blocked):
        np.cumsum(of_row, dtype=total.dtype, out=total[row + 1, 1:])
        total[row + 1] += total[row]
    inside = total[pitch:, pitch:] - total[:-pitch, pitch:]
    inside -= total[pitch:, :-pitch]
    inside += total[:-pitch, :-pitch]
    free = inside == 0
    del total, inside
    found: list[tuple[int, int]] = []
    for row in range(free.shape[0]):
        corners = np.flatnonzero(free[row])
        start = 0
        while start < len(corners):
            column = int(corners[start])
            found.append((column, row))
            reach = slice(max(0, column - pitch + 1), column + pitch)
            free[row : row + pitch, reach] = False
            start = int(np.searchsorted(corners, column + pitch))
    return np.array(found, dtype=float).reshape(-1, 2)
