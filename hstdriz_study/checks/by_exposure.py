"""From exposures side by side to the PSF of each, and what leaving it out would change."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from astropy import units as u
from astropy.table import QTable

from hstdriz_study.checks.differences import MEDIAN_OVER_MEAN, MIN_STARS, against_others, scatter
from hstdriz_study.contracts import MIN_EXPOSURES
from hstdriz_study.measure.depth_change import depth_change
from hstdriz_study.measure.elongation import ellipticity as one_minus_axis_ratio

if TYPE_CHECKING:
    from hstdriz_study.checks.seen import SideBySide
    from hstdriz_study.checks.settings import CheckLimits
    from hstdriz_study.measure.depth_change import DepthChange


class LeftOut(NamedTuple):
    """What the combination of all exposures but one would be, estimated.

    Attributes
    ----------
    fwhm_ratio : float
        Its width by that of all: the mean of the squared widths of single exposures, weighted by
        exposure time. Nan where a width is not known.
    depth : `~hstdriz_study.measure.depth_change.DepthChange`
        From exposure times alone.
    """

    fwhm_ratio: float
    depth: DepthChange


def width_ratios(seen: SideBySide, limit: float = np.inf) -> tuple[np.ndarray, np.ndarray]:
    """Return the width of stars in each exposure by that of the same stars in the others.

    Parameters
    ----------
    seen : `~hstdriz_study.checks.side_by_side.SideBySide`
    limit : float, optional
        Exposures surely off by more are not among those that are compared with.

    Returns
    -------
    ratio, err : (E,) `~numpy.ndarray`
        Nan with fewer than `MIN_STARS` stars in common.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        found = against_others(np.log(seen.fwhm_arcsec), np.log1p(limit))
    enough = found.n_stars >= MIN_STARS
    ratio = np.exp(np.where(enough, found.value, np.nan).astype(float))
    return ratio, ratio * np.where(enough, found.err, np.nan)


def left_out(seen: SideBySide, number: int, ratios: np.ndarray) -> LeftOut | None:
    """Estimate what leaving one exposure out would give; None where too few would be left.

    Parameters
    ----------
    seen : `~hstdriz_study.checks.side_by_side.SideBySide`
    number : int
        Of the exposure.
    ratios : (E,) `~numpy.ndarray`
        As `width_ratios` gives them.
    """
    times, squared = seen.exptime_s, ratios**2
    rest = np.arange(len(times)) != number
    if rest.sum() < MIN_EXPOSURES:
        return None
    mean = np.average(squared, weights=times)
    without = np.average(squared[rest], weights=times[rest])
    return LeftOut(float(np.sqrt(without / mean)), depth_change(list(times), list(times[rest])))


def ellipticity(seen: SideBySide) -> tuple[np.ndarray, np.ndarray]:
    """Return ``1 - b/a`` of the median moments of the stars of each exposure, and its error.

    Moments are averaged before the ratio is taken: the noise of a ratio does not average out.
    """
    rows = [_ellipticity(row[np.isfinite(row)]) for row in seen.elongation]
    values, errors = (np.array(column) for column in zip(*rows, strict=True))
    return values, errors


def _ellipticity(elongation: np.ndarray) -> tuple[float, float]:
    if len(elongation) < MIN_STARS:
        return np.nan, np.nan
    middle = complex(np.median(elongation.real), np.median(elongation.imag))
    error = MEDIAN_OVER_MEAN * scatter(elongation - middle) / np.sqrt(len(elongation))
    # near a round star 1 - b/a is the size of the elongation itself
    return one_minus_axis_ratio(abs(middle)), float(error)


def exposures_table(seen: SideBySide, limit: float = np.inf) -> QTable:
    """Return a row an exposure: its PSF on its own pixels, and what leaving it out would give.

    Parameters
    ----------
    seen : `~hstdriz_study.checks.side_by_side.SideBySide`
    limit : float, optional
        As in `width_ratios`.

    Returns
    -------
    table : `~astropy.table.QTable`
        Columns ``exposure``, ``exptime``, ``n_stars``, ``fwhm`` (of Gaussians with the stars'
        second moments, the pixel among them), ``fwhm_err``, ``fwhm_over_others``,
        ``fwhm_over_others_err``, ``ellipticity``, ``ellipticity_err``, ``fwhm_without`` (FWHM of
        the combination of the others by that of all) and ``depth_without``,
        ``depth_without_read_noise`` (deeper than that of all; background or read noise dominates).
        NaN where it is not known.
    """
    ratio, ratio_err = width_ratios(seen, limit)
    rows = [_middle(row[np.isfinite(row)]) for row in seen.fwhm_arcsec]
    fwhm, fwhm_err = (np.array(column) for column in zip(*rows, strict=True))
    shape, shape_err = ellipticity(seen)
    without = [left_out(seen, number, ratio) for number in range(len(seen.names))]
    depths = [(one.depth.background_mag, one.depth.read_noise_mag) if one else _UNKNOWN
              for one in without]  # fmt: skip
    return QTable(
        {
            "exposure": list(seen.names),
            "exptime": seen.exptime_s * u.s,
            "n_stars": np.isfinite(seen.fwhm_arcsec).sum(axis=1),
            "fwhm": fwhm * u.arcsec,
            "fwhm_err": fwhm_err * u.arcsec,
            "fwhm_over_others": ratio,
            "fwhm_over_others_err": ratio_err,
            "ellipticity": shape,
            "ellipticity_err": shape_err,
            "fwhm_without": [one.fwhm_ratio if one else np.nan for one in without],
            "depth_without": np.array([one for one, _ in depths]) * u.mag,
            "depth_without_read_noise": np.array([other for _, other in depths]) * u.mag,
        }
    )


def side_by_side_table(seen: SideBySide, limits: CheckLimits) -> QTable:
    """Return a row an exposure: its place, flux and sky by those of the others, and its pixels.

    Parameters
    ----------
    seen : `~hstdriz_study.checks.side_by_side.SideBySide`
    limits : `~hstdriz_study.checks.CheckLimits`
        Exposures surely beyond them are not among those that are compared with.

    Returns
    -------
    table : `~astropy.table.QTable`
        Columns ``off``, ``off_err`` (distance of its stars from where the others put them),
        ``flux_over_others``, ``flux_over_others_err``, ``sky`` (a second and pixel, mean of the
        chips), ``sky_over_others``, ``good`` and ``cosmic_rays`` (fractions of the pixels). NaN
        where it is not known.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        flux = against_others(np.log(seen.flux), np.log1p(limits.max_flux_difference))
    place = against_others(seen.place_arcsec, np.inf)
    known, placed = flux.n_stars >= MIN_STARS, place.n_stars >= MIN_STARS
    ratio = np.exp(np.where(known, flux.value, np.nan).astype(float))
    sky, good, hit = (
        np.array([np.mean([getattr(chip, name) for chip in chips]) for chips in seen.levels])
        for name in ("sky", "good_fraction", "cosmic_ray_fraction")
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        sky_ratio = [one / np.nanmedian(np.delete(sky, n)) for n, one in enumerate(sky)]
    return QTable(
        {
            "off": np.where(placed, np.abs(place.value), np.nan) * u.arcsec,
            "off_err": np.where(placed, place.err, np.nan) * u.arcsec,
            "flux_over_others": ratio,
            "flux_over_others_err": ratio * np.where(known, flux.err, np.nan),
            "sky": sky,
            "sky_over_others": sky_ratio,
            "good": good,
            "cosmic_rays": hit,
        }
    )


_UNKNOWN = (np.nan, np.nan)


def _middle(values: np.ndarray) -> tuple[float, float]:
    """Return a median and its error."""
    if len(values) < MIN_STARS:
        return _UNKNOWN
    middle = np.median(values)
    return float(middle), float(MEDIAN_OVER_MEAN * scatter(values - middle) / np.sqrt(len(values)))
