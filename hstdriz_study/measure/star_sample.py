"""From the star patches of a point to registered, background-subtracted stars."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from astropy.stats import SigmaClippedStats
from astropy.utils.exceptions import AstropyUserWarning

from hstdriz_study.errors import MetricUnavailableError
from hstdriz_study.measure.memo import once_per_point
from hstdriz_study.measure.profile import gaussians
from hstdriz_study.measure.registration import Registration, register
from hstdriz_study.measure.windows import Windows, windows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.contracts import MeasureContext, Patch, PointPixels

SNR_CAP = 100.0
"""Stars brighter than this weigh no more: beyond it, differences between stars
and not photon noise make their scatter."""

_MIN_VALID_CORE = 0.5
_MAX_SHIFT_PER_FWHM = 1.0
_REACH_PER_FWHM = 3.0  # so that a first guess may be far too small


@dataclass(frozen=True)
class StarSample:
    """The stars of one point, in pixels of its grid.

    Attributes
    ----------
    images : (N, n, n) `~numpy.ndarray`
        Background-subtracted patches, electrons per second per pixel; NaN
        where there is no data.
    registration : `~hstdriz_study.measure.registration.Registration`
        Centres, in pixels of ``images``, fluxes and common profile.
    star_weights : (N,) `~numpy.ndarray`
        Weight of each star in averages; 0 for a star that is not usable here.
    """

    images: np.ndarray
    registration: Registration
    star_weights: np.ndarray

    @property
    def n_usable(self) -> int:
        """Number of stars that take part."""
        return int(np.count_nonzero(self.star_weights))

    def aperture_sums(self, radii: np.ndarray) -> np.ndarray:
        """Sum each star inside circles of some radii (pixels), holes filled.

        Returns
        -------
        sums : (N, R) `~numpy.ndarray`
            0 for a star that is not usable.
        """
        sums = np.zeros((len(self.images), len(radii)))
        around = self.around_stars(float(radii.max()))
        sums[self.star_weights > 0] = np.column_stack([around.circle_sums(r) for r in radii])
        return sums

    def around_stars(self, radius: float) -> Windows:
        """Cut windows that hold a circle around each usable star, holes filled.

        By the common profile as far out as it was fitted; beyond, a hole
        becomes 0, the local background.
        """
        stars = np.flatnonzero(self.star_weights)
        found, half = self.registration, int(np.ceil(radius))
        cut = windows(self.images[stars], found.x[stars], found.y[stars], half)
        star, row, column = np.nonzero(~np.isfinite(cut.pixels))
        squared = cut.dx[star, column] ** 2 + cut.dy[star, row] ** 2
        profile = gaussians(squared, found.sigmas) @ found.coefficients
        known = squared < found.fit_radius**2
        cut.pixels[star, row, column] = np.where(known, found.flux[stars][star] * profile, 0.0)
        return cut


@once_per_point
def star_sample(point: PointPixels, context: MeasureContext) -> StarSample:
    """Register and weigh the stars of a point.

    Raises
    ------
    MetricUnavailableError
        If fewer than ``context.min_stars`` stars are usable.
    """
    geometry, scale = context.regions.geometry, point.final_scale_arcsec
    fwhm = geometry.psf_fwhm_arcsec / scale
    _require(len(point.stars), context.min_stars, fwhm)
    stack = np.array([patch.sci for patch in point.stars])
    x = np.array([patch.x for patch in point.stars])
    y = np.array([patch.y for patch in point.stars])
    background, noise = local_backgrounds(point.stars, geometry.ee_radius_arcsec / scale)
    images = stack - background[:, None, None]

    star_weights = _star_weights(images, noise, x, y, fwhm)
    _require(int(np.count_nonzero(star_weights)), context.min_stars, fwhm)
    window = _window(images.shape[1], fwhm)
    registration = register(
        images[:, window, window], x - window.start, y - window.start, star_weights, fwhm
    )
    registration = registration.shifted(window.start, window.start)
    lost = np.hypot(registration.x - x, registration.y - y) > _MAX_SHIFT_PER_FWHM * fwhm
    star_weights = np.where(lost, 0.0, star_weights)
    _require(int(np.count_nonzero(star_weights)), context.min_stars, fwhm)
    return StarSample(images, registration, star_weights)


def local_backgrounds(
    patches: Sequence[Patch], inner_radius: float
) -> tuple[np.ndarray, np.ndarray]:
    """Measure the sky around each star, beyond ``inner_radius`` pixels.

    Returns
    -------
    background, noise : (N,) `~numpy.ndarray`
        Clipped median and standard deviation per pixel; NaN for a patch
        without data there.
    """
    images, x, y = (np.array([getattr(p, name) for p in patches]) for name in ("sci", "x", "y"))
    pixels = np.arange(images.shape[1])
    squared = (pixels - x[:, None])[:, None, :] ** 2 + (pixels - y[:, None])[:, :, None] ** 2
    outer = squared > inner_radius**2
    # the middle of the patches is nobody's background, their corners have no data
    used = (outer & np.isfinite(images)).any(axis=0)
    values = np.where(outer[:, used], images[:, used], np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AstropyUserWarning)  # NaN marks pixels without data
        warnings.simplefilter("ignore", RuntimeWarning)  # a patch may hold no data at all
        clipped = SigmaClippedStats(values, axis=1, sigma=3.0, maxiters=5)
        return np.asarray(clipped.median()), np.asarray(clipped.std())


def _require(n_stars: int, min_stars: int, fwhm_px: float) -> None:
    if n_stars >= min_stars:
        return
    way_on = "use a richer field or lower measure.min_stars or measure.min_star_snr"
    if fwhm_px < 1.0:
        way_on = "a pixel of this point is wider than a star, use a finer drizzle.final_scale"
    raise MetricUnavailableError(
        f"{n_stars} usable stars, {min_stars} are needed for PSF metrics; {way_on}"
    )


def _star_weights(
    images: np.ndarray, noise: np.ndarray, x: np.ndarray, y: np.ndarray, fwhm: float
) -> np.ndarray:
    """Weigh stars by the inverse variance of their normalised pixels, bounded."""
    radius = max(fwhm, 1.0)
    core = windows(images, x, y, int(np.ceil(radius)))
    near = core.dx[:, None, :] ** 2 + core.dy[:, :, None] ** 2 <= radius**2
    valid = near & np.isfinite(core.pixels)
    n_near, n_valid = near.sum(axis=(1, 2)), valid.sum(axis=(1, 2))
    flux = np.sum(np.where(valid, core.pixels, 0.0), axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        relative_variance = n_valid * (noise / flux) ** 2
        star_weights = 1.0 / (relative_variance + SNR_CAP**-2) / SNR_CAP**2
        usable = (n_valid >= _MIN_VALID_CORE * n_near) & (flux > 0) & np.isfinite(star_weights)
    return np.where(usable, star_weights, 0.0)


def _window(size: int, fwhm: float) -> slice:
    """Cut the middle of a patch that the registration can reach."""
    half = int(np.ceil(_REACH_PER_FWHM * fwhm)) + 2
    middle = size // 2
    return slice(max(0, middle - half), min(size, middle + half + 1))
