"""Compare the stars' fluxes of a point with those of the native-scale product."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.contracts.metric_table import FLUX_RATIO
from hstdriz_study.measure.resample import bootstrap_metric
from hstdriz_study.measure.star_resamples import n_independent, resampled
from hstdriz_study.measure.star_sample import star_sample

if TYPE_CHECKING:
    from hstdriz_study.contracts import MeasureContext, Metric, PointPixels


def measure_fidelity(point: PointPixels, context: MeasureContext) -> dict[str, Metric]:
    """Measure how well the point keeps flux.

    ``fidelity/flux_ratio`` is the median over stars of the flux inside the
    photometric aperture over the same star's ``flux_native``. Drizzling
    conserves flux, so that 1 is expected, but for what the broader delivered
    PSF of a coarser point moves out of the aperture.

    Raises
    ------
    MetricUnavailableError
        If there are too few stars.
    """
    native = np.asarray(context.regions.stars["flux_native"], dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = aperture_fluxes(point, context) / native
    return {FLUX_RATIO.name: median_ratio(ratios, context)}


def median_ratio(ratios: np.ndarray, context: MeasureContext) -> Metric:
    """Give the median over stars; one whose ratio is not finite takes no part."""
    ratios = np.where(np.isfinite(ratios), ratios, np.nan)
    n = n_independent(np.isfinite(ratios), context)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a resample may hold no usable star
        replicates = np.nanmedian(resampled(ratios, context), axis=1)
        value = float(np.nanmedian(ratios))
    return bootstrap_metric(value, replicates, n)


def aperture_fluxes(point: PointPixels, context: MeasureContext) -> np.ndarray:
    """Measure each star's flux inside the photometric aperture.

    Returns
    -------
    fluxes : (N,) `~numpy.ndarray`
        Electrons per second; NaN for a star that is not usable at this point.

    Raises
    ------
    MetricUnavailableError
        If there are too few stars.
    """
    sample = star_sample(point, context)
    radius = context.regions.geometry.aperture_radius_arcsec / point.final_scale_arcsec
    sums = sample.aperture_sums(np.array([radius]))[:, 0]
    return np.where(sample.star_weights > 0, sums, np.nan)
