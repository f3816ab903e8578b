"""Fluxes in empty apertures above their surroundings, for sky that diffuse light lies on.

Where light changes over the field, a giant galaxy's or a nebula's, the scatter of empty apertures
is that of the light. A local background, the mean of an annulus, takes its level and its slope
out, and adds the annulus' own noise. How much it adds follows from how the noise of drizzled pixels
is correlated: with weights w on the pixels, the variance is the sum of ``w_i w_j C(i - j)``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.contracts.scatter import spread
from hstdriz_study.measure.correlation import unbiased_autocorrelation
from hstdriz_study.measure.empty_apertures import aperture_sums
from hstdriz_study.measure.windows import circle_parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.contracts import MeasureGeometry, Patch

_INNER_PER_APERTURE = 1.25
_MIN_OUTER_PER_APERTURE = 1.6


def has_room(geometry: MeasureGeometry) -> bool:
    """Tell whether a box of sky holds an annulus around its aperture."""
    return geometry.sky_box_arcsec / 2 >= _MIN_OUTER_PER_APERTURE * geometry.aperture_radius_arcsec


def _radii(geometry: MeasureGeometry, scale_arcsec: float) -> tuple[float, float, float]:
    """Radii of aperture and annulus, pixels; the annulus ends with the box."""
    aperture = geometry.aperture_radius_arcsec / scale_arcsec
    return aperture, _INNER_PER_APERTURE * aperture, geometry.sky_box_arcsec / scale_arcsec / 2


def local_fluxes(
    boxes: Sequence[Patch], geometry: MeasureGeometry, scale_arcsec: float
) -> tuple[np.ndarray, np.ndarray]:
    """Measure the aperture in the middle of each box above the mean of its annulus.

    Parameters
    ----------
    boxes : sequence of `~hstdriz_study.contracts.Patch`
    geometry : `~hstdriz_study.contracts.MeasureGeometry`
    scale_arcsec : float

    Returns
    -------
    fluxes, levels : (N,) `~numpy.ndarray`
        Electrons / s, and those a pixel of the annulus; nan where half of either is missing.
    """
    aperture, inner, outer = _radii(geometry, scale_arcsec)
    flux, within, whole = (aperture_sums(boxes, r)[:, 0] for r in (aperture, inner, outer))
    levels = (whole - within) / (np.pi * (outer**2 - inner**2))
    return flux - levels * np.pi * aperture**2, levels


def at_least_gaussian(sigma: np.ndarray, n_apertures: int) -> np.ndarray:
    """Stretch the resamples of a scatter to the error of a Gaussian sample, where they have less.

    A sample whose tails happen to be light has a small scatter, and its resamples say that it is
    known all the better: of few apertures, the lowest values have the smallest errors. Sums of
    many pixels are Gaussian, and the scatter of n of these is not known to better than
    ``1 / sqrt(2 (n - 1))`` of it (Cramer 1946, Mathematical Methods of Statistics, section 27.7).

    Parameters
    ----------
    sigma : (1 + n_bootstrap,) `~numpy.ndarray`
        The scatter of all apertures, then of the resamples.
    n_apertures : int
        How many, each in a box of its own.

    Returns
    -------
    sigma : (1 + n_bootstrap,) `~numpy.ndarray`
        The first as it was.
    """
    stated = spread(sigma[1:])
    if n_apertures < 2 or not stated > 0:  # noqa: PLR2004  one value has no scatter
        return sigma
    # `bootstrap_metric` stretches the resamples by sqrt(n / (n - 1)) in turn
    known = sigma[0] / math.sqrt(2 * n_apertures)
    return np.asarray(sigma[0] + max(1.0, known / stated) * (sigma - sigma[0]))


def annulus_factor(
    flattened: np.ndarray, geometry: MeasureGeometry, scale_arcsec: float, reach: int
) -> float:
    """Return the noise of an aperture above its annulus by that of the aperture alone.

    Parameters
    ----------
    flattened : (N, n, n) `~numpy.ndarray`
        Boxes of sky without light; NaN on pixels that do not count.
    geometry, scale_arcsec
        As in `local_fluxes`.
    reach : int
        Largest lag at which pixels are correlated.
    """
    # here, because most fields have no diffuse light
    from scipy.signal import correlate

    aperture, inner, outer = _radii(geometry, scale_arcsec)
    half = int(np.ceil(outer))
    offsets = np.arange(-half, half + 1.0)[None]
    inside, near, far = (circle_parts(offsets, offsets, r)[0] for r in (aperture, inner, outer))
    above = inside - (far - near) * inside.sum() / (far - near).sum()
    known = unbiased_autocorrelation(flattened, reach)
    lags = slice(2 * half - reach, 2 * half + reach + 1)
    alone, both = (np.sum(correlate(w, w)[lags, lags] * known) for w in (inside, above))
    return float(np.sqrt(both / alone))
