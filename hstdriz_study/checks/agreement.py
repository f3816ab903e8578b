"""From where each exposure sees the stars to how well the exposures agree.

If the exposures scatter by sigma on each axis, the drizzled star is the true
one convolved with that scatter; widths of Gaussians add in quadrature, so that
FWHM^2 = FWHM_aligned^2 + 8 ln 2 sigma^2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

MIN_STARS = 3
"""Fewer do not outvote a cosmic ray."""

_N_RESAMPLES = 200
_SIGMA_TO_FWHM = math.sqrt(8 * math.log(2))


@dataclass(frozen=True)
class Misalignment:
    """How far the exposures disagree on where the stars are.

    Attributes
    ----------
    shifts_arcsec : (E, 2) `~numpy.ndarray`
        East and north of each exposure against the mean of all.
    rms_arcsec, rms_err_arcsec : float
        Standard deviation of the shifts on one axis, and its 1-sigma error.
    n_stars : int
        Stars seen by at least two exposures.
    """

    shifts_arcsec: np.ndarray
    rms_arcsec: float
    rms_err_arcsec: float
    n_stars: int

    def fwhm_without(self, fwhm_arcsec: float) -> float:
        """Return the FWHM that a product of perfectly aligned exposures would have, arcsec."""
        return math.sqrt(max(fwhm_arcsec**2 - (_SIGMA_TO_FWHM * self.rms_arcsec) ** 2, 0.0))


def misalignment(offsets_arcsec: np.ndarray, seed: int) -> Misalignment | None:
    """Compare the exposures' shifts, each the median over the stars.

    Parameters
    ----------
    offsets_arcsec : (E, N, 2) `~numpy.ndarray`
        Position of each star in each exposure against one expected position,
        as `~hstdriz_study.checks.positions.star_offsets` gives it; NaN where
        there is none.
    seed : int
        Of the resamples of stars from which the error comes.

    Returns
    -------
    Misalignment or None
        None when an exposure has fewer than `MIN_STARS` positions. Shifts
        only: a rotation shows in them as far as the stars lie to one side.
    """
    seen = np.isfinite(offsets_arcsec).all(axis=2)
    shared = offsets_arcsec[:, seen.sum(axis=0) > 1]
    if len(offsets_arcsec) < 2 or _fewest(shared) < MIN_STARS:  # noqa: PLR2004
        return None
    shifts = _shifts(shared)
    rng = np.random.default_rng(seed)
    n_stars = shared.shape[1]
    resamples = (shared[:, rng.integers(n_stars, size=n_stars)] for _ in range(_N_RESAMPLES))
    spread = [_rms(_shifts(one)) for one in resamples if _fewest(one) > 0]
    return Misalignment(shifts, _rms(shifts), float(np.std(spread)), n_stars)


def _fewest(offsets: np.ndarray) -> int:
    return int(np.isfinite(offsets).all(axis=2).sum(axis=1).min())


def _shifts(offsets: np.ndarray) -> np.ndarray:
    shifts = np.nanmedian(offsets, axis=1)
    return np.asarray(shifts - shifts.mean(axis=0))


def _rms(shifts: np.ndarray) -> float:
    return float(np.sqrt(np.mean(shifts**2)))
