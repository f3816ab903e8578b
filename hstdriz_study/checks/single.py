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
_EDGE_PX = 8
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
            image, bad, seconds = pixels(hdus, chip, good_bits)
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


def pixels(
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
    inside = well_inside(x, y, image.shape)
    x, y, peak = x[inside], y[inside], peak[inside]
    pixel = np.rint(y).astype(int), np.rint(x).astype(int)
    saturated = maximum_filter(flags & SATURATED_BIT > 0, size=3)[pixel]
    hit = (flags & COSMIC_RAY_BIT > 0)[pixel]
    ra, dec = to_sky(HSTWCS(hdus, ("SCI", level.extver)), x, y)
    found = Sources(np.full(len(x), level.extver), x, y, ra, dec, peak / level.noise, hit)
    return found.taken(~saturated)


def well_inside(x: np.ndarray, y: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Tell which pixels lie so far inside a chip that all that is measured does."""
    rows, columns = shape
    return (
        (x > _EDGE_PX) & (y > _EDGE_PX) & (x < columns - 1 - _EDGE_PX) & (y < rows - 1 - _EDGE_PX)
    )


def to_sky(wcs: Any, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return right ascension and declination, degrees; stwcs does not take empty lists."""
    return wcs.all_pix2world(x, y, 0) if len(x) else (np.empty(0), np.empty(0))
