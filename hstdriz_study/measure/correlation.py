"""Noise correlation of drizzled pixels, in theory and from blank sky.

Drizzling spreads each input pixel over several output pixels. The noise of a
large area is therefore larger than the noise per pixel suggests, by the ratio
R (Casertano et al. 2000, AJ 120, 2747; Fruchter & Hook 2002, PASP 114, 144).
"""

from __future__ import annotations

import math

import numpy as np
from scipy import fft

_MIN_KEPT_FRACTION = 0.3


def analytic_correlation(final_pixfrac: float, scale_ratio: float) -> float:
    """Give R of the square kernel for many evenly spread dithers.

    Fruchter & Hook (2002), section 7, equations 9 and 10: with
    ``r = final_pixfrac / scale_ratio``, ``R = r / (1 - 1 / (3 r))`` for
    ``r >= 1`` and ``R = 1 / (1 - r / 3)`` below.

    Parameters
    ----------
    final_pixfrac : float
        Linear size of the drop in input pixels.
    scale_ratio : float
        Output pixel over input pixel.

    Returns
    -------
    correlation : float
        Noise of a large area over what independent pixels would give.

    Examples
    --------
    >>> from hstdriz_study.measure import analytic_correlation
    >>> analytic_correlation(final_pixfrac=1.0, scale_ratio=0.5)
    2.4
    """
    r = final_pixfrac / scale_ratio
    return r / (1 - 1 / (3 * r)) if r >= 1 else 1 / (1 - r / 3)


def correlation_reach(final_pixfrac: float, scale_ratio: float) -> int:
    """Give the largest lag, in output pixels, at which two pixels can share a drop.

    The drop may lie at any angle to the output grid, so its diagonal counts.
    """
    return max(1, math.ceil(math.sqrt(2) * final_pixfrac / scale_ratio + 1) - 1)


def measured_correlation(boxes: np.ndarray, reach: int, rows: np.ndarray) -> np.ndarray:
    """Measure R as the square root of the summed autocorrelation.

    ``R^2 = sum of C(lag) over all lags within reach / C(0)``, which is the
    variance of the sum over a large area against independent pixels. The
    autocovariance C is normalised by the pairs of valid pixels at each lag,
    which makes it free of the edge losses of block averages. Each box's own
    mean is subtracted first; what that takes from every lag is restored.

    Parameters
    ----------
    boxes : (N, n, n) `~numpy.ndarray`
        Blank-sky boxes; NaN on pixels that do not count.
    reach : int
        Largest lag in pixels.
    rows : (M, N) `~numpy.ndarray`
        How often each box counts, one row a resample.

    Returns
    -------
    correlation : (M,) `~numpy.ndarray`
        NaN where the boxes are too small for this reach.
    """
    valid = np.isfinite(boxes)
    n_valid = valid.sum(axis=(1, 2))
    mean = np.where(valid, boxes, 0.0).sum(axis=(1, 2)) / np.maximum(n_valid, 1)
    deviation = np.where(valid, boxes - mean[:, None, None], 0.0)
    products = rows @ _lag_sums(deviation, reach)
    pairs = rows @ _pairs(valid, reach)
    with np.errstate(divide="ignore", invalid="ignore"):
        covariance = products / pairs
        # Subtracting the mean of a box of n pixels lowers every C(lag) by the
        # variance of that mean, which is the wanted sum over lags divided by n.
        per_box = (rows @ n_valid) / rows.sum(axis=1)
        kept = 1 - covariance.shape[1] / per_box
        total = covariance.sum(axis=1) / kept
        variance = covariance[:, 0] + total / per_box
        ratio = np.sqrt(total / variance)
    return np.where(kept > _MIN_KEPT_FRACTION, ratio, np.nan)


def autocorrelation(boxes: np.ndarray, reach: int) -> np.ndarray:
    """Measure the autocorrelation of blank sky at every lag that can have one.

    Parameters
    ----------
    boxes : (N, n, n) `~numpy.ndarray`
        Deviations from the sky; NaN on pixels that do not count.
    reach : int
        Largest lag in pixels.

    Returns
    -------
    correlation : (2 reach + 1, 2 reach + 1) `~numpy.ndarray`
        1 at its middle, lag zero; NaN where no two pixels are so far apart.
    """
    valid = np.isfinite(boxes)
    products = _lag_sums(np.where(valid, boxes, 0.0), reach).sum(axis=0)
    pairs = _pairs(valid, reach).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        covariance = products / pairs
    lags = np.empty((2 * reach + 1) ** 2)
    lags[_nearest_first(reach)] = covariance / covariance[0]
    return lags.reshape(2 * reach + 1, -1)


def unbiased_autocorrelation(boxes: np.ndarray, reach: int) -> np.ndarray:
    """Measure the autocorrelation of boxes whose own means are taken off, which is restored.

    A box of n pixels that lacks its mean has every covariance lowered by the variance of that mean,
    the wanted sum over lags divided by n.

    Parameters
    ----------
    boxes, reach
        As in `autocorrelation`.
    """
    valid = np.isfinite(boxes)
    n_pixels = valid.sum() / len(boxes)
    mean = np.where(valid, boxes, 0.0).sum(axis=(1, 2)) / np.maximum(valid.sum(axis=(1, 2)), 1)
    found = autocorrelation(boxes - mean[:, None, None], reach)
    of_mean = found.sum() / (n_pixels - found.size)
    return (found + of_mean) / (1 + of_mean)


def _nearest_first(reach: int) -> np.ndarray:
    """Order the lags of a square, counted row by row, by their length."""
    lags = np.arange(-reach, reach + 1)
    dy, dx = (lag.ravel() for lag in np.meshgrid(lags, lags, indexing="ij"))
    return np.argsort(dy**2 + dx**2, kind="stable")


def _pairs(valid: np.ndarray, reach: int) -> np.ndarray:
    """Count the pairs of valid pixels at each lag of each image; lag zero first."""
    whole = np.ones((1, *valid.shape[1:]))
    counts = np.repeat(_lag_sums(whole, reach), len(valid), axis=0)
    holed = ~valid.all(axis=(1, 2))
    counts[holed] = _lag_sums(valid[holed].astype(float), reach)
    return np.asarray(np.round(counts))


def _lag_sums(images: np.ndarray, reach: int) -> np.ndarray:
    """Sum products of all pixel pairs at each lag of each image; lag zero first."""
    size = fft.next_fast_len(images.shape[1] + reach, real=True)
    power = np.abs(fft.rfft2(images, s=(size, size))) ** 2
    sums = fft.irfft2(power, s=(size, size))
    lags = np.arange(-reach, reach + 1)
    dy, dx = (lag.ravel() for lag in np.meshgrid(lags, lags, indexing="ij"))
    order = _nearest_first(reach)
    return np.asarray(sums[:, dy[order], dx[order]])
