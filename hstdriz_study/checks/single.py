"""From one prepared exposure to the stars, the sky and the noise that it shows by itself.

Pixels flagged as cosmic rays are used like others: misalignment is what makes AstroDrizzle flag
stars. A real cosmic ray lies at another place in every exposure, so no other shares it.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from astropy.io import fits
from astropy.utils.exceptions import AstropyUserWarning
from scipy.ndimage import maximum_filter

from hstdriz_study.good_bits import COSMIC_RAY_BIT, good_pixels, with_cosmic_rays
from hstdriz_study.optics.detector import SATURATED_BIT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.contracts import Chip

MAX_SOURCES = 1000
"""The brightest are kept; where cosmic rays abound the stars must be among them."""

DETECTION_SIGMA = 8.0
_FIT_BOX_PX, _MOMENT_BOX_PX = 7, 11
_APERTURE_FWHM, _ANNULUS_FWHM = 1.5, (4.0, 6.0)
_EDGE_PX = 8
_SAMPLED_FWHM_PX = 3.5
_MARGIN_PX = 15  # beyond it a misplaced star is still on the chip
_NORMAL_MAD = 0.6744897501960817  # MAD of the normal distribution, in sigma
_DARKEST = 0.4  # of the places, where no source adds noise of its own


@dataclass(frozen=True)
class ChipLevel:
    """Sky and noise of one chip, electrons (or counts) a second and pixel.

    Attributes
    ----------
    extver : int
    exptime_s : float
    good_fraction, cosmic_ray_fraction : float
        Of all pixels, those no flag makes bad (cosmic rays left aside), and those flagged as
        cosmic rays.
    sky, noise : float
        Median of the good pixels, and standard deviation of a pixel in the darkest parts; nan
        without good pixels, noise 0 when all are equal.
    noise_over_error : float
        Noise by what the ERR array says of the same pixels; nan without one.
    """

    extver: int
    exptime_s: float
    good_fraction: float
    cosmic_ray_fraction: float
    sky: float
    noise: float
    noise_over_error: float


@dataclass(frozen=True)
class Sources:
    """What was found in one exposure; arrays have one element a source.

    Attributes
    ----------
    extver : `~numpy.ndarray`
    x, y : `~numpy.ndarray`
        Pixels, from 0.
    ra_deg, dec_deg : `~numpy.ndarray`
    peak_snr : `~numpy.ndarray`
        Brightest pixel above the sky, in units of the noise of a pixel.
    flagged : `~numpy.ndarray`
        Whether the brightest pixel is flagged as a cosmic ray.
    """

    extver: np.ndarray
    x: np.ndarray
    y: np.ndarray
    ra_deg: np.ndarray
    dec_deg: np.ndarray
    peak_snr: np.ndarray
    flagged: np.ndarray

    def __len__(self) -> int:
        return len(self.x)

    def taken(self, which: np.ndarray) -> Sources:
        """Return some of the sources."""
        return Sources(*(one[which] for one in vars(self).values()))


_NOTHING = Sources(np.empty(0, int), *(np.empty(0) for _ in range(6)))


@dataclass(frozen=True)
class SingleExposure:
    """What an exposure shows by itself."""

    path: Path
    levels: tuple[ChipLevel, ...]
    sources: Sources


def look_at(
    path: Path, chips: Sequence[Chip], *, fwhm_arcsec: float, good_bits: int | None
) -> SingleExposure:
    """Measure sky and noise of each chip and find its sources.

    Parameters
    ----------
    path : `~pathlib.Path`
        A prepared exposure.
    chips : sequence of `~hstdriz_study.contracts.Chip`
        Its chips.
    fwhm_arcsec : float
        Of a star.
    good_bits : int or None
        DQ bits that are fine to use; None when all are.
    """
    levels, found = [], []
    with fits.open(path) as hdus:
        for chip in chips:
            image, bad, seconds = _pixels(hdus, chip, good_bits)
            error = _error(hdus, chip, seconds)
            flags = hdus["DQ", chip.extver].data
            level = _level(chip, image, error, bad, flags)
            levels.append(level)
            if level.noise > 0:
                fwhm_px = fwhm_arcsec / chip.linear_scale_arcsec
                found.append(_found(hdus, level, image, bad, fwhm_px))
    columns = zip(*(vars(one).values() for one in found), strict=True)
    sources = Sources(*map(np.concatenate, columns)) if found else _NOTHING
    return SingleExposure(path, tuple(levels), sources.taken(_brightest(sources)))


def _brightest(sources: Sources) -> np.ndarray:
    """Return the brightest, half of them from those that are not flagged as cosmic rays."""
    order = np.argsort(sources.peak_snr)[::-1]
    flagged = sources.flagged[order].astype(bool)
    clean, hit = order[~flagged], order[flagged]
    n_hit = max(MAX_SOURCES // 2, MAX_SOURCES - len(clean))
    return np.concatenate([clean[: MAX_SOURCES - min(n_hit, len(hit))], hit[:n_hit]])


def _pixels(
    hdus: fits.HDUList, chip: Chip, good_bits: int | None
) -> tuple[np.ndarray, np.ndarray, float]:
    """Return the rates of a chip, which of them are bad, and the unit of its pixels in seconds."""
    seconds = chip.exptime_s if chip.in_units == "counts" else 1.0
    image = hdus["SCI", chip.extver].data / np.float32(seconds)
    bad = ~good_pixels(hdus["DQ", chip.extver].data, with_cosmic_rays(good_bits))
    return image, bad | ~np.isfinite(image), seconds


def _error(hdus: fits.HDUList, chip: Chip, seconds: float) -> np.ndarray | None:
    if ("ERR", chip.extver) not in hdus or hdus["ERR", chip.extver].data is None:
        return None
    return np.asarray(hdus["ERR", chip.extver].data / np.float32(seconds))


def _level(
    chip: Chip, image: np.ndarray, error: np.ndarray | None, bad: np.ndarray, flags: np.ndarray
) -> ChipLevel:
    sky, (noise, over_error) = math.nan, (math.nan, math.nan)
    if not bad.all():
        sky, (noise, over_error) = float(np.median(image[~bad])), _noise(image, error, bad)
    return ChipLevel(
        chip.extver, chip.exptime_s, float(np.mean(~bad)),
        float(np.mean(flags & COSMIC_RAY_BIT > 0)), sky, noise, over_error,
    )  # fmt: skip


def _noise(image: np.ndarray, error: np.ndarray | None, bad: np.ndarray) -> tuple[float, float]:
    """Return the noise of a pixel, and the same in units of its error.

    From second differences over every other pixel of a row, which smooth structure leaves at 0
    (DER_SNR: Stoehr et al. 2008, ASP Conf. Ser. 394, 505), where their sum is small: both are
    independent for white noise, and sources add none.
    """
    left, middle, right = (slice(None, -4), slice(2, -2), slice(4, None))
    fine = ~(bad[:, left] | bad[:, middle] | bad[:, right])
    one, two, three = (image[:, part][fine] for part in (left, middle, right))
    total = one + two + three
    dark = total <= np.quantile(total, _DARKEST) if total.size else np.zeros(0, bool)
    if not dark.any():
        return math.nan, math.nan
    differences = np.abs(2 * two - one - three)[dark]
    noise = float(np.median(differences) / _NORMAL_MAD / math.sqrt(6))
    if error is None:
        return noise, math.nan
    first, second, third = (error[:, part][fine][dark] for part in (left, middle, right))
    with np.errstate(all="ignore"):
        scaled = differences / np.sqrt(4 * second**2 + first**2 + third**2)
    known = scaled[np.isfinite(scaled)]
    return noise, float(np.median(known) / _NORMAL_MAD) if known.size else math.nan


def _found(
    hdus: fits.HDUList, level: ChipLevel, image: np.ndarray, bad: np.ndarray, fwhm_px: float
) -> Sources:
    """Find the sources of one chip, but saturated ones."""
    from photutils.detection import DAOStarFinder
    from stwcs.wcsutil import HSTWCS

    finder = DAOStarFinder(
        threshold=DETECTION_SIGMA * level.noise, fwhm=max(fwhm_px, 1.5), sharpness_range=(0.0, 1.0),
        exclude_border=True,
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AstropyUserWarning)  # nothing was found
        table = finder(np.where(bad, 0.0, image - level.sky), mask=bad)
    if table is None:
        return _NOTHING
    x, y, peak = (np.asarray(table[n], float) for n in ("x_centroid", "y_centroid", "peak"))
    flags = hdus["DQ", level.extver].data
    inside = _inside(x, y, image.shape)
    x, y, peak = x[inside], y[inside], peak[inside]
    pixel = np.rint(y).astype(int), np.rint(x).astype(int)
    saturated = maximum_filter(flags & SATURATED_BIT > 0, size=3)[pixel]
    hit = (flags & COSMIC_RAY_BIT > 0)[pixel]
    ra, dec = _to_sky(HSTWCS(hdus, ("SCI", level.extver)), x, y)
    found = Sources(np.full(len(x), level.extver), x, y, ra, dec, peak / level.noise, hit)
    return found.taken(~saturated)


def _inside(x: np.ndarray, y: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    rows, columns = shape
    return (
        (x > _EDGE_PX) & (y > _EDGE_PX) & (x < columns - 1 - _EDGE_PX) & (y < rows - 1 - _EDGE_PX)
    )


def _to_sky(wcs: Any, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return right ascension and declination, degrees; stwcs does not take empty lists."""
    return wcs.all_pix2world(x, y, 0) if len(x) else (np.empty(0), np.empty(0))


def _pixel_side_arcsec(
    wcs: Any, x: np.ndarray, y: np.ndarray, ra: np.ndarray, dec: np.ndarray
) -> np.ndarray:
    """Return the square root of the area that the pixel of each star covers."""
    steps = []
    for dx, dy in ((1, 0), (0, 1)):
        east, north = np.array(_to_sky(wcs, x + dx, y + dy)) - (ra, dec)
        steps.append((((east + 180) % 360 - 180) * np.cos(np.radians(dec)), north))
    (a, b), (c, d) = steps
    return 3600.0 * np.sqrt(np.abs(a * d - b * c))


@dataclass(frozen=True)
class Measured:
    """Stars of one exposure; nan where a star could not be measured.

    Attributes
    ----------
    ra_deg, dec_deg : `~numpy.ndarray`
    flux : `~numpy.ndarray`
        In a small aperture, a second, by the area that a pixel covers there.
    fwhm_arcsec : `~numpy.ndarray`
        Of a circular Gaussian integrated over the pixels.
    """

    ra_deg: np.ndarray
    dec_deg: np.ndarray
    flux: np.ndarray
    fwhm_arcsec: np.ndarray


def measure_stars(
    exposure: SingleExposure,
    stars: Sources,
    chips: Sequence[Chip],
    *,
    fwhm_arcsec: float,
    good_bits: int | None,
) -> Measured:
    """Measure position, flux and width of sources in the exposure in which they were found."""
    from stwcs.wcsutil import HSTWCS

    columns = np.full((4, len(stars)), np.nan)
    with fits.open(exposure.path) as hdus:
        for chip in chips:
            here = np.flatnonzero(stars.extver == chip.extver)
            if len(here) == 0:
                continue
            image, bad, _ = _pixels(hdus, chip, good_bits)
            fwhm_px = fwhm_arcsec / chip.linear_scale_arcsec
            x, y, flux, fwhm = _fitted(image, bad, stars.x[here], stars.y[here], fwhm_px)
            wcs = HSTWCS(hdus, ("SCI", chip.extver))
            ra, dec = _to_sky(wcs, x, y)
            side = _pixel_side_arcsec(wcs, x, y, ra, dec)
            columns[:, here] = ra, dec, flux * side**2, fwhm * side
    return Measured(*columns)


def _fitted(
    image: np.ndarray, bad: np.ndarray, x: np.ndarray, y: np.ndarray, fwhm_px: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return x, y, flux and FWHM in pixels; nan where the fit runs away or the core is bad."""
    from photutils.aperture import ApertureStats, CircularAnnulus, CircularAperture
    from photutils.psf import fit_2dgaussian

    positions, radius = np.column_stack([x, y]), max(_APERTURE_FWHM * fwhm_px, 2.5)
    inner, outer = (max(factor * fwhm_px, 2 * radius) for factor in _ANNULUS_FWHM)
    annulus = CircularAnnulus(positions, inner, max(outer, inner + 2))
    aperture = CircularAperture(positions, radius)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a bad fit is dropped below
        level = np.nan_to_num(ApertureStats(image, annulus, mask=bad).median)
        total, _ = aperture.do_photometry(np.where(bad, 0.0, image))
        spoilt, _ = aperture.do_photometry(bad.astype(float))
        results = fit_2dgaussian(
            _above(image, positions, level), xypos=positions, fwhm=max(fwhm_px, 1.2),
            fix_fwhm=False, fit_shape=_FIT_BOX_PX, mask=bad,
        ).results  # fmt: skip
    fit = np.column_stack([np.asarray(results[n], float) for n in ("x_fit", "y_fit", "fwhm_fit")])
    gone = (np.hypot(*(fit[:, :2] - positions).T) > 1.5) | ~(fit[:, 2] > 0) | (spoilt > 0)  # noqa: PLR2004
    fit[gone] = np.nan
    flux = np.where(gone, np.nan, total - level * aperture.area)
    fwhm = _widths(
        image[_around(positions, _MOMENT_BOX_PX)], level, fit[:, :2] - np.rint(positions), fwhm_px
    )
    return fit[:, 0], fit[:, 1], flux, fwhm


def _widths(
    boxes: np.ndarray, level: np.ndarray, centres: np.ndarray, fwhm_px: float
) -> np.ndarray:
    """Return the FWHM of Gaussians with the stars' second moments, pixels.

    Moments under a Gaussian weight, whose width is taken out again; a fit of the core would vary by
    a tenth with the sub-pixel phase of undersampled stars, moments do by a few per cent.
    """
    step = np.arange(boxes.shape[2]) - boxes.shape[2] // 2
    x, y = (step - one[:, None] for one in centres.T)
    radius2 = x[:, None, :] ** 2 + y[:, :, None] ** 2
    weight_variance = max(fwhm_px, _SAMPLED_FWHM_PX) ** 2 / 4
    light = (boxes - level[:, None, None]) * np.exp(-radius2 / (2 * weight_variance))
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = (light * radius2).sum(axis=(1, 2)) / light.sum(axis=(1, 2)) / 2
        own = 1 / (1 / variance - 1 / weight_variance)
        return np.where(own > 0, math.sqrt(8 * math.log(2)) * np.sqrt(own), np.nan)


def _above(image: np.ndarray, positions: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Take the level around each star off the pixels that are fitted."""
    above, around = image.copy(), _around(positions, _FIT_BOX_PX)
    above[around] = image[around] - level[:, None, None]
    return above


def _around(positions: np.ndarray, box_px: int) -> tuple[np.ndarray, np.ndarray]:
    """Return rows and columns of the square around each position."""
    step = np.arange(box_px) - box_px // 2
    columns, rows = np.rint(positions).astype(int).T
    return np.broadcast_arrays(rows[:, None, None] + step[:, None], columns[:, None, None] + step)


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
            _, bad, _ = _pixels(hdus, chip, good_bits)
            flags = bad | (hdus["DQ", chip.extver].data & SATURATED_BIT > 0)
            with np.errstate(invalid="ignore"):
                here = _inside(x, y, tuple(n - _MARGIN_PX for n in chip.shape))
                here &= (x > _MARGIN_PX) & (y > _MARGIN_PX)
            near = maximum_filter(flags, size=5)
            here[here] = ~near[np.rint(y[here]).astype(int), np.rint(x[here]).astype(int)]
            seen |= here
    return seen
