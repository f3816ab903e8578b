"""Medians of many resamples of groups of pixels, from one histogram a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

_N_BINS = 2048


def resampled_medians(
    groups: Sequence[np.ndarray], counts: np.ndarray, median: float
) -> np.ndarray:
    """Give the median of each resample of groups of values.

    Parameters
    ----------
    groups : sequence of 1D `~numpy.ndarray`
        Values of each group; at least one value in all.
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
    values = np.concatenate(groups).astype(float)
    low, high = float(values.min()), float(values.max())
    if low == high:
        return np.full(len(counts), median)
    edges = np.linspace(low, high, _N_BINS + 1)
    owner = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    cells = np.minimum((values - low) * (_N_BINS / (high - low)), _N_BINS - 1).astype(int)
    flat = np.bincount(owner * _N_BINS + cells, minlength=len(groups) * _N_BINS)
    histograms = flat.reshape(len(groups), _N_BINS).astype(float)
    whole = _histogram_medians(histograms.sum(axis=0)[None], edges)[0]
    return _histogram_medians(counts @ histograms, edges) + (median - whole)


def _histogram_medians(histograms: np.ndarray, edges: np.ndarray) -> np.ndarray:
    cumulative = np.cumsum(histograms, axis=1)
    half = cumulative[:, -1] / 2
    bins = np.argmax(cumulative >= half[:, None], axis=1)
    rows = np.arange(len(histograms))
    inside = histograms[rows, bins]
    with np.errstate(divide="ignore", invalid="ignore"):
        fraction = (half - (cumulative[rows, bins] - inside)) / inside
    return edges[bins] + fraction * (edges[1] - edges[0])
