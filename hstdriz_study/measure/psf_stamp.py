"""From patches of noiseless stars to one stamp of the drizzled PSF."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.foreign import without_package_survey
from hstdriz_study.measure.registration import register

with without_package_survey():
    from photutils.profiles import CurveOfGrowth

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.contracts import Patch


@dataclass(frozen=True)
class PsfStamp:
    """A drizzled PSF.

    Attributes
    ----------
    values : (n, n) `~numpy.ndarray`
        ``n`` is odd, the star at the middle pixel; unit sum over the circle of
        ``radius_arcsec``, 0 outside it.
    spread : (n, n) `~numpy.ndarray`
        Standard deviation over the stars, which fall on different phases of the
        detector pixels.
    final_scale_arcsec : float
    radius_arcsec : float
    n_stars : int
    """

    values: np.ndarray
    spread: np.ndarray
    final_scale_arcsec: float
    radius_arcsec: float
    n_stars: int

    @property
    def middle(self) -> int:
        """Row and column of the star."""
        return len(self.values) // 2

    def fwhm_arcsec(self, first_guess_arcsec: float) -> float:
        """Measure the width as ``psf/fwhm_arcsec`` does."""
        return fwhm_px(self.values, first_guess_arcsec / self.final_scale_arcsec) * (
            self.final_scale_arcsec
        )

    def energy_radius_arcsec(self, fraction: float) -> float:
        """Radius that holds a fraction of the light of the stamp."""
        radii = np.linspace(0.25, self.middle, 4 * self.middle + 1)
        growth = CurveOfGrowth(self.values, (self.middle, self.middle), radii)
        return float(growth.calc_radius_at_ee(fraction)) * self.final_scale_arcsec

    def cropped(self, radius_arcsec: float) -> PsfStamp:
        """Return the same PSF inside a smaller circle, normalised anew."""
        half = int(radius_arcsec / self.final_scale_arcsec)
        near = slice(self.middle - half, self.middle + half + 1)
        values, spread = _normalised(self.values[near, near], self.spread[near, near])
        radius_arcsec = half * self.final_scale_arcsec
        return PsfStamp(values, spread, self.final_scale_arcsec, radius_arcsec, self.n_stars)


def fwhm_px(image: np.ndarray, first_guess_px: float) -> float:
    """Half-maximum width of a star at the middle of an image, pixels."""
    middle, one = np.array([len(image) // 2], float), np.ones(1)
    found = register(image[None], middle, middle, one, first_guess_px)
    return float(found.fwhm(one[None])[0])


def psf_stamp(patches: Sequence[Patch], half_px: int, final_scale_arcsec: float) -> PsfStamp:
    """Average stars of equal flux whose positions are centres of pixels.

    Parameters
    ----------
    patches : sequence of `~hstdriz_study.contracts.Patch`
        At least ``half_px`` pixels on every side of the star.
    half_px : int
        The stamp has ``2 half_px + 1`` pixels a side.
    final_scale_arcsec : float
    """
    cut = []
    for patch in patches:
        x, y = round(patch.x), round(patch.y)
        cut.append(patch.sci[y - half_px : y + half_px + 1, x - half_px : x + half_px + 1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a pixel may lie off every exposure
        mean, spread = np.nanmean(cut, axis=0), np.nanstd(cut, axis=0)
    values, spread = _normalised(np.nan_to_num(mean), np.nan_to_num(spread))
    return PsfStamp(values, spread, final_scale_arcsec, half_px * final_scale_arcsec, len(patches))


def _normalised(values: np.ndarray, spread: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    half = len(values) // 2
    rows, columns = np.indices(values.shape) - half
    inside = np.hypot(rows, columns) <= half
    total = values[inside].sum()
    return np.where(inside, values, 0.0) / total, np.where(inside, spread, 0.0) / total
