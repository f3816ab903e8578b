"""Medians of many resamples of groups of pixels, from one histogram a group."""

from __future__ import annotations

import numpy as np

_N_BINS = 2048
# Resamples hardly move a median: the bins about it are looked at first.
_NEAR = 128


def resampled_medians(
    values: np.ndarray, owner: np.ndarray, counts: np.ndarray, median: float
) -> np.ndarray:
    """Give the median of each resample of groups of values.

    Parameters
    ----------
    values : (P,) `~numpy.ndarray`
        At least one.
    owner : (P,) `~numpy.ndarray` of int
        Number of the group of each value, from 0.
    counts : (M, N) `~numpy.ndarray`
        How often each of the N groups occurs in each of the M resamples.
    median : float
        Median of all values. The histogram's rounding, the same in the whole
        and in its resamples, is taken out against it.

    Returns
    -------
    medians : (M,) `~numpy.ndarray`
        NaN for a resample that holds no value.
    """
    low, high = float(values.min()), float(values.max())
    if low == high:
        return np.full(len(counts), median)
    bins = np.minimum((values - low) * (_N_BINS / (high - low)), _N_BINS - 1).astype(int)
    rows = np.concatenate([np.ones((1, counts.shape[1])), counts])
    middle = int((median - low) / (high - low) * _N_BINS)
    positions = _median_bins(rows, owner, bins, (middle - _NEAR, middle + _NEAR))
    if np.isnan(positions).any():
        positions = _median_bins(rows, owner, bins, (0, _N_BINS))
    return median + (positions[1:] - positions[0]) * ((high - low) / _N_BINS)


def _median_bins(
    rows: np.ndarray, owner: np.ndarray, bins: np.ndarray, span: tuple[int, int]
) -> np.ndarray:
    """Find the median of each row of counts in a span of bins; NaN when it lies elsewhere."""
    first, last = span
    width = last - first + 2  # what lies below and above is counted too
    cells = owner * width + np.clip(bins - (first - 1), 0, width - 1)
    table = np.bincount(cells, minlength=rows.shape[1] * width).reshape(-1, width)
    histograms = rows @ table.astype(float)
    cumulative = np.cumsum(histograms, axis=1)
    half = cumulative[:, -1] / 2
    found = np.argmax(cumulative >= half[:, None], axis=1)
    each = np.arange(len(rows))
    inside = histograms[each, found]
    with np.errstate(divide="ignore", invalid="ignore"):
        fraction = (half - (cumulative[each, found] - inside)) / inside
    return np.where((found > 0) & (found < width - 1), first + found - 1 + fraction, np.nan)
