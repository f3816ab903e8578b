"""Turn the blank-sky boxes of a point into noise, correlation and depth."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.contracts import MeasureContext, Metric, PointPixels
from hstdriz_study.errors import MetricUnavailableError
from hstdriz_study.measure.correlation import (
    analytic_correlation,
    autocorrelation,
    correlation_reach,
    measured_correlation,
)
from hstdriz_study.measure.growth import EncircledEnergy, encircled_energy
from hstdriz_study.measure.histogram import resampled_medians
from hstdriz_study.measure.memo import once_per_point
from hstdriz_study.measure.resample import (
    bootstrap_metric,
    replicate_metric,
    resample_counts,
)
from hstdriz_study.measure.windows import windows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.contracts import MeasureGeometry, Patch

MIN_SKY_BOXES = 20
"""Fewer boxes than this give no usable error bar."""

MAD_TO_SIGMA = 1.482602218505602
_OUTLIER_SIGMA = 5.0
_MIN_VALID_AREA = 0.5
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
    point and PSF are known.

    Raises
    ------
    MetricUnavailableError
        If there are too few sky boxes.
    """
    aperture = empty_apertures(point, context).sigma
    n = len(point.sky)
    sky, weights = (np.array([getattr(p, name) for p in point.sky]) for name in ("sci", "wht"))
    counts = resample_counts(n, context.n_bootstrap, context.seed)
    rows = np.concatenate([np.ones((1, n)), counts])
    geometry = context.regions.geometry
    ratio = point.final_scale_arcsec / geometry.native_scale_arcsec
    reach = correlation_reach(point.final_pixfrac, ratio)
    correlation = measured_correlation(_without_outliers(sky, weights), reach, rows)
    metrics = {
        "noise/sky_rms": _sky_rms(sky, counts),
        "noise/aperture_sigma": bootstrap_metric(aperture[0], aperture[1:], n, "electron / s"),
        "noise/correlation": bootstrap_metric(correlation[0], correlation[1:], n),
    }
    if point.final_kernel == "square":
        analytic = analytic_correlation(point.final_pixfrac, ratio)
        metrics["noise/correlation_analytic"] = Metric(value=analytic, err=0.0)
    return metrics | _depth(point, context, metrics["noise/aperture_sigma"])


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


@once_per_point
def empty_apertures(point: PointPixels, context: MeasureContext) -> EmptyApertures:
    """Measure the level and the noise of empty apertures.

    Raises
    ------
    MetricUnavailableError
        If there are too few sky boxes.
    """
    _require_sky(point)
    n = len(point.sky)
    sums = _aperture_sums(point, context.regions.geometry)
    level = float(np.nanmedian(sums)) if np.isfinite(sums).any() else math.nan
    counts = resample_counts(n, context.n_bootstrap, context.seed)
    return EmptyApertures(level, _aperture_sigma(sums, np.concatenate([np.ones((1, n)), counts])))


def _require_sky(point: PointPixels) -> None:
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


def noise_autocorrelation(point: PointPixels, native_scale_arcsec: float) -> np.ndarray:
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
    _require_sky(point)
    sky, weights = (np.array([getattr(p, name) for p in point.sky]) for name in ("sci", "wht"))
    ratio = point.final_scale_arcsec / native_scale_arcsec
    reach = correlation_reach(point.final_pixfrac, ratio)
    return autocorrelation(_without_outliers(sky, weights), reach)


def _without_outliers(sky: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Blank the pixels that stand out of the noise their weight lets expect."""
    valid = np.isfinite(sky)
    deviation = sky - np.median(sky[valid])
    scaled = deviation * np.sqrt(weights / np.median(weights[valid]))
    limit = _OUTLIER_SIGMA * MAD_TO_SIGMA * np.median(np.abs(scaled[valid]))
    return np.where(np.abs(scaled) <= limit, deviation, np.nan)


def _sky_rms(sky: np.ndarray, counts: np.ndarray) -> Metric:
    """Scaled median absolute deviation of all valid pixels of the boxes."""
    center = np.nanmedian(sky)
    groups = [np.abs(box[np.isfinite(box)] - center) for box in sky]
    median = float(np.median(np.concatenate(groups)))
    # The tail does not move a median; cut short, it leaves the histogram finer.
    groups = [np.minimum(group, _TAIL_OVER_MEDIAN * median) for group in groups]
    replicates = resampled_medians(groups, counts, median)
    return bootstrap_metric(
        MAD_TO_SIGMA * median, MAD_TO_SIGMA * replicates, len(sky), "electron / (pix s)"
    )


def _aperture_sums(point: PointPixels, geometry: MeasureGeometry) -> np.ndarray:
    """Fluxes in four apertures of each box, fixed on the sky.

    Returns
    -------
    sums : (N, 4) `~numpy.ndarray`
        As `aperture_sums`.
    """
    radius = geometry.aperture_radius_arcsec / point.final_scale_arcsec
    quarter = geometry.sky_box_arcsec / point.final_scale_arcsec / 4
    corners = ((-1, -1), (1, -1), (-1, 1), (1, 1))
    return np.column_stack(
        [aperture_sums(point.sky, radius, (dx * quarter, dy * quarter)) for dx, dy in corners]
    )


def aperture_sums(
    patches: Sequence[Patch], radius: float, offset: tuple[float, float] = (0.0, 0.0)
) -> np.ndarray:
    """Sum the pixels in a circle beside the position of each patch.

    Parameters
    ----------
    patches : sequence of `~hstdriz_study.contracts.Patch`
        Of one shape.
    radius : float
        Pixels.
    offset : tuple of float, optional
        Of the circle from the position along x and y, pixels.

    Returns
    -------
    sums : (N,) `~numpy.ndarray`
        Scaled from the valid to the full area; NaN where half is missing.
    """
    images = np.array([patch.sci for patch in patches])
    x, y = (np.array([getattr(patch, axis) for patch in patches]) for axis in ("x", "y"))
    cut = windows(images, x + offset[0], y + offset[1], int(np.ceil(radius)))
    parts, known = cut.circle_parts(radius), np.isfinite(cut.pixels)
    flux = np.einsum("nij,nij->n", parts, np.where(known, cut.pixels, 0.0))
    valid = np.einsum("nij,nij->n", parts, known.astype(float)) / (np.pi * radius**2)
    enough = valid > _MIN_VALID_AREA
    sums = np.full(len(images), np.nan)
    sums[enough] = flux[enough] / valid[enough]
    return sums


def _aperture_sigma(sums: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Measure the scatter of the sums without outliers, under each row of counts."""
    if not np.isfinite(sums).any():
        return np.full(len(rows), np.nan)
    deviation = sums - np.nanmedian(sums)
    limit = _OUTLIER_SIGMA * MAD_TO_SIGMA * np.nanmedian(np.abs(deviation))
    kept = np.abs(deviation) <= limit
    deviation = np.where(kept, deviation, 0.0)
    n = rows @ kept.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = rows @ deviation.sum(axis=1) / n
        variance = rows @ (deviation**2).sum(axis=1) / n - mean**2
    return np.sqrt(variance)


def _depth(point: PointPixels, context: MeasureContext, sigma: Metric) -> dict[str, Metric]:
    """5-sigma AB magnitude of a point source in the photometric aperture."""
    if context.zero_point_abmag is None:
        return {}
    try:
        energy = encircled_energy(point, context)
    except MetricUnavailableError:
        return {}  # the PSF metrics have said why
    inside = _inside_aperture(energy, context.regions.geometry.aperture_radius_arcsec)
    with np.errstate(divide="ignore", invalid="ignore"):
        flux = DEPTH_SIGMA * sigma.value / inside.value
        fluxes = DEPTH_SIGMA * np.asarray(sigma.replicates) / np.asarray(inside.replicates)
        replicates = context.zero_point_abmag - 2.5 * np.log10(fluxes)
    value = context.zero_point_abmag - 2.5 * math.log10(flux) if flux > 0 else math.nan
    return {"noise/depth_abmag": replicate_metric(value, replicates, "mag(AB)")}


def _inside_aperture(energy: EncircledEnergy, radius_arcsec: float) -> Metric:
    values = energy.fraction_inside(min(radius_arcsec, float(energy.radii_arcsec[-1])))
    return bootstrap_metric(values[0], values[1:], energy.n_stars)
