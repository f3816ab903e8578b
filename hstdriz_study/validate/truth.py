"""What was put into every synthetic set against what comes out of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits
from astropy.stats import mad_std

from hstdriz_study.contracts.metric_table import FWHM
from hstdriz_study.measure.fidelity import aperture_fluxes
from hstdriz_study.measure.patches import STAR_PATCH_OVER_EE_RADIUS
from hstdriz_study.measure.psf import measure_psf
from hstdriz_study.prepare import star_core_flagged_fraction
from hstdriz_study.prepare.flags import COSMIC_RAY_BIT
from hstdriz_study.validate.many import rows_of_each
from hstdriz_study.validate.measured_set import found_stars, measured_set
from hstdriz_study.validate.rows import Claims
from hstdriz_study.validate.star_image import delivered_star

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.contracts import Chip, Metric
    from hstdriz_study.validate.context import CheckContext, SetOptions
    from hstdriz_study.validate.measured_set import FoundStars, MeasuredSet
    from hstdriz_study.validate.rows import Row

CLAIMS = Claims("injected truth", "truth tables that the simulator writes beside the exposures")
_N_SIGMA = 3.0
_MEDIAN_OVER_MEAN_ERROR = math.sqrt(math.pi / 2)
# Allowed beyond the statistics.
_FLUX = 0.01
_FWHM = 0.02
_SHIFT_PX = 0.06
_SCATTER_PX = 0.05
_MIN_RAYS_FOUND = 0.9


@dataclass(frozen=True)
class StarNumbers:
    """What the stars of a set say.

    Attributes
    ----------
    flux_ratio, flux_ratio_err : float
        Median of measured over true aperture flux, and its error.
    shift_px : float
        Length of the median offset from the true positions, native pixels.
    scatter_px : float
        Robust scatter about it on one axis, the larger of two.
    fwhm : `~hstdriz_study.contracts.Metric`
    fwhm_expected_arcsec : float
    """

    flux_ratio: float
    flux_ratio_err: float
    shift_px: float
    scatter_px: float
    fwhm: Metric
    fwhm_expected_arcsec: float


def check(context: CheckContext) -> list[Row]:
    """Compare every filter's set with its truth."""
    sets = [context.of_filter(name) for name in context.options.filters]
    return rows_of_each(CLAIMS, _rows, sets, context.n_processes)


def _rows(of_set: SetOptions) -> list[Row]:
    measured = measured_set(of_set)
    name, prepared = of_set.name, measured.field.prepared
    stars = measured.field.regions.stars
    cores = star_core_flagged_fraction(
        prepared.exposures, np.array(stars["ra"]), np.array(stars["dec"])
    )
    hits = measured.truth_dir / f"cosmic_rays_{name}.npz"
    return [
        *star_rows(name, star_numbers(measured, found_stars(measured))),
        *flag_rows(
            name,
            rays_found(prepared.chips, hits),
            cores,
            of_set.field.checks.max_star_core_flagged,
        ),
    ]


def star_numbers(measured: MeasuredSet, found: FoundStars) -> StarNumbers:
    """Measure the stars of a set against the truth."""
    geometry = measured.context.regions.geometry
    scale, pixfrac = measured.pixels.final_scale_arcsec, measured.pixels.final_pixfrac
    drop = pixfrac * math.sqrt(math.prod(measured.of_set.band.detector.pixel_arcsec))
    half_px = measured.of_set.band.detector.psf_half_px
    image = delivered_star(measured.of_set.band, (drop, scale), half_px=half_px)
    # an aperture takes a pixel as a flat square, which is one more blur
    summed = delivered_star(measured.of_set.band, (drop, scale, scale), half_px=half_px)
    radius, outer = geometry.aperture_radius_arcsec, geometry.ee_radius_arcsec
    background = image.median_between(outer, STAR_PATCH_OVER_EE_RADIUS * outer)
    inside = summed.energy_inside(radius) - background * math.pi * radius**2
    flux = aperture_fluxes(measured.pixels, measured.context)[found.index]
    ratios = flux / found.flux_e_per_s / inside
    offsets = found.offset_arcsec / measured.of_set.native_arcsec
    middle = np.median(offsets, axis=0)
    scatter = mad_std(offsets, axis=0)
    return StarNumbers(
        flux_ratio=float(np.median(ratios)),
        flux_ratio_err=_MEDIAN_OVER_MEAN_ERROR
        * float(np.std(ratios, ddof=1))
        / math.sqrt(len(ratios)),
        shift_px=float(np.hypot(*middle)),
        scatter_px=float(scatter.max()),
        fwhm=measure_psf(measured.pixels, measured.context)[FWHM.name],
        fwhm_expected_arcsec=image.fwhm_arcsec(),
    )


def star_rows(name: str, stars: StarNumbers) -> list[Row]:
    """Judge fluxes, positions and width of a set's stars."""
    expected = stars.fwhm_expected_arcsec
    return [
        CLAIMS.near(
            f"{name}: star flux in the aperture over true flux x encircled energy",
            stars.flux_ratio,
            1.0,
            _FLUX + _N_SIGMA * stars.flux_ratio_err,
            reason=f"1 % for aperture and background; {_N_SIGMA:g} errors of "
            f"{stars.flux_ratio_err:.4f}",
        ),
        CLAIMS.at_most(
            f"{name}: median offset of the stars from their true positions",
            stars.shift_px,
            _SHIFT_PX,
            reason="coma moves the middle of every star's core by up to so much (tests/simulate)",
            unit="native pixel",
        ),
        CLAIMS.at_most(
            f"{name}: scatter of the stars about it, one axis",
            stars.scatter_px,
            _SCATTER_PX,
            reason="S/N of 50 or more: FWHM / 2.35 / 50 is 0.02 pixel, and four dithers sample "
            "the pixel unevenly",
            unit="native pixel",
        ),
        CLAIMS.near(
            f"{name}: FWHM as delivered against optics x pixel x drop x output pixel",
            stars.fwhm.value,
            expected,
            _FWHM * expected + _N_SIGMA * stars.fwhm.err,
            reason="2 %: four dithers, and bias of the estimator at this sampling "
            f"(docs/measuring.md); {_N_SIGMA:g} errors of {stars.fwhm.err:.4f}",
            unit="arcsec",
        ),
    ]


def flag_rows(name: str, found: float, cores: float, max_cores: float) -> list[Row]:
    """Judge the cosmic-ray flags of a set."""
    return [
        CLAIMS.at_least(
            f"{name}: pixels hit by cosmic rays that are flagged",
            found,
            _MIN_RAYS_FOUND,
            reason="the faintest hits lie in the noise: they are drawn from a log-normal "
            "distribution",
        ),
        CLAIMS.at_most(
            f"{name}: star-core pixels flagged as cosmic rays",
            cores,
            max_cores,
            reason="the limit above which a study warns (checks.max_star_core_flagged); cosmic "
            "rays hit up to 2 % of a CCD's pixels themselves",
        ),
    ]


def rays_found(chips: tuple[Chip, ...], truth: Path) -> float:
    """Return the fraction of the pixels hit by cosmic rays that preparing has flagged."""
    hit = flagged = 0
    with np.load(truth) as hits:
        for chip in chips:
            with fits.open(chip.exposure) as hdus:
                dq, root = hdus["DQ", chip.extver].data, hdus[0].header["ROOTNAME"]
            here = hits[f"{root}_sci{chip.extver}"]
            hit += int(np.count_nonzero(here))
            flagged += int(np.count_nonzero(here & ((dq & COSMIC_RAY_BIT) > 0)))
    return flagged / hit if hit else math.nan
