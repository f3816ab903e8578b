"""From the native-scale product to a catalogue of everything detected on it."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from astropy.stats import sigma_clipped_stats
from astropy.table import Table

from hstdriz_study.foreign import without_package_survey
from hstdriz_study.measure.peaks import dao_stars
from hstdriz_study.measure.prf_fit import fit_prf
from hstdriz_study.measure.psf import fit_box_pixels
from hstdriz_study.measure.windows import windows_in

with without_package_survey():
    from photutils.aperture import ApertureStats, CircularAnnulus, CircularAperture
    from photutils.utils.exceptions import NoDetectionsWarning

if TYPE_CHECKING:
    from hstdriz_study.contracts import Drizzled, MeasureGeometry

DETECTION_SIGMA = 5.0
ANNULUS_OVER_EE_RADIUS = 1.5
"""Outer radius of a source's own background."""

_SEPARATION_PER_FWHM = 1.5
_ANY = (-100.0, 100.0)


@dataclass(frozen=True)
class Sky:
    """Background of the native-scale product, electrons per second per pixel."""

    median: float
    sigma: float


def sky_level(native: Drizzled) -> Sky:
    """Measure the background by clipping, over pixels that hold data."""
    values = native.sci[native.wht > 0]
    step = max(1, values.size // 1_000_000)
    _, median, sigma = sigma_clipped_stats(values[::step], sigma=3.0, maxiters=10)
    return Sky(float(median), float(sigma))


def detect_sources(
    native: Drizzled, geometry: MeasureGeometry, sky: Sky, min_fit_snr: float
) -> Table:
    """Find every source, of whatever shape, and measure it.

    Parameters
    ----------
    native : `~hstdriz_study.contracts.Drizzled`
        The native-scale product.
    geometry : `~hstdriz_study.contracts.MeasureGeometry`
    sky : `Sky`
    min_fit_snr : float
        Fainter sources are not fitted.

    Returns
    -------
    sources : `~astropy.table.Table`
        Columns ``id``, ``x``, ``y`` (0-based pixels), ``ra``, ``dec``
        (degrees), ``flux`` (electrons / s in the photometric aperture, local
        background subtracted), ``peak`` (electrons / s in the brightest
        pixel), ``snr``, ``fwhm`` (arcsec, photutils'
        pixel-integrated fit; NaN where there is none) and ``concentration`` (flux inside half the
        aperture over ``flux``), brightest first.
    """
    fwhm = geometry.psf_fwhm_arcsec / native.final_scale_arcsec
    hole = ~(native.wht > 0)
    image = np.where(hole, 0.0, native.sci - sky.median)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NoDetectionsWarning)  # an empty table says the same
        found = dao_stars(
            image, hole, threshold=DETECTION_SIGMA * sky.sigma, fwhm=max(fwhm, 1.0),
            sharpness_range=_ANY, roundness_range=_ANY, min_separation=_SEPARATION_PER_FWHM * fwhm,
        )  # fmt: skip
    positions = (
        np.column_stack([found["x_centroid"], found["y_centroid"]])
        if found is not None
        else np.empty((0, 2))
    )
    scale = native.final_scale_arcsec
    table = photometry(image, hole, positions, geometry, scale=scale, exptime_s=native.exptime_s)
    table["peak"] = np.asarray(found["peak"] if found is not None else [], dtype=float)
    table.sort("snr", reverse=True)
    table["id"] = np.arange(1, len(table) + 1)
    table["fwhm"] = np.full(len(table), np.nan)
    bright = table["snr"] >= min_fit_snr
    if bright.any():
        fit_sizes(table, bright, np.ma.MaskedArray(image, hole), geometry, scale)
    ra, dec = native.wcs.pixel_to_world_values(table["x"], table["y"])
    table["ra"], table["dec"] = np.atleast_1d(ra), np.atleast_1d(dec)
    return table["id", "x", "y", "ra", "dec", "flux", "peak", "snr", "fwhm", "concentration"]


def photometry(
    image: np.ndarray,
    hole: np.ndarray,
    positions: np.ndarray,
    geometry: MeasureGeometry,
    *,
    scale: float,
    exptime_s: float,
) -> Table:
    """Measure light, S/N and concentration of sources at 0-based positions, shape (N, 2)."""
    if len(positions) == 0:
        names = ("x", "y", "flux", "snr", "concentration", "background")
        return Table({name: np.empty(0) for name in names})
    ee_radius = geometry.ee_radius_arcsec / scale
    annulus = ApertureStats(
        image,
        CircularAnnulus(positions, ee_radius, ANNULUS_OVER_EE_RADIUS * ee_radius),
        mask=hole,
    )
    background = np.nan_to_num(np.atleast_1d(annulus.median))
    scatter = np.atleast_1d(annulus.mad_std)
    radius = geometry.aperture_radius_arcsec / scale
    aperture, half = (CircularAperture(positions, r) for r in (radius, radius / 2))
    flux = aperture.do_photometry(image, mask=hole)[0] - background * aperture.area
    inner = half.do_photometry(image, mask=hole)[0] - background * half.area
    with np.errstate(divide="ignore", invalid="ignore"):
        photons = np.maximum(flux, 0.0) / max(exptime_s, 1.0)
        snr = flux / np.sqrt(aperture.area * scatter**2 + photons)
        concentration = inner / flux
    return Table(
        {
            "x": positions[:, 0],
            "y": positions[:, 1],
            "flux": flux,
            "snr": np.nan_to_num(snr),
            "concentration": concentration,
            "background": background,
        }
    )


def noiseless_sources(
    image: np.ma.MaskedArray, positions: np.ndarray, geometry: MeasureGeometry, scale: float
) -> Table:
    """Measure painted sources as those of a product; columns ``fwhm``, ``concentration``, ….

    Parameters
    ----------
    image : 2D masked array
    positions : (N, 2) `~numpy.ndarray`
        0-based pixels.
    geometry : `~hstdriz_study.contracts.MeasureGeometry`
    scale : float
        Of a pixel, arcsec.
    """
    hole = np.ma.getmaskarray(image)
    table = photometry(image.data, hole, positions, geometry, scale=scale, exptime_s=np.inf)
    table["fwhm"] = np.full(len(table), np.nan)
    fit_sizes(table, np.ones(len(table), dtype=bool), image, geometry, scale)
    return table


def fit_sizes(
    table: Table,
    bright: np.ndarray,
    image: np.ma.MaskedArray,
    geometry: MeasureGeometry,
    scale: float,
) -> None:
    """Fit the bright sources, in place: column ``fwhm`` (arcsec), and better positions."""
    x, y = (np.asarray(table[name][bright], dtype=float) for name in ("x", "y"))
    box = fit_box_pixels(geometry.fit_box_arcsec, scale)
    fwhm = geometry.psf_fwhm_arcsec / scale
    stars = windows_in(image.data, x, y, box // 2, np.ma.getmaskarray(image))
    background = np.asarray(table["background"][bright], dtype=float)[:, None, None]
    fit = fit_prf(replace(stars, pixels=stars.pixels - background), fwhm)
    good = np.hypot(fit.dx, fit.dy) < box / 2
    table["fwhm"][bright] = np.where(good, fit.fwhm * scale, np.nan)
    table["x"][bright] = np.where(good, x + fit.dx, x)
    table["y"][bright] = np.where(good, y + fit.dy, y)
