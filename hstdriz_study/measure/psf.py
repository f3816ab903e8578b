"""Turn the stars of a point into the width, shape and energy of the delivered PSF."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.contracts import MeasureContext, Metric, MetricEntry, PointPixels
from hstdriz_study.contracts.metric_table import (
    EE50,
    EE80,
    ELLIPTICITY,
    FWHM,
    FWHM_FIT,
    N_STARS,
    PIXELS_PER_FWHM,
)
from hstdriz_study.errors import MetricUnavailableError
from hstdriz_study.measure.growth import encircled_energy
from hstdriz_study.measure.prf_fit import fit_prf
from hstdriz_study.measure.resample import bootstrap_metric
from hstdriz_study.measure.star_resamples import n_independent, resampled, star_counts
from hstdriz_study.measure.star_sample import star_sample
from hstdriz_study.measure.windows import windows

if TYPE_CHECKING:
    from hstdriz_study.measure.star_sample import StarSample

_MIN_FIT_BOX_PX = 5


def measure_psf(point: PointPixels, context: MeasureContext) -> dict[str, Metric]:
    """Measure the delivered point-spread function.

    ``psf/fwhm_arcsec`` is the half-maximum width of the image as delivered,
    the blur of drop and output pixel included; ``psf/fwhm_fit_arcsec`` the
    median of pixel-integrated Gaussian fits to the stars, as photutils'
    ``fit_fwhm`` does, which takes that blur out again. ``psf/ee50_arcsec`` and
    ``psf/ee80_arcsec`` hold half and four fifths of the flux inside
    ``ee_radius_arcsec``;
    ``psf/ellipticity`` is ``1 - b / a`` from mean second moments inside the
    photometric aperture.

    Raises
    ------
    MetricUnavailableError
        If there are too few stars, or they are sampled too coarsely for a profile.
    """
    sample = star_sample(point, context)
    scale, n = point.final_scale_arcsec, n_independent(sample.star_weights > 0, context)
    counts = star_counts(context)
    rows = np.concatenate([np.ones((1, len(point.stars))), counts]) * sample.star_weights
    fwhm = _fwhm_px(sample, rows) * scale
    energy = encircled_energy(point, context)
    fitted = _fitted_fwhm(point, context, sample)

    measured: dict[MetricEntry, np.ndarray] = {
        FWHM: fwhm,
        FWHM_FIT: fitted,
        PIXELS_PER_FWHM: fwhm / scale,
        ELLIPTICITY: _ellipticity(point, context, sample, rows),
        EE50: energy.radius_of(0.5),
        EE80: energy.radius_of(0.8),
    }
    metrics = {
        entry.name: bootstrap_metric(values[0], values[1:], n, entry.unit)
        for entry, values in measured.items()
    }
    return metrics | {N_STARS.name: Metric(value=float(sample.n_usable), err=0.0)}


def _fwhm_px(sample: StarSample, rows: np.ndarray) -> np.ndarray:
    """Return the width under each row of weights, the first of which is that of the point.

    Nothing is narrower than the output pixel by which it is blurred: such a width is that of a
    profile that went astray, as of two exposures, which sample each star at phases of its own.
    """
    found = sample.registration.fwhm(rows)
    found = np.where(found >= 1.0, found, np.nan)
    if not np.isfinite(found[0]):
        raise MetricUnavailableError(
            f"the PSF of {sample.n_usable} stars cannot be told at this point: the exposures "
            "sample them too coarsely for one profile; a larger final_pixfrac, or more exposures, "
            "would"
        )
    return found


def fit_box_pixels(fit_box_arcsec: float, final_scale_arcsec: float) -> int:
    """Give the odd number of pixels nearest to the fit box, at least 5.

    Below 5 pixels a Gaussian's width and a neighbouring pixel's noise cannot
    be told apart; a scale so coarse fits a larger piece of sky than asked.
    """
    odd = 2 * round((fit_box_arcsec / final_scale_arcsec - 1) / 2) + 1
    return max(_MIN_FIT_BOX_PX, odd)


def _fitted_fwhm(point: PointPixels, context: MeasureContext, sample: StarSample) -> np.ndarray:
    """Median FWHM of the fits, in arcsec, of the stars and of each resample."""
    fwhm = star_fwhms(point, context, sample)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a resample may hold no usable star
        return np.append(np.nanmedian(fwhm), np.nanmedian(resampled(fwhm, context), axis=1))


def star_fwhms(point: PointPixels, context: MeasureContext, sample: StarSample) -> np.ndarray:
    """Fit a pixel-integrated Gaussian to each star.

    Returns
    -------
    fwhm : (N,) `~numpy.ndarray`
        Arcsec; nan for a star that is not usable.
    """
    usable = np.flatnonzero(sample.star_weights)
    registration = sample.registration
    box = fit_box_pixels(context.regions.geometry.fit_box_arcsec, point.final_scale_arcsec)
    cut = windows(sample.images[usable], registration.x[usable], registration.y[usable], box // 2)
    fwhm = np.full(len(sample.images), np.nan)
    fwhm[usable] = fit_prf(cut, float(registration.fwhm(sample.star_weights[None])[0])).fwhm
    return fwhm * point.final_scale_arcsec


def _ellipticity(
    point: PointPixels, context: MeasureContext, sample: StarSample, rows: np.ndarray
) -> np.ndarray:
    """1 - b / a of the mean second moments under each row of weights.

    Moments are averaged over stars before the axis ratio is taken, because
    the noise of a moment averages out and that of an axis ratio does not.
    """
    moments = star_moments(point, context, sample)
    xx, xy, yy = (rows @ moments).T
    trace, split = xx + yy, np.hypot(xx - yy, 2 * xy)
    with np.errstate(divide="ignore", invalid="ignore"):
        axis_ratio = np.sqrt((trace - split) / (trace + split))
    return np.where(trace > split, 1 - axis_ratio, math.nan)


def star_moments(point: PointPixels, context: MeasureContext, sample: StarSample) -> np.ndarray:
    """Measure second moments inside the photometric aperture, by the star's flux.

    Returns
    -------
    moments : (N, 3) `~numpy.ndarray`
        ``xx``, ``xy`` and ``yy``, squared pixels; 0 for a star that is not usable.
    """
    radius = context.regions.geometry.aperture_radius_arcsec / point.final_scale_arcsec
    around = sample.around_stars(radius)
    flux_in = around.pixels * around.circle_parts(radius)
    dx, dy = around.dx[:, None, :], around.dy[:, :, None]
    moments = np.zeros((len(sample.images), 3))
    moments[sample.star_weights > 0] = np.column_stack(
        [np.sum(flux_in * moment, axis=(1, 2)) for moment in (dx * dx, dx * dy, dy * dy)]
    )
    return moments / sample.registration.flux[:, None]
