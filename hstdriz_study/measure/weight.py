"""Turn the weights in the boxes that stand for full depth into evenness and hole metrics."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.contracts import Metric
from hstdriz_study.contracts.metric_table import (
    HOLE_FRACTION,
    RMS_OVER_MEDIAN,
    RMS_OVER_MEDIAN_SCATTER,
    WEIGHT_MEDIAN,
    WEIGHT_RMS,
)
from hstdriz_study.errors import MetricUnavailableError
from hstdriz_study.measure.histogram import resampled_medians
from hstdriz_study.measure.resample import design_weights, replicate_metric

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.contracts import MeasureContext, PointPixels, StudyRegions

_MAX_PIXELS_FOR_ERRORS = 1_000_000


@dataclass(frozen=True)
class WeightSpread:
    """How even weights are: their RMS (`numpy.std`) and median, and the fraction that is 0."""

    rms: float
    median: float
    hole_fraction: float

    @property
    def rms_over_median(self) -> float:
        """RMS over median; infinite when the median is 0, so that no limit admits it."""
        return math.inf if self.median == 0 else self.rms / self.median


def weight_spread(tiles: Sequence[np.ndarray]) -> WeightSpread:
    """Measure the weights of all boxes together, zeros included.

    Parameters
    ----------
    tiles : sequence of 1D `~numpy.ndarray`
        Not all of them empty.
    """
    wht = np.concatenate(tiles)
    return WeightSpread(
        rms=float(np.std(wht, dtype=np.float64)),
        median=float(np.median(wht)),
        hole_fraction=float(np.mean(wht == 0)),
    )


def measure_weight(point: PointPixels, context: MeasureContext) -> dict[str, Metric]:
    """Measure how even the weight map is where all exposures contribute.

    ``weight/rms`` is `numpy.std` over the pixels of the weight boxes, zeros
    included (what STScI calls the RMS of the weight map), ``weight/median``
    the median, ``weight/rms_over_median`` their ratio (infinite when the
    median is 0, so that no limit admits it) and ``weight/hole_fraction`` the
    fraction of pixels of zero weight.

    The errors are those of sampling: how far the boxes may be from the whole
    region. A weight map has no photon noise, and boxes that are the whole
    region have no error. Where a sample holds no hole, the error of the hole
    fraction is what one native pixel would add.
    ``weight/rms_over_median_scatter`` is another thing: how much the ratio
    scatters between exposures of the same dithers whose bad pixels and cosmic
    rays fall elsewhere, from the same boxes resampled as if the region had no
    end.

    Raises
    ------
    MetricUnavailableError
        If no box holds a pixel of this product.
    """
    tiles = point.weight_tiles
    if not any(tile.size for tile in tiles):
        raise MetricUnavailableError(
            "the full-depth region holds no pixel of this product; "
            "compare its final_refimage and final_scale with the exposures' footprint"
        )
    spread, boxes = weight_spread(tiles), _Boxes(tiles)
    sampled = sampled_fraction(context.regions)
    draws = np.concatenate([_draws(boxes, part, context) for part in (sampled, 0.0)])
    resampled = np.stack(boxes.resampled(draws, spread.median))
    (rms, median, holes), (rms_elsewhere, median_elsewhere, _) = np.split(resampled, 2, axis=1)
    return {
        WEIGHT_RMS.name: replicate_metric(spread.rms, rms),
        WEIGHT_MEDIAN.name: replicate_metric(spread.median, median),
        RMS_OVER_MEDIAN.name: replicate_metric(spread.rms_over_median, _ratio(rms, median)),
        RMS_OVER_MEDIAN_SCATTER.name: _scatter(_ratio(rms_elsewhere, median_elsewhere), len(tiles)),
        HOLE_FRACTION.name: _at_least_a_pixel(
            replicate_metric(spread.hole_fraction, holes), sampled, context.regions
        ),
    }


class _Boxes:
    """What resampling needs of each box."""

    def __init__(self, tiles: Sequence[np.ndarray]) -> None:
        sizes = np.array([tile.size for tile in tiles])
        self.n_pixels = sizes.astype(float)
        self.pixels = np.concatenate(tiles).astype(float)
        self.owner = np.repeat(np.arange(len(tiles)), sizes)
        self.sums, self.holes = self._sums(self.pixels), self._sums(self.pixels == 0)
        self.center = self.sums.sum() / self.n_pixels.sum()
        self.squares = self._sums((self.pixels - self.center) ** 2)

    def _sums(self, values: np.ndarray) -> np.ndarray:
        return np.bincount(self.owner, values, len(self.n_pixels))

    def resampled(
        self, draws: np.ndarray, median: float
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return RMS, median and hole fraction under each row of weights of the boxes."""
        n_pixels = draws @ self.n_pixels
        # the mean of a resample differs from the overall one
        shift = draws @ self.sums / n_pixels - self.center
        rms = np.sqrt(np.maximum(draws @ self.squares / n_pixels - shift**2, 0.0))
        return rms, self._medians(draws, median), draws @ self.holes / n_pixels

    def _medians(self, draws: np.ndarray, median: float) -> np.ndarray:
        """Median of each resample, from histograms of a regular subsample."""
        some = slice(None, None, max(1, self.pixels.size // _MAX_PIXELS_FOR_ERRORS))
        return resampled_medians(self.pixels[some], self.owner[some], draws, median)


def _draws(boxes: _Boxes, sampled: float, context: MeasureContext) -> np.ndarray:
    return design_weights(len(boxes.n_pixels), sampled, context.n_bootstrap, context.seed)


def _ratio(rms: np.ndarray, median: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(rms / median)


def _at_least_a_pixel(holes: Metric, sampled: float, regions: StudyRegions) -> Metric:
    """Give a fraction of no holes an error: none in the sample is not none in the region."""
    if holes.value > 0 or sampled >= 1:
        return holes
    side_px = regions.weight_box_arcsec / regions.geometry.native_scale_arcsec
    return replace(holes, err=math.sqrt(1 - sampled) / (len(regions.weight_boxes) * side_px**2))


def _scatter(replicates: np.ndarray, n_boxes: int) -> Metric:
    """Make the standard deviation of replicates a metric, with its error for normal deviates."""
    value = replicate_metric(math.nan, replicates).err
    return Metric(value, err=value / math.sqrt(2 * (n_boxes - 1)) if n_boxes > 1 else math.nan)


def sampled_fraction(regions: StudyRegions) -> float:
    """Give the area of the weight boxes over that of the full-depth region, at most 1."""
    boxes_arcsec2 = len(regions.weight_boxes) * regions.weight_box_arcsec**2
    return min(1.0, boxes_arcsec2 / sum(_area_arcsec2(edge) for edge in regions.full_depth))


def _area_arcsec2(polygon: np.ndarray) -> float:
    """Area of a small polygon on the sky, right ascension and declination in degrees.

    `shapely.area` of the same plane differs in the last bit, and with it every error of a
    weight metric; and shapely would be imported before the first point.
    """
    ra, dec = polygon.T
    x = ((ra - ra[0] + 180) % 360 - 180) * math.cos(math.radians(float(dec.mean())))
    y = dec - dec[0]
    return 3600.0**2 * abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2
