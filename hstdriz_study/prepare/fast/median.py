"""From single images of the exposures to the image that has no cosmic rays: their median, say."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.ndimage import binary_dilation
from stsci.image.numcombine import num_combine

if TYPE_CHECKING:
    from collections.abc import Sequence

# AstroDrizzle's defaults: combine_grow, combine_nsigma.
GROW_PX = 1
_SIGMAS, _SIGMAS_BESIDE = 4.0, 3.0


TAKE_WEIGHTLESS = ("iminmed", "imedian", "imean", "sum")
"""Ways to combine that take pixels without weight: where all are, or always."""


class Noise(NamedTuple):
    """Of each exposure: read noise and sky in electrons, exposure time in seconds."""

    read_noise_e: Sequence[float]
    sky_e: Sequence[float]
    exptime_s: Sequence[float]


def combine(
    images: np.ndarray,
    weights: np.ndarray,
    least_weights: Sequence[float],
    noise: Noise,
    combine_type: str,
) -> np.ndarray:
    """Combine rows of single images as AstroDrizzle's step 4 does.

    Parameters
    ----------
    images, weights : (K, rows, columns) `~numpy.ndarray`
        Electrons per second and seconds, float32.
    least_weights : sequence of float
        A pixel of less weight in an exposure is left out of it.
    noise : `Noise`
    combine_type : str
        One of AstroDrizzle's.

    Returns
    -------
    (rows, columns) `~numpy.ndarray`
        For minmed, `GROW_PX` rows at either end are not as those of the whole image.
    """
    masks = (weights < np.asarray(least_weights)[:, None, None]).astype(np.uint8)
    if "minmed" in combine_type:
        return _minimum_or_median(
            images, weights, masks, noise, combine_type.removesuffix("minmed")
        )
    return num_combine(images, masks=masks, combination_type=combine_type)


def _minimum_or_median(
    images: np.ndarray, weights: np.ndarray, masks: np.ndarray, noise: Noise, kind: str
) -> np.ndarray:
    """Take the minimum where the median lies too far above it; drizzlepac's `min_med`.

    Its numbers to the last bit. It grows by a convolution, and importing it takes seconds.
    """
    bad = masks.astype(bool)
    n_bad = bad.sum(axis=0, dtype=np.int16)
    nowhere = n_bad == len(images)
    median = _median_but_the_highest(images, masks, n_bad, kind)
    minimum = np.where(bad, np.float32(np.inf), images).min(axis=0)
    minimum[nowhere] = 0
    per_s = np.asarray([sky / t for sky, t in zip(noise.sky_e, noise.exptime_s, strict=True)])
    sky = np.sum(weights * per_s[:, None, None], axis=0)
    read_noise = np.sum(~bad * (np.asarray(noise.read_noise_e) ** 2)[:, None, None], axis=0)
    weight = np.sum(weights, axis=0)
    low, high = minimum * weight, median * weight
    rms = np.sqrt(np.fmax(high + sky + read_noise, 0))
    chosen = low < high - rms * _SIGMAS
    beside = binary_dilation(chosen, np.ones((2 * GROW_PX + 1,) * 2, bool))
    limit = np.where(beside, high - rms * _SIGMAS_BESIDE, high - rms * _SIGMAS)
    combined: np.ndarray = np.where(low < limit, minimum, median)
    combined[nowhere] = 0
    return combined


def _median_but_the_highest(
    images: np.ndarray, masks: np.ndarray, n_bad: np.ndarray, kind: str
) -> np.ndarray:
    """Return the median without the highest pixel, which may be all there is; the mean of two.

    With ``i`` before its kind a pixel that is bad in all exposures is that of the last.
    """
    if len(images) == 2:  # noqa: PLR2004
        mean: np.ndarray = num_combine(images, masks=masks, combination_type=f"{kind}mean")
        return mean
    median: np.ndarray = num_combine(images, masks=masks, combination_type=f"{kind}median", nhigh=1)
    only = n_bad == len(images) - 1
    median[only] = np.sum(images[:, only] * (masks[:, only] == 0), axis=0)
    return median
