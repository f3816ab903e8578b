"""Turn the weights of the full-depth region into evenness and hole metrics."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.errors import MetricUnavailableError
from hstdriz_study.measure.histogram import resampled_medians
from hstdriz_study.measure.resample import bootstrap_metric, resample_counts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.contracts import MeasureContext, Metric, PointPixels

_MAX_PIXELS_FOR_ERRORS = 1_000_000


def measure_weight(point: PointPixels, context: MeasureContext) -> dict[str, Metric]:
    """Measure how even the weight map is where all exposures contribute.

    ``weight/rms`` is `numpy.std` over every pixel of the region, zeros
    included (what STScI calls the RMS of the weight map), ``weight/median``
    the median, ``weight/rms_over_median`` their ratio (infinite when the
    median is 0, so that no limit admits it) and ``weight/hole_fraction`` the
    fraction of pixels of zero weight.

    The errors come from resampling the tiles of the region: how much the
    value changes from place to place, because of bad pixels, cosmic rays and
    the sub-pixel phase; photon noise has no part in a weight map.

    Raises
    ------
    MetricUnavailableError
        If the region holds no pixel of this product.
    """
    tiles = [tile for tile in point.weight_tiles if tile.size]
    if not tiles:
        raise MetricUnavailableError(
            "the full-depth region holds no pixel of this product; "
            "compare its final_refimage and final_scale with the exposures' footprint"
        )
    n_pixels = np.array([tile.size for tile in tiles], dtype=float)
    sums = np.array([tile.sum(dtype=np.float64) for tile in tiles])
    holes = np.array([np.count_nonzero(tile == 0) for tile in tiles], dtype=float)
    center = sums.sum() / n_pixels.sum()
    squares = np.array([_squares(tile, center) for tile in tiles])
    median = float(np.median(np.concatenate(tiles)))
    rms = math.sqrt(squares.sum() / n_pixels.sum())

    # One row a resample; the mean of a resample differs from the overall one.
    counts = resample_counts(len(tiles), context.n_bootstrap, context.seed)
    n_resampled = counts @ n_pixels
    shift = counts @ sums / n_resampled - center
    rms_replicates = np.sqrt(np.maximum(counts @ squares / n_resampled - shift**2, 0.0))
    median_replicates = _median_replicates(tiles, counts, median)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio_replicates = rms_replicates / median_replicates

    def metric(value: float, replicates: np.ndarray, unit: str = "") -> Metric:
        return bootstrap_metric(value, replicates, len(tiles), unit)

    return {
        "weight/rms": metric(rms, rms_replicates),
        "weight/median": metric(median, median_replicates),
        "weight/rms_over_median": metric(
            rms / median if median > 0 else math.inf, ratio_replicates
        ),
        "weight/hole_fraction": metric(holes.sum() / n_pixels.sum(), counts @ holes / n_resampled),
    }


def _squares(tile: np.ndarray, center: float) -> float:
    deviation = tile.astype(np.float64) - center
    return float(deviation @ deviation)


def _median_replicates(
    tiles: Sequence[np.ndarray], counts: np.ndarray, median: float
) -> np.ndarray:
    """Median of each resample of tiles, from histograms of a regular subsample."""
    step = max(1, sum(tile.size for tile in tiles) // _MAX_PIXELS_FOR_ERRORS)
    return resampled_medians([tile[::step] for tile in tiles], counts, median)
