"""Turn the stars of a point into the width, shape and energy of the delivered PSF."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING

import numpy as np
from astropy.utils.exceptions import AstropyUserWarning
from photutils.aperture import CircularAperture
from photutils.psf import fit_fwhm

from hstdriz_study.contracts import MeasureContext, Metric, PointPixels
from hstdriz_study.measure.growth import encircled_energy
from hstdriz_study.measure.resample import bootstrap_metric, resample_counts, resample_indices
from hstdriz_study.measure.stars import star_sample

if TYPE_CHECKING:
    from hstdriz_study.measure.stars import StarSample

MAX_FITTED_STARS = 20
"""photutils takes some 10 ms a star; more would not make the median better by much."""

_MIN_FIT_BOX_PX = 5


def measure_psf(point: PointPixels, context: MeasureContext) -> dict[str, Metric]:
    """Measure the delivered point-spread function.

    ``psf/fwhm_arcsec`` is the half-maximum width of the image as delivered,
    the blur of drop and output pixel included; ``psf/fwhm_fit_arcsec`` the
    median of photutils' pixel-integrated Gaussian fits to the brightest
    stars, which takes that blur out again. ``psf/ee50_arcsec`` and
    ``psf/ee80_arcsec`` hold half and four fifths of the flux inside
    ``ee_radius_arcsec``;
    ``psf/ellipticity`` is ``1 - b / a`` from mean second moments inside the
    photometric aperture.

    Raises
    ------
    MetricUnavailableError
        If there are too few stars.
    """
    sample = star_sample(point, context)
    scale, n = point.final_scale_arcsec, sample.n_usable
    counts = resample_counts(len(point.stars), context.n_bootstrap, context.seed)
    rows = np.concatenate([np.ones((1, len(point.stars))), counts]) * sample.weights
    fwhm = sample.registration.fwhm(rows) * scale
    energy = encircled_energy(point, context)
    fitted = _fitted_fwhm(point, context, sample)

    def metric(values: np.ndarray, unit: str = "") -> Metric:
        return bootstrap_metric(values[0], values[1:], n, unit)

    return {
        "psf/fwhm_arcsec": metric(fwhm, "arcsec"),
        "psf/fwhm_fit_arcsec": bootstrap_metric(
            fitted[0], fitted[1:], min(n, MAX_FITTED_STARS), "arcsec"
        ),
        "psf/pixels_per_fwhm": metric(fwhm / scale, "pix"),
        "psf/ellipticity": metric(_ellipticity(point, context, sample, rows)),
        "psf/ee50_arcsec": metric(energy.radius_of(0.5), "arcsec"),
        "psf/ee80_arcsec": metric(energy.radius_of(0.8), "arcsec"),
        "psf/n_stars": Metric(value=float(n), err=0.0),
    }


def fit_box_pixels(fit_box_arcsec: float, final_scale_arcsec: float) -> int:
    """Give the odd number of pixels nearest to the fit box, at least 5.

    Below 5 pixels a Gaussian's width and a neighbouring pixel's noise cannot
    be told apart; a scale so coarse fits a larger piece of sky than asked.
    """
    odd = 2 * round((fit_box_arcsec / final_scale_arcsec - 1) / 2) + 1
    return max(_MIN_FIT_BOX_PX, odd)


def _fitted_fwhm(point: PointPixels, context: MeasureContext, sample: StarSample) -> np.ndarray:
    """Median FWHM of photutils' fits, in arcsec, of the stars and of each resample.

    The first usable stars are fitted: the table of stars begins with the
    brightest, and its order is the same at every point.
    """
    size = sample.images.shape[1]
    usable = np.flatnonzero(sample.weights)[:MAX_FITTED_STARS]
    mosaic = np.concatenate(list(sample.images[usable]), axis=1)
    x = sample.registration.x[usable] + size * np.arange(len(usable))
    box = fit_box_pixels(context.regions.geometry.fit_box_arcsec, point.final_scale_arcsec)
    box = min(box, size - 1 + size % 2)
    with warnings.catch_warnings():
        # A fit that does not converge takes part in a median that is robust to it.
        warnings.simplefilter("ignore", AstropyUserWarning)
        fitted = fit_fwhm(
            np.nan_to_num(mosaic),
            xypos=np.column_stack([x, sample.registration.y[usable]]),
            fwhm=float(sample.registration.fwhm(sample.weights[None])[0]),
            fit_shape=(box, box),
            mask=~np.isfinite(mosaic),
        )
    fwhm = np.full(len(sample.images), np.nan)
    fwhm[usable] = fitted * point.final_scale_arcsec
    resampled = fwhm[resample_indices(len(fwhm), context.n_bootstrap, context.seed)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a resample may hold no usable star
        return np.append(np.nanmedian(fwhm), np.nanmedian(resampled, axis=1))


def _ellipticity(
    point: PointPixels, context: MeasureContext, sample: StarSample, rows: np.ndarray
) -> np.ndarray:
    """1 - b / a of the mean second moments under each row of weights.

    Moments are averaged over stars before the axis ratio is taken, because
    the noise of a moment averages out and that of an axis ratio does not.
    """
    radius = context.regions.geometry.aperture_radius_arcsec / point.final_scale_arcsec
    moments = np.zeros((len(sample.images), 3))
    images, registration = sample.filled(), sample.registration
    for i in np.flatnonzero(sample.weights):
        x, y = registration.x[i], registration.y[i]
        mask = CircularAperture((x, y), radius).to_mask(method="exact")
        cut = mask.multiply(images[i])
        if cut is None:
            continue
        dy, dx = np.indices(cut.shape, dtype=float)
        dx += mask.bbox.ixmin - x
        dy += mask.bbox.iymin - y
        moments[i] = [(cut * m).sum() for m in (dx * dx, dx * dy, dy * dy)]
    xx, xy, yy = (rows @ (moments / registration.flux[:, None])).T
    trace, split = xx + yy, np.hypot(xx - yy, 2 * xy)
    with np.errstate(divide="ignore", invalid="ignore"):
        axis_ratio = np.sqrt((trace - split) / (trace + split))
    return np.where(trace > split, 1 - axis_ratio, math.nan)
