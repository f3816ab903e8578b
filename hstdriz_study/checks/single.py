"""From one prepared exposure to the stars that it shows by itself, with its sky and noise.

Pixels flagged as cosmic rays are used like others: misalignment is what makes AstroDrizzle flag
stars. A real cosmic ray lies at another place in every exposure, so no other shares it.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from astropy.io import fits

from hstdriz_study.checks.levels import chip_level, rates
from hstdriz_study.good_bits import COSMIC_RAY_BIT
from hstdriz_study.optics.detector import SATURATED_BIT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.checks.levels import ChipLevel
    from hstdriz_study.contracts import Chip

MAX_SOURCES = 1000
"""The brightest are kept; where cosmic rays abound the stars must be among them."""

DETECTION_SIGMA = 8.0
_EDGE_PX = 8


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
    for chip in chips:
        with fits.open(path) as hdus:  # a chip at a time: what is read of one goes with it
            level, sources = _looked_at(hdus, chip, fwhm_arcsec, good_bits)
        levels.append(level)
        if sources is not None:
            found.append(sources)
    columns = zip(*(vars(one).values() for one in found), strict=True)
    sources = Sources(*map(np.concatenate, columns)) if found else _NOTHING
    return SingleExposure(path, tuple(levels), sources.taken(_brightest(sources)))


def _looked_at(
    hdus: fits.HDUList, chip: Chip, fwhm_arcsec: float, good_bits: int | None
) -> tuple[ChipLevel, Sources | None]:
    """Return the level of a chip, and its sources where it has noise."""
    level = chip_level(hdus, chip.extver, good_bits)
    if not level.noise > 0:
        return level, None
    image, bad = rates(hdus, chip.extver, good_bits)
    return level, _found(hdus, level, image, bad, fwhm_arcsec / chip.linear_scale_arcsec)


def _brightest(sources: Sources) -> np.ndarray:
    """Return the brightest, half of them from those that are not flagged as cosmic rays."""
    order = np.argsort(sources.peak_snr)[::-1]
    flagged = sources.flagged[order].astype(bool)
    clean, hit = order[~flagged], order[flagged]
    n_hit = max(MAX_SOURCES // 2, MAX_SOURCES - len(clean))
    return np.concatenate([clean[: MAX_SOURCES - min(n_hit, len(hit))], hit[:n_hit]])


def _found(
    hdus: fits.HDUList, level: ChipLevel, image: np.ndarray, bad: np.ndarray, fwhm_px: float
) -> Sources:
    """Find the sources of one chip, but saturated ones."""
    from photutils.utils.exceptions import NoDetectionsWarning
    from stwcs.wcsutil import HSTWCS

    from hstdriz_study.measure.peaks import dao_stars

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NoDetectionsWarning)
        table = dao_stars(
            np.where(bad, 0.0, image - level.sky), bad,
            threshold=DETECTION_SIGMA * level.noise, fwhm=max(fwhm_px, 1.5),
            sharpness_range=(0.0, 1.0), exclude_border=True,
        )  # fmt: skip
    if table is None:
        return _NOTHING
    x, y, peak = (np.asarray(table[n], float) for n in ("x_centroid", "y_centroid", "peak"))
    flags = hdus["DQ", level.extver].data
    inside = well_inside(x, y, image.shape)
    x, y, peak = x[inside], y[inside], peak[inside]
    saturated = (flags[squares(x, y, 3)] & SATURATED_BIT > 0).any(axis=(1, 2))
    hit = flags[np.rint(y).astype(int), np.rint(x).astype(int)] & COSMIC_RAY_BIT > 0
    ra, dec = to_sky(HSTWCS(hdus, ("SCI", level.extver)), x, y)
    found = Sources(np.full(len(x), level.extver), x, y, ra, dec, peak / level.noise, hit)
    return found.taken(~saturated)


def well_inside(x: np.ndarray, y: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Tell which pixels lie so far inside a chip that all that is measured does."""
    rows, columns = shape
    return (
        (x > _EDGE_PX) & (y > _EDGE_PX) & (x < columns - 1 - _EDGE_PX) & (y < rows - 1 - _EDGE_PX)
    )


def squares(x: np.ndarray, y: np.ndarray, side_px: int) -> tuple[np.ndarray, np.ndarray]:
    """Return rows and columns of the square around each position, shape (N, side, side)."""
    step = np.arange(side_px) - side_px // 2
    rows, columns = (np.rint(place).astype(int)[:, None, None] for place in (y, x))
    down, along = np.broadcast_arrays(rows + step[:, None], columns + step)
    return down, along


def to_sky(wcs: Any, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return right ascension and declination, degrees; stwcs does not take empty lists."""
    return wcs.all_pix2world(x, y, 0) if len(x) else (np.empty(0), np.empty(0))
