"""Turn the blank-sky boxes of a point into noise, correlation and depth."""

from __future__ import annotations

import math

import numpy as np

from hstdriz_study.contracts import MeasureContext, Metric, PointPixels
from hstdriz_study.contracts.metric_table import (
    ANNULUS_EXCESS,
    APERTURE_SIGMA,
    CORRELATION,
    CORRELATION_ANALYTIC,
    DEPTH,
    LIT_APERTURE_SIGMA,
    LIT_BRIGHTNESS,
    LIT_DEPTH,
    SKY_RMS,
)
from hstdriz_study.errors import MetricUnavailableError
from hstdriz_study.measure.correlation import (
    analytic_correlation,
    autocorrelation,
    correlation_reach,
    measured_correlation,
)
from hstdriz_study.measure.empty_apertures import (
    MAD_TO_SIGMA,
    OUTLIER_SIGMA,
)
from hstdriz_study.measure.growth import EncircledEnergy, encircled_energy
from hstdriz_study.measure.histogram import resampled_medians
from hstdriz_study.measure.resample import (
    bootstrap_metric,
    replicate_metric,
    resample_counts,
)
from hstdriz_study.measure.sky_sample import blank_sky, lit_sky

DEPTH_SIGMA = 5.0
_TAIL_OVER_MEDIAN = 4.0


def measure_noise(point: PointPixels, context: MeasureContext) -> dict[str, Metric]:
    """Measure the noise of blank sky.

    ``noise/sky_rms`` is the robust scatter per output pixel,
    ``noise/aperture_sigma`` the scatter of fluxes in empty apertures of fixed
    size on the sky (the one that compares between scales),
    ``noise/correlation`` and ``noise/correlation_analytic`` the ratio R
    measured and in theory (square kernel only), and ``noise/depth_abmag`` the
    magnitude of a point source at 5 times the aperture noise, where zero
    point and PSF are known. Where diffuse light lies on the sky, these are of
    its darkest parts, and ``noise/lit_...`` of the light.

    Raises
    ------
    MetricUnavailableError
        If there are too few sky boxes.
    """
    sample = blank_sky(point, context)
    aperture, n = sample.empty.sigma, len(sample.boxes)
    sky, wht = (np.array([getattr(p, name) for p in sample.boxes]) for name in ("sci", "wht"))
    counts = resample_counts(n, context.n_bootstrap, context.seed)
    rows = np.concatenate([np.ones((1, n)), counts])
    geometry = context.regions.geometry
    ratio = point.final_scale_arcsec / geometry.native_scale_arcsec
    reach = correlation_reach(point.final_pixfrac, ratio)
    level = _level(sky)
    correlation = measured_correlation(_without_outliers(sky, wht, level), reach, rows)
    sigma = bootstrap_metric(aperture[0], aperture[1:], n, APERTURE_SIGMA.unit)
    metrics = {
        SKY_RMS.name: _sky_rms(sky, counts, level),
        APERTURE_SIGMA.name: sigma,
        CORRELATION.name: bootstrap_metric(correlation[0], correlation[1:], n),
    }
    if point.final_kernel == "square":
        analytic = analytic_correlation(point.final_pixfrac, ratio)
        metrics[CORRELATION_ANALYTIC.name] = Metric(value=analytic, err=0.0)
    depth = _depth(point, context, sigma)
    if depth is not None:
        metrics[DEPTH.name] = depth
    return metrics | _in_light(point, context, sample.annulus_factor)


def _in_light(point: PointPixels, context: MeasureContext, factor: float) -> dict[str, Metric]:
    """Noise and depth on diffuse light, where there is some: how bright it is, and what is told."""
    light = context.regions.sky_light
    if light is None:
        return {}
    metrics = {ANNULUS_EXCESS.name: Metric(factor - 1, 0.0)}
    lit = lit_sky(point, context)
    if lit is None:
        return metrics
    sigma = bootstrap_metric(
        lit.empty.sigma[0], lit.empty.sigma[1:], len(lit.boxes), LIT_APERTURE_SIGMA.unit
    )
    metrics[LIT_APERTURE_SIGMA.name] = sigma
    depth = _depth(point, context, sigma)
    if depth is not None:
        zero_point, lights = context.zero_point_abmag, -2.5 * np.log10(light[light > 0])
        metrics[LIT_DEPTH.name] = depth
        metrics[LIT_BRIGHTNESS.name] = Metric(
            float(zero_point + np.median(lights)), float(np.std(lights)), LIT_BRIGHTNESS.unit
        )
    return metrics


def noise_autocorrelation(point: PointPixels, context: MeasureContext) -> np.ndarray:
    """Measure how the noise of a point's pixels goes with that of their neighbours.

    Returns
    -------
    correlation : (2 reach + 1, 2 reach + 1) `~numpy.ndarray`
        As in `~hstdriz_study.measure.correlation.autocorrelation`.

    Raises
    ------
    MetricUnavailableError
        If there are too few sky boxes.
    """
    boxes = blank_sky(point, context).boxes
    sky, wht = (np.array([getattr(p, name) for p in boxes]) for name in ("sci", "wht"))
    ratio = point.final_scale_arcsec / context.regions.geometry.native_scale_arcsec
    reach = correlation_reach(point.final_pixfrac, ratio)
    return autocorrelation(_without_outliers(sky, wht, _level(sky)), reach)


def _level(sky: np.ndarray) -> float:
    return float(np.median(sky[np.isfinite(sky)]))


def _without_outliers(sky: np.ndarray, wht: np.ndarray, level: float) -> np.ndarray:
    """Blank the pixels that stand out of the noise their weight lets expect."""
    valid = np.isfinite(sky)
    deviation = sky - level
    scaled = deviation * np.sqrt(wht / np.median(wht[valid]))
    limit = OUTLIER_SIGMA * MAD_TO_SIGMA * np.median(np.abs(scaled[valid]))
    return np.where(np.abs(scaled) <= limit, deviation, np.nan)


def _sky_rms(sky: np.ndarray, counts: np.ndarray, level: float) -> Metric:
    """Scaled median absolute deviation of all valid pixels of the boxes."""
    valid = np.isfinite(sky)
    deviation = np.abs(sky[valid] - level)
    median = float(np.median(deviation))
    # The tail does not move a median; cut short, it leaves the histogram finer.
    deviation = np.minimum(deviation, _TAIL_OVER_MEDIAN * median)
    replicates = resampled_medians(deviation, np.nonzero(valid)[0], counts, median)
    return bootstrap_metric(
        MAD_TO_SIGMA * median, MAD_TO_SIGMA * replicates, len(sky), SKY_RMS.unit
    )


def _depth(point: PointPixels, context: MeasureContext, sigma: Metric) -> Metric | None:
    """5-sigma AB magnitude of a point source in the photometric aperture."""
    if context.zero_point_abmag is None:
        return None
    try:
        energy = encircled_energy(point, context)
    except MetricUnavailableError:
        return None  # the PSF metrics have said why
    inside = _inside_aperture(energy, context.regions.geometry.aperture_radius_arcsec)
    with np.errstate(divide="ignore", invalid="ignore"):
        flux = DEPTH_SIGMA * sigma.value / inside.value
        fluxes = DEPTH_SIGMA * np.asarray(sigma.replicates) / np.asarray(inside.replicates)
        replicates = context.zero_point_abmag - 2.5 * np.log10(fluxes)
    value = context.zero_point_abmag - 2.5 * math.log10(flux) if flux > 0 else math.nan
    return replicate_metric(value, replicates, DEPTH.unit)


def _inside_aperture(energy: EncircledEnergy, radius_arcsec: float) -> Metric:
    values = energy.fraction_inside(min(radius_arcsec, float(energy.radii_arcsec[-1])))
    return bootstrap_metric(values[0], values[1:], energy.n_independent)
