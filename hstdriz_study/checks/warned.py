"""From the numbers of the checks to warnings, each past a limit that is stated."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.contracts import Metric
from hstdriz_study.contracts.metric_table import (
    ELLIPTICITY_CHANGE,
    ENERGY_CHANGE,
    EXPOSURE_FWHM,
    FWHM_CHANGE,
    MISALIGNMENT,
    SAMPLE_SPACING,
    SATURATED_SOURCES,
    SHALLOW_FRACTION,
    STAR_CORE_FLAGGED,
    STAR_COVERAGE,
    WIDEST_EXPOSURE,
)

if TYPE_CHECKING:
    from hstdriz_study.checks.settings import CheckLimits

SHALLOW = 0.8
"""Below this fraction of the full exposure time: 1.25 lg 0.8 = 0.12 mag less deep."""

_SURE_SIGMA = 3.0


@dataclass(frozen=True)
class ExposureChecks:
    """What was found of the exposures of one filter; nan where it could not be.

    Attributes
    ----------
    star_core_flagged_fraction : float
        Of the pixels of the stars' cores, those flagged as cosmic rays.
    misalignment_arcsec, misalignment_err_arcsec : float
        Standard deviation of the exposures' shifts on one axis, and its error.
    fwhm_arcsec, fwhm_aligned_arcsec : float
        Width of the stars in the native-scale product (fit), and what it would
        be without the misalignment.
    n_stars, n_saturated : int
        Good stars, and bright sources rejected for a saturated pixel.
    shallow_fraction : float
        Of the product's area, what has clearly less than the full exposure time.
    sample_spacing_arcsec, sample_spacing_err_arcsec : float
        Finest sampling that the phases of the dithers give: median over the
        field, and standard deviation.
    exposure_fwhm_arcsec, exposure_fwhm_err_arcsec : float
        Width of stars in single exposures, by second moments: median of the exposures, and their
        standard deviation. Here and below, not known of an earlier version's study.
    widest_exposure, widest_exposure_err : float
        Largest width of an exposure over that of the same stars in the others, and its error.
    fwhm_change, fwhm_change_err, energy_change, energy_change_err : float
        From one end of the field to the other, as a fraction of the FWHM and of the light.
    ellipticity_change, ellipticity_change_err : float
    star_coverage : float
        As `~hstdriz_study.measure.over_field.spread.coverage`.
    stars_toward : str
        Where in the field their middle is.
    """

    star_core_flagged_fraction: float
    misalignment_arcsec: float
    misalignment_err_arcsec: float
    fwhm_arcsec: float
    fwhm_aligned_arcsec: float
    n_stars: int
    n_saturated: int
    shallow_fraction: float
    sample_spacing_arcsec: float
    sample_spacing_err_arcsec: float
    exposure_fwhm_arcsec: float = math.nan
    exposure_fwhm_err_arcsec: float = math.nan
    widest_exposure: float = math.nan
    widest_exposure_err: float = math.nan
    fwhm_change: float = math.nan
    fwhm_change_err: float = math.nan
    ellipticity_change: float = math.nan
    ellipticity_change_err: float = math.nan
    energy_change: float = math.nan
    energy_change_err: float = math.nan
    star_coverage: float = math.nan
    stars_toward: str = ""


def check_metrics(checks: ExposureChecks) -> dict[str, Metric]:
    """Return what the record of every point of the filter holds of the checks."""
    return {
        MISALIGNMENT.name: Metric(
            checks.misalignment_arcsec, checks.misalignment_err_arcsec, MISALIGNMENT.unit
        ),
        SAMPLE_SPACING.name: Metric(
            checks.sample_spacing_arcsec, checks.sample_spacing_err_arcsec, SAMPLE_SPACING.unit
        ),
        STAR_CORE_FLAGGED.name: Metric(checks.star_core_flagged_fraction, 0.0),
        SATURATED_SOURCES.name: Metric(float(checks.n_saturated), 0.0),
        SHALLOW_FRACTION.name: Metric(checks.shallow_fraction, 0.0),
        **_of_psf(checks),
    }


def _of_psf(checks: ExposureChecks) -> dict[str, Metric]:
    """Return what is known of the PSF by exposure and over the field."""
    found = {
        EXPOSURE_FWHM: (checks.exposure_fwhm_arcsec, checks.exposure_fwhm_err_arcsec),
        WIDEST_EXPOSURE: (checks.widest_exposure, checks.widest_exposure_err),
        FWHM_CHANGE: (checks.fwhm_change, checks.fwhm_change_err),
        ELLIPTICITY_CHANGE: (checks.ellipticity_change, checks.ellipticity_change_err),
        ENERGY_CHANGE: (checks.energy_change, checks.energy_change_err),
        STAR_COVERAGE: (checks.star_coverage, 0.0),
    }
    return {
        entry.name: Metric(value, err, entry.unit)
        for entry, (value, err) in found.items()
        if math.isfinite(value)
    }


def check_warnings(
    checks: ExposureChecks, limits: CheckLimits, native_scale_arcsec: float
) -> tuple[str, ...]:
    """Return a sentence or two for every limit that is exceeded, the cure among them."""
    told = (
        _star_cores(checks, limits),
        _misalignment(checks, limits, native_scale_arcsec),
        _saturation(checks, limits),
        _depth(checks, limits),
        _coverage(checks, limits),
    )
    return tuple(filter(None, told))


def _star_cores(checks: ExposureChecks, limits: CheckLimits) -> str | None:
    fraction, limit = checks.star_core_flagged_fraction, limits.max_star_core_flagged
    if not fraction > limit:
        return None
    return (
        f"{fraction:.1%} of the star-core pixels are flagged as cosmic rays (limit {limit:.1%}, "
        "checks.max_star_core_flagged): driz_cr takes stars for cosmic rays, which widens the PSF "
        "and loses flux; raise filter.cosmic_rays.driz_cr_snr and driz_cr_scale, or align with "
        "prepare=tweakreg"
    )


def _misalignment(
    checks: ExposureChecks, limits: CheckLimits, native_scale_arcsec: float
) -> str | None:
    rms, err = checks.misalignment_arcsec, checks.misalignment_err_arcsec
    if not rms > max(limits.max_misalignment_px * native_scale_arcsec, _SURE_SIGMA * err):
        return None
    return (
        f'The exposures are misaligned by {rms:.4f}" ± {err:.4f}" rms on an axis '
        f"({rms / native_scale_arcsec:.2f} native pixels; limit {limits.max_misalignment_px:g}, "
        f"checks.max_misalignment_px), {_widening(checks)}; align them with prepare=tweakreg"
    )


def _widening(checks: ExposureChecks) -> str:
    aligned, measured = checks.fwhm_aligned_arcsec, checks.fwhm_arcsec
    if not aligned > 0:
        return "by more than the stars are wide"
    return (
        f'which widens the stars from {aligned:.3f}" to {measured:.3f}" '
        f"(+{measured / aligned - 1:.0%}) in the native-scale product"
    )


def _saturation(checks: ExposureChecks, limits: CheckLimits) -> str | None:
    bright, limit = checks.n_stars + checks.n_saturated, limits.max_saturated_fraction
    if checks.n_saturated <= limit * bright:
        return None
    return (
        f"{checks.n_saturated} of {bright} bright stars are saturated and left out (limit "
        f"{limit:.0%}, checks.max_saturated_fraction): the PSF rests on the faint ones; short "
        "exposures of the field would serve it better"
    )


def _depth(checks: ExposureChecks, limits: CheckLimits) -> str | None:
    fraction, limit = checks.shallow_fraction, limits.max_shallow_fraction
    if not fraction > limit:
        return None
    return (
        f"{fraction:.0%} of the product has less than {SHALLOW:.0%} of its full exposure time "
        f"(limit {limit:.0%}, checks.max_shallow_fraction): weight, noise and depth are those of "
        "the deep part and do not hold there"
    )


def _coverage(checks: ExposureChecks, limits: CheckLimits) -> str | None:
    covered, limit = checks.star_coverage, limits.min_star_coverage
    if not covered < limit:
        return None
    return (
        f"the stars stand in a part of the field, {checks.stars_toward} of its middle: they "
        f"scatter over {covered:.0%} of its area (limit {limit:.0%}, checks.min_star_coverage), so "
        "that the PSF and its error are those of that part; what they are elsewhere is not known"
    )
