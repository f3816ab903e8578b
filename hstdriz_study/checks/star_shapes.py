"""From the sources of one exposure to place, flux, width and shape of each, in it alone."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from astropy.io import fits

from hstdriz_study.checks.levels import rates
from hstdriz_study.checks.single import squares, to_sky, well_inside
from hstdriz_study.measure.elongation import elongation
from hstdriz_study.measure.prf_fit import fit_prf
from hstdriz_study.measure.windows import windows_in
from hstdriz_study.optics.detector import SATURATED_BIT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.checks.single import SingleExposure, Sources
    from hstdriz_study.contracts import Chip

_FIT_BOX_PX, _MOMENT_BOX_PX = 7, 11
_MAX_MOVED_PX = 1.5  # by the fit
_APERTURE_FWHM, _ANNULUS_FWHM = 1.5, (4.0, 6.0)
_SAMPLED_FWHM_PX = 3.5
_MARGIN_PX = 15  # beyond it a misplaced star is still on the chip


@dataclass(frozen=True)
class Measured:
    """Stars of one exposure; nan where a star could not be measured.

    Attributes
    ----------
    ra_deg, dec_deg : `~numpy.ndarray`
    flux : `~numpy.ndarray`
        In a small aperture, a second, by the area that a pixel covers there.
    fwhm_arcsec : `~numpy.ndarray`
        Of a Gaussian with the star's second moments.
    elongation : complex `~numpy.ndarray`
        As `~hstdriz_study.measure.elongation.elongation`, of the second moments on the sky.
    """

    ra_deg: np.ndarray
    dec_deg: np.ndarray
    flux: np.ndarray
    fwhm_arcsec: np.ndarray
    elongation: np.ndarray


def measure_stars(
    exposure: SingleExposure,
    stars: Sources,
    chips: Sequence[Chip],
    *,
    fwhm_arcsec: float,
    good_bits: int | None,
) -> Measured:
    """Measure place, flux, width and shape of sources in the exposure in which they were found."""
    from stwcs.wcsutil import HSTWCS

    columns = np.full((4, len(stars)), np.nan)
    elongations = np.full(len(stars), np.nan, complex)
    with fits.open(exposure.path) as hdus:
        for chip in chips:
            here = np.flatnonzero(stars.extver == chip.extver)
            if len(here) == 0:
                continue
            image, bad = rates(hdus, chip.extver, good_bits)
            fwhm_px = fwhm_arcsec / chip.linear_scale_arcsec
            x, y, flux, moments = _fitted(image, bad, stars.x[here], stars.y[here], fwhm_px)
            wcs = HSTWCS(hdus, ("SCI", chip.extver))
            ra, dec = to_sky(wcs, x, y)
            pixels = _pixels_arcsec(wcs, x, y, ra, dec)
            side = np.sqrt(np.abs(_determinants(pixels)))
            columns[:, here] = ra, dec, flux * side**2, moments.fwhm * side
            elongations[here] = elongation(pixels @ moments.own @ pixels.transpose(0, 2, 1))
    ra_deg, dec_deg, flux, widths = columns
    return Measured(ra_deg, dec_deg, flux, widths, elongations)


def _fitted(
    image: np.ndarray, bad: np.ndarray, x: np.ndarray, y: np.ndarray, fwhm_px: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, Moments]:
    """Return x, y, flux and moments in pixels; nan where the fit runs away or the core is bad."""
    from photutils.aperture import ApertureStats, CircularAnnulus, CircularAperture

    positions, radius = np.column_stack([x, y]), max(_APERTURE_FWHM * fwhm_px, 2.5)
    inner, outer = (max(factor * fwhm_px, 2 * radius) for factor in _ANNULUS_FWHM)
    annulus = CircularAnnulus(positions, inner, max(outer, inner + 2))
    aperture = CircularAperture(positions, radius)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a star without a number, which is dropped below
        level = np.nan_to_num(ApertureStats(image, annulus, mask=bad).median)
        total, _ = aperture.do_photometry(np.where(bad, 0.0, image))
        spoilt, _ = aperture.do_photometry(bad.astype(float))
    stars = windows_in(image, x, y, _FIT_BOX_PX // 2, bad)
    above = replace(stars, pixels=stars.pixels - level[:, None, None])
    dx, dy, width = fit_prf(above, max(fwhm_px, 1.2))
    gone = ~(np.hypot(dx, dy) <= _MAX_MOVED_PX) | ~(width > 0) | (spoilt > 0)
    dx, dy, flux = (np.where(gone, np.nan, one) for one in (dx, dy, total - level * aperture.area))
    moments = _moments(
        image[squares(x, y, _MOMENT_BOX_PX)], level,
        positions + np.column_stack([dx, dy]) - np.rint(positions), fwhm_px,
    )  # fmt: skip
    return x + dx, y + dy, flux, moments


class Moments(NamedTuple):
    """Second moments of stars, pixels; nan where noise has left none.

    Attributes
    ----------
    own : (N, 2, 2) `~numpy.ndarray`
    fwhm : (N,) `~numpy.ndarray`
        Of a round Gaussian with their mean.
    """

    own: np.ndarray
    fwhm: np.ndarray


def _moments(boxes: np.ndarray, level: np.ndarray, centres: np.ndarray, fwhm_px: float) -> Moments:
    """Measure moments under a Gaussian weight, whose width is taken out again.

    A fit of the core would vary by a tenth with the sub-pixel phase of undersampled stars, moments
    do by a few per cent.
    """
    step = np.arange(boxes.shape[2]) - boxes.shape[2] // 2
    x, y = (step - one[:, None] for one in centres.T)
    radius2 = x[:, None, :] ** 2 + y[:, :, None] ** 2
    weight_variance = max(fwhm_px, _SAMPLED_FWHM_PX) ** 2 / 4
    light = (boxes - level[:, None, None]) * np.exp(-radius2 / (2 * weight_variance))
    with np.errstate(invalid="ignore", divide="ignore"):
        total = light.sum(axis=(1, 2))
        variance = (light * radius2).sum(axis=(1, 2)) / total / 2
        mean = 1 / (1 / variance - 1 / weight_variance)
        fwhm = np.where(mean > 0, math.sqrt(8 * math.log(2)) * np.sqrt(mean), np.nan)
        products = (x[:, None, :] ** 2, x[:, None, :] * y[:, :, None], y[:, :, None] ** 2)
        xx, xy, yy = (np.sum(light * one, axis=(1, 2)) / total for one in products)
        seen = np.array([[xx, xy], [xy, yy]]).transpose(2, 0, 1)
        return Moments(_without_weight(seen, weight_variance), fwhm)


def _without_weight(seen: np.ndarray, weight_variance: float) -> np.ndarray:
    """Take a round weight out of the moments of Gaussians; nan where more than they are is."""
    known = np.isfinite(seen).all(axis=(1, 2))
    inverse = np.full_like(seen, np.nan)
    inverse[known] = np.linalg.pinv(seen[known]) - np.eye(2) / weight_variance
    known &= np.nan_to_num(_determinants(inverse)) > 0
    own = np.full_like(seen, np.nan)
    own[known] = np.linalg.inv(inverse[known])
    return own


def _determinants(matrices: np.ndarray) -> np.ndarray:
    """Return determinants of 2 x 2 matrices; numpy's own warns of nan."""
    (a, b), (c, d) = matrices.transpose(1, 2, 0)
    return np.asarray(a * d - b * c)


def _pixels_arcsec(
    wcs: Any, x: np.ndarray, y: np.ndarray, ra: np.ndarray, dec: np.ndarray
) -> np.ndarray:
    """Return how far east and north a pixel along x and y leads at each star, shape (N, 2, 2)."""
    steps = []
    for dx, dy in ((1, 0), (0, 1)):
        east, north = np.array(to_sky(wcs, x + dx, y + dy)) - (ra, dec)
        steps.append((((east + 180) % 360 - 180) * np.cos(np.radians(dec)), north))
    return 3600.0 * np.array(steps).transpose(2, 1, 0)


def is_seen(
    path: Path,
    chips: Sequence[Chip],
    ra_deg: np.ndarray,
    dec_deg: np.ndarray,
    good_bits: int | None,
) -> np.ndarray:
    """Tell which positions lie well inside a chip where no pixel is bad or saturated."""
    from stwcs.wcsutil import HSTWCS

    seen = np.zeros(len(ra_deg), bool)
    if len(ra_deg) == 0:  # stwcs does not take empty lists
        return seen
    with fits.open(path) as hdus:
        for chip in chips:
            wcs = HSTWCS(hdus, ("SCI", chip.extver))
            x, y = wcs.all_world2pix(ra_deg, dec_deg, 0, quiet=True)
            _, bad = rates(hdus, chip.extver, good_bits)
            flags = bad | (hdus["DQ", chip.extver].data & SATURATED_BIT > 0)
            with np.errstate(invalid="ignore"):
                here = well_inside(x, y, tuple(n - _MARGIN_PX for n in chip.shape))
                here &= (x > _MARGIN_PX) & (y > _MARGIN_PX)
            here[here] = ~flags[squares(x[here], y[here], 5)].any(axis=(1, 2))
            seen |= here
    return seen
