"""Turn the artificial stars of a point into its PSF, flux, completeness and measured depth.

Their names begin with ``injected/``: they are of a model PSF and of the positions that the
headers give, not of the field's own stars.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from hstdriz_study.contracts import Metric
from hstdriz_study.contracts.artificial_metrics import (
    ARTIFICIAL_DEPTH,
    ARTIFICIAL_FLUX_RATIO,
    artificial_name,
    completeness,
)
from hstdriz_study.measure.empty_apertures import aperture_sums
from hstdriz_study.measure.fidelity import median_ratio
from hstdriz_study.measure.noise import DEPTH_SIGMA
from hstdriz_study.measure.psf import measure_psf
from hstdriz_study.measure.resample import bootstrap_metric, resample_counts
from hstdriz_study.measure.sky_sample import blank_sky
from hstdriz_study.measure.star_sample import local_backgrounds, star_sample

if TYPE_CHECKING:
    from astropy.table import Table

    from hstdriz_study.contracts import MeasureContext, PointPixels

# A star that is lost to bad pixels says nothing of the depth: no recovery is surer than this.
_LAPSE = 0.02
_SEARCHED_MAG = np.linspace(-1.5, 1.5, 3001)


def measure_injected_psf(point: PointPixels, context: MeasureContext) -> dict[str, Metric]:
    """Measure the bright artificial stars as the field's own are measured.

    ``injected/fwhm_arcsec`` and so on are the metrics of
    `~hstdriz_study.measure.psf.measure_psf`; ``injected/flux_ratio`` is the
    median of the flux inside the energy radius, above the level of the empty
    apertures, over that which was put in.

    Raises
    ------
    MetricUnavailableError
        If there are too few of them, or too few boxes of blank sky.
    """
    level = blank_sky(point, context).empty.level
    table, bright = _rows(context, "psf")
    point = replace(point, stars=tuple(point.injected[index] for index in bright))
    context = replace(context, regions=replace(context.regions, stars=table))
    measured = measure_psf(point, context)
    fluxes = _fluxes(point, context, level)
    ratios = fluxes / np.asarray(table["flux"], float)
    named = {artificial_name(name): metric for name, metric in measured.items()}
    return named | {ARTIFICIAL_FLUX_RATIO.name: median_ratio(ratios, context)}


def _fluxes(point: PointPixels, context: MeasureContext, level: float) -> np.ndarray:
    """Flux of each star inside the energy radius; NaN for one that is not usable.

    The star's own wings are in its local background, so the level of the sky,
    the flux of an empty photometric aperture, takes its place.
    """
    sample, geometry = star_sample(point, context), context.regions.geometry
    radius = geometry.ee_radius_arcsec / point.final_scale_arcsec
    background, _ = local_backgrounds(point.stars, radius)
    sums = sample.aperture_sums(np.array([radius]))[:, 0] + background * np.pi * radius**2
    sums -= level * (geometry.ee_radius_arcsec / geometry.aperture_radius_arcsec) ** 2
    return np.where(sample.star_weights > 0, sums, np.nan)


def measure_completeness(point: PointPixels, context: MeasureContext) -> dict[str, Metric]:
    """Count the faint artificial stars that stand out of the noise.

    A star is recovered when the flux in the photometric aperture at its known
    position, above the median of the empty apertures, is at least 5 times their
    scatter; this is the test behind ``noise/depth_abmag``. A star of which half the
    aperture has no data is not recovered. ``injected/completeness_...`` is the
    recovered fraction at each step of magnitude; its error is the standard
    deviation of the binomial probability under Jeffreys' prior.
    ``injected/depth_abmag`` is the magnitude at which half are recovered:
    the maximum likelihood of a probit in flux, the width that of Gaussian noise.

    Raises
    ------
    MetricUnavailableError
        If there are too few boxes of blank sky.
    """
    table, faint = _rows(context, "faint")
    if len(faint) == 0:
        return {}
    empty = blank_sky(point, context).empty
    radius = context.regions.geometry.aperture_radius_arcsec / point.final_scale_arcsec
    fluxes = aperture_sums([point.injected[index] for index in faint], radius)[:, 0] - empty.level
    n = len(faint)
    counts = resample_counts(n, context.n_bootstrap, context.seed)
    drawn = np.concatenate([np.ones((1, n)), counts])
    with np.errstate(invalid="ignore"):
        recovered = fluxes >= DEPTH_SIGMA * empty.sigma[:, None]  # nan is not recovered
    step, member = np.unique(np.asarray(table["step_mag"], float), return_inverse=True)
    belongs = (member[:, None] == np.arange(len(step))).astype(float)
    n_stars, n_recovered = drawn @ belongs, (drawn * recovered) @ belongs
    metrics = _completeness(step, n_stars, n_recovered)
    mag = np.array([np.mean(table["mag"][member == level]) for level in range(len(step))])
    depth = _half_recovered(mag, n_stars, n_recovered)
    if 0 < n_recovered[0].sum() < n:
        metrics[ARTIFICIAL_DEPTH.name] = bootstrap_metric(
            depth[0], depth[1:], n, ARTIFICIAL_DEPTH.unit
        )
    return metrics


def _rows(context: MeasureContext, role: str) -> tuple[Table, np.ndarray]:
    """Return the artificial stars of one role and their places among all."""
    table = context.regions.injected
    if table is None:
        raise ValueError("no star was injected")
    places = np.flatnonzero(np.asarray(table["role"]).astype(str) == role)
    return table[places], places


def _completeness(
    step: np.ndarray, n_stars: np.ndarray, n_recovered: np.ndarray
) -> dict[str, Metric]:
    with np.errstate(divide="ignore", invalid="ignore"):
        fraction = n_recovered / n_stars
    a, b = n_recovered[0] + 0.5, n_stars[0] - n_recovered[0] + 0.5
    error = np.sqrt(a * b / ((a + b) ** 2 * (a + b + 1)))
    return {
        completeness(float(mag)).name: Metric(
            value=float(fraction[0, level]),
            err=float(error[level]),
            replicates=fraction[1:, level],
        )
        for level, mag in enumerate(step)
    }


def _half_recovered(mag: np.ndarray, n_stars: np.ndarray, n_recovered: np.ndarray) -> np.ndarray:
    """Magnitude at which half are recovered, one a row of counts (M, levels)."""
    searched = mag.mean() + _SEARCHED_MAG
    relative_flux = 10 ** (-0.4 * (mag[:, None] - searched))
    chance = np.clip(ndtr(DEPTH_SIGMA * (relative_flux - 1)), _LAPSE, 1 - _LAPSE)
    likelihood = n_recovered @ np.log(chance) + (n_stars - n_recovered) @ np.log1p(-chance)
    return np.asarray(searched[np.argmax(likelihood, axis=1)])
