"""From the pixels of one exposure, prepared or not, to sky, noise and what is good of it."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from hstdriz_study.dataset.headers.structure import ARRAYS
from hstdriz_study.dataset.opening import opened, pixels_of
from hstdriz_study.dataset.units import counts_photons, electrons_per_unit, in_units
from hstdriz_study.good_bits import COSMIC_RAY_BIT, good_pixels, with_cosmic_rays
from hstdriz_study.measure.order import median_of_many, quantile_of_many

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from astropy.io import fits

_NORMAL_MAD = 0.6744897501960817  # MAD of the normal distribution, in sigma
_DARKEST = 0.4  # of the places, where no source adds noise of its own
# Side of the blocks of pixels of a detector that counts photons, a few of them in a hundred pixels:
# most pixels hold none, so that their median and its deviation are 0.
_BLOCK_PX = 16


@dataclass(frozen=True)
class ChipLevel:
    """Sky and noise of one chip, electrons (or counts) a second and pixel.

    Attributes
    ----------
    extver : int
    exptime_s : float
    good_fraction, cosmic_ray_fraction : float
        Of all pixels, those with a number that no flag makes bad (cosmic rays left aside), and
        those flagged as cosmic rays.
    number_fraction : float
        Of all pixels, those that are neither NaN nor infinite.
    sky, noise : float
        Median of the good pixels, and standard deviation of a pixel in the darkest parts; nan
        without good pixels, noise 0 when all are equal.
    noise_over_error : float
        Noise by what the ERR array says of the same pixels; nan without one, and where photons
        are counted: ERR is 1 at least there, though most pixels hold none.
    digest : str
        Of the pixels as they are in the file.
    """

    extver: int
    exptime_s: float
    good_fraction: float
    cosmic_ray_fraction: float
    number_fraction: float
    sky: float
    noise: float
    noise_over_error: float
    digest: str

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> ChipLevel:
        """Read a level; JSON has null where a number was not finite."""
        known: dict[str, Any] = {n: math.nan if one is None else one for n, one in kept.items()}
        return cls(**known)


def levels_of(path: Path, good_bits: int | None) -> tuple[ChipLevel, ...]:
    """Measure sky and noise of every chip of an exposure; the file is only read.

    Parameters
    ----------
    path : `~pathlib.Path`
    good_bits : int or None
        DQ bits that are fine to use; None when all are.
    """
    with opened(path) as hdus:
        versions = [hdu.ver for hdu in hdus if hdu.name == "SCI"]
        for extension in product(ARRAYS, versions):
            if extension in hdus:
                pixels_of(path, hdus, *extension)  # here, where the file is known
        return tuple(chip_level(hdus, version, good_bits) for version in versions)


def rates(hdus: fits.HDUList, extver: int, good_bits: int | None) -> tuple[np.ndarray, np.ndarray]:
    """Return the pixels of a chip in electrons (or counts) a second, and which of them are bad."""
    image = hdus["SCI", extver].data / np.float32(_one_a_second(hdus, extver))
    bad = ~good_pixels(hdus["DQ", extver].data, with_cosmic_rays(good_bits))
    return image, bad | ~np.isfinite(image)


def _one_a_second(hdus: fits.HDUList, extver: int) -> float:
    """Return what one electron (or count) a second is in the unit of the pixels."""
    primary, header = hdus[0].header, hdus["SCI", extver].header
    counts = in_units(header.get("BUNIT"), primary.get("DETECTOR")) == "counts"
    return (float(primary["EXPTIME"]) if counts else 1.0) / electrons_per_unit(header)


def chip_level(hdus: fits.HDUList, extver: int, good_bits: int | None) -> ChipLevel:
    """Measure one chip; arguments as those of `levels_of`."""
    science, flags = hdus["SCI", extver].data, hdus["DQ", extver].data
    image, bad = rates(hdus, extver, good_bits)
    sky = noise = over_error = math.nan
    if not bad.all() and counts_photons(hdus[0].header.get("DETECTOR")):
        sky, noise = _photon_level(image, bad)
    elif not bad.all():
        sky = float(median_of_many(image[~bad]))
        dark, deviation = _deviation(image, bad)
        del image  # a chip's own error is as large
        noise = _noise(deviation)
        over_error = _over_error(deviation, dark, _error(hdus, extver))
    return ChipLevel(
        extver, float(hdus[0].header["EXPTIME"]), float(np.mean(~bad)),
        float(np.mean(flags & COSMIC_RAY_BIT > 0)), float(np.mean(np.isfinite(science))),
        sky, noise, over_error, hashlib.sha256(science.tobytes()).hexdigest(),
    )  # fmt: skip


def _error(hdus: fits.HDUList, extver: int) -> np.ndarray | None:
    if ("ERR", extver) not in hdus or hdus["ERR", extver].data is None:
        return None
    return np.asarray(hdus["ERR", extver].data / np.float32(_one_a_second(hdus, extver)))


def _photon_level(image: np.ndarray, bad: np.ndarray) -> tuple[float, float]:
    """Return sky and noise of a pixel from means of blocks, which hold photons enough."""
    rows, columns = (size // _BLOCK_PX * _BLOCK_PX for size in image.shape)
    shape = (rows // _BLOCK_PX, _BLOCK_PX, columns // _BLOCK_PX, _BLOCK_PX)
    good = ~bad[:rows, :columns].reshape(shape)
    number = good.sum(axis=(1, 3))
    light = (image[:rows, :columns].reshape(shape) * good).sum(axis=(1, 3))
    few = number < _BLOCK_PX**2 / 2
    means = light / np.where(few, 1, number)
    if few.all():
        return math.nan, math.nan
    return float(np.median(means[~few])), _BLOCK_PX * _noise(_deviation(means, few)[1])


_STEPS = (0, 2, 4)  # from the first of three pixels


def _deviation(image: np.ndarray, bad: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where the darkest three pixels begin, and how far the middle one is off the others.

    Second differences over every other pixel of a row, which smooth structure leaves at 0
    (DER_SNR: Stoehr et al. 2008, ASP Conf. Ser. 394, 505), where their sum is small: both are
    independent for white noise, and sources add none.
    """
    parts = (slice(None, -4), slice(2, -2), slice(4, None))
    fine = ~np.logical_or.reduce([bad[:, part] for part in parts])
    if not fine.any():
        return np.empty(0, int), np.empty(0)
    left, middle, right = (image[:, part] for part in parts)
    with np.errstate(all="ignore"):  # of what is bad
        total = left + middle
        total += right
        dark = fine & (total <= quantile_of_many(total[fine], _DARKEST))
    # by index: a mask without order takes numpy six times as long
    here = np.flatnonzero(np.pad(dark, ((0, 0), (0, 4))))
    first, second, third = (image.take(here + step) for step in _STEPS)
    return here, np.abs(2 * second - first - third)


def _noise(deviation: np.ndarray) -> float:
    """Return the noise of a pixel."""
    if not deviation.size:
        return math.nan
    return float(median_of_many(deviation) / _NORMAL_MAD / math.sqrt(6))


def _over_error(deviation: np.ndarray, here: np.ndarray, error: np.ndarray | None) -> float:
    """Return the noise of a pixel in units of its error."""
    if error is None:
        return math.nan
    first, second, third = (error.take(here + step) for step in _STEPS)
    with np.errstate(all="ignore"):
        scaled = deviation / np.sqrt(4 * second**2 + first**2 + third**2)
    known = scaled[np.isfinite(scaled)]
    return float(median_of_many(known) / _NORMAL_MAD) if known.size else math.nan
