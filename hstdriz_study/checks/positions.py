"""From prepared exposures to where each of them sees the stars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from astropy.io import fits
from scipy.ndimage import uniform_filter

from hstdriz_study.good_bits import good_pixels, with_cosmic_rays
from hstdriz_study.measure.order import median_of_many
from hstdriz_study.measure.prf_fit import fit_prf
from hstdriz_study.measure.windows import windows_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SEARCH_PX = 3
"""How far from where the drizzled image has it a star is looked for, native pixels."""

_FIT_BOX_PX = 5
_HALF_SIDE_PX = SEARCH_PX + _FIT_BOX_PX // 2 + 1
_ARCSEC_PER_DEG = 3600.0


def star_offsets(
    exposures: Sequence[Path],
    ra_deg: np.ndarray,
    dec_deg: np.ndarray,
    *,
    fwhm_px: float,
    good_bits: int | None,
) -> np.ndarray:
    """Measure the sky position of each star in each exposure, through the exposure's own WCS.

    The brightest spot near the expected place is fitted with a Gaussian
    integrated over the pixels. Pixels flagged as
    cosmic rays are used like others, because misalignment is what makes
    AstroDrizzle flag the stars; a real cosmic ray in the core gives a wrong
    position, so the offsets want a robust average.

    Parameters
    ----------
    exposures : sequence of `~pathlib.Path`
        Prepared exposures, with SCI and DQ.
    ra_deg, dec_deg : 1D `~numpy.ndarray`
        Expected positions of the N stars, degrees.
    fwhm_px : float
        First guess, native pixels.
    good_bits : int or None
        DQ bits that are fine to use; None when all are.

    Returns
    -------
    (E, N, 2) `~numpy.ndarray`
        East and north from the expected position, arcsec; NaN where a star is
        not on the exposure or the fit failed.
    """
    if len(ra_deg) == 0:  # stwcs does not take empty lists
        return np.empty((len(exposures), 0, 2))
    return np.array([_in_exposure(path, ra_deg, dec_deg, fwhm_px, good_bits) for path in exposures])


def _in_exposure(
    path: Path, ra_deg: np.ndarray, dec_deg: np.ndarray, fwhm_px: float, good_bits: int | None
) -> np.ndarray:
    from stwcs.wcsutil import HSTWCS

    offsets = np.full((len(ra_deg), 2), np.nan)
    with fits.open(path) as hdus:
        for sci in (hdu for hdu in hdus if hdu.name == "SCI"):
            wcs = HSTWCS(hdus, ("SCI", sci.ver))
            expected = np.column_stack(wcs.all_world2pix(ra_deg, dec_deg, 0, quiet=True))
            limits = np.array(sci.shape[::-1]) - _HALF_SIDE_PX - 1
            with np.errstate(invalid="ignore"):
                on_chip = ((expected > _HALF_SIDE_PX) & (expected < limits)).all(axis=1)
            if on_chip.any():
                bad = ~good_pixels(hdus["DQ", sci.ver].data, with_cosmic_rays(good_bits))
                fitted = _fitted(sci.data, bad, expected[on_chip], fwhm_px)
                offsets[on_chip] = _on_sky(wcs, fitted, ra_deg[on_chip], dec_deg[on_chip])
    return offsets


def _fitted(data: np.ndarray, bad: np.ndarray, expected: np.ndarray, fwhm_px: float) -> np.ndarray:
    """Fit the brightest spot near each expected pixel; NaN where the fit runs away."""
    level = median_of_many(data[~bad]) if not bad.all() else 0.0
    image = np.where(bad | ~np.isfinite(data), 0.0, data - level)
    spots = np.array([_brightest(image, position) for position in expected])
    fit = fit_prf(windows_in(image, spots[:, 0], spots[:, 1], _FIT_BOX_PX // 2, bad), fwhm_px)
    moved = np.column_stack([fit.dx, fit.dy])
    return np.where(np.hypot(*moved.T)[:, None] > _FIT_BOX_PX / 2, np.nan, spots + moved)


def _brightest(image: np.ndarray, position: np.ndarray) -> tuple[int, int]:
    """Return the pixel x, y around which 3 x 3 pixels are brightest, near a position."""
    column, row = np.rint(position).astype(int)
    half = SEARCH_PX + 1
    cut = image[row - half : row + half + 1, column - half : column + half + 1]
    summed = uniform_filter(cut, size=3)[1:-1, 1:-1]
    dy, dx = np.unravel_index(np.argmax(summed), summed.shape)
    return int(column - SEARCH_PX + dx), int(row - SEARCH_PX + dy)


def _on_sky(wcs: Any, pixels: np.ndarray, ra_deg: np.ndarray, dec_deg: np.ndarray) -> np.ndarray:
    """Return east and north of the expected positions, arcsec.

    `~astropy.coordinates.SkyCoord.spherical_offsets_to` differs by up to 3e-10 arcsec
    (astropy 8.0.2, the simulated sets of five filters), which is the rounding of degrees and
    would change the eighth digit of ``exposures/misalignment_arcsec``.
    """
    ra, dec = wcs.all_pix2world(pixels, 0).T
    around = (ra - ra_deg + 180) % 360 - 180
    return _ARCSEC_PER_DEG * np.column_stack([around * np.cos(np.radians(dec_deg)), dec - dec_deg])
