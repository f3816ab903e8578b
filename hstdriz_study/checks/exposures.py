"""From prepared exposures and the stars on them to the numbers that the warnings judge."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from hstdriz_study.checks.agreement import Misalignment, misalignment
from hstdriz_study.checks.by_exposure import exposures_table, width_ratios
from hstdriz_study.checks.evenness import shallow_fraction
from hstdriz_study.checks.positions import star_offsets
from hstdriz_study.checks.sampling import sample_spacing_px
from hstdriz_study.checks.warned import ExposureChecks
from hstdriz_study.prepare.flags import star_core_flagged_fraction

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from astropy.table import Table

    from hstdriz_study.checks.seen import SideBySide
    from hstdriz_study.contracts import Drizzled, StudyRegions
    from hstdriz_study.measure.over_field.psf import OverField

N_POSITIONS = 50
"""Stars whose positions are compared: with so many, shifts are known to 0.01 pixel."""

_GOOD = ("star", "surplus")
_SATURATED = "saturated"


def check_exposures(
    exposures: Sequence[Path],
    dithers: Table,
    native: Drizzled,
    regions: StudyRegions,
    *,
    seen: SideBySide,
    over_field: OverField,
    good_bits: int | None,
    seed: int,
) -> ExposureChecks:
    """Check the exposures of one filter.

    Parameters
    ----------
    exposures : sequence of `~pathlib.Path`
        Prepared exposures.
    dithers : `~astropy.table.Table`
        What `~hstdriz_study.prepare.dithers.dither_table` gave.
    native : `~hstdriz_study.contracts.Drizzled`
        The native-scale product with pixfrac 1 and EXP weights.
    regions : `~hstdriz_study.contracts.StudyRegions`
    seen : `~hstdriz_study.checks.side_by_side.SideBySide`
    over_field : `~hstdriz_study.measure.over_field.psf.OverField`
    good_bits : int or None
        DQ bits that are fine to use; None when all are.
    seed : int
        Of the resamples of stars.
    """
    geometry = regions.geometry
    ra, dec = (np.array(regions.stars[name], dtype=float) for name in ("ra", "dec"))
    compared = star_offsets(
        exposures, ra[:N_POSITIONS], dec[:N_POSITIONS], good_bits=good_bits,
        fwhm_px=geometry.psf_fwhm_arcsec / geometry.native_scale_arcsec,
    )  # fmt: skip
    moved = misalignment(compared, seed)
    verdicts = np.asarray(regions.candidates["verdict"])
    fwhm = _fwhm_arcsec(regions.candidates[np.isin(verdicts, _GOOD)])
    spacings = _spacings_px(dithers) * geometry.native_scale_arcsec
    return ExposureChecks(
        star_core_flagged_fraction=star_core_flagged_fraction(exposures, ra, dec),
        fwhm_arcsec=fwhm,
        n_stars=int(np.isin(verdicts, _GOOD).sum()),
        n_saturated=int((verdicts == _SATURATED).sum()),
        shallow_fraction=shallow_fraction(native.wht),
        sample_spacing_arcsec=float(np.median(spacings)),
        sample_spacing_err_arcsec=float(np.std(spacings)),
        **_told_of(moved, fwhm),
        **_by_exposure(seen),
        **_over_field(over_field),
    )


def _by_exposure(seen: SideBySide) -> dict[str, Any]:
    ratio, err = width_ratios(seen)
    table = exposures_table(seen)
    fwhm = table["fwhm"].to_value("arcsec")
    known = np.isfinite(fwhm)
    if known.sum() < 2 or not np.isfinite(ratio).any():  # noqa: PLR2004
        return {}
    widest = int(np.nanargmax(ratio))
    return {
        "exposure_fwhm_arcsec": float(np.median(fwhm[known])),
        "exposure_fwhm_err_arcsec": float(np.std(fwhm[known], ddof=1)),
        "widest_exposure": float(ratio[widest]),
        "widest_exposure_err": float(err[widest]),
    }


def _over_field(found: OverField) -> dict[str, Any]:
    fwhm, fwhm_err = found.relative_change
    elongation, elongation_err = found.elongation_change
    return {
        "fwhm_change": fwhm,
        "fwhm_change_err": fwhm_err,
        "ellipticity_change": elongation,
        "ellipticity_change_err": elongation_err,
        "energy_change": found.energy.change,
        "energy_change_err": found.energy.change_err,
        "star_coverage": found.coverage,
        "stars_toward": found.toward,
    }


def _told_of(moved: Misalignment | None, fwhm_arcsec: float) -> dict[str, Any]:
    names = ("misalignment_arcsec", "misalignment_err_arcsec", "fwhm_aligned_arcsec")
    if moved is None:
        return dict.fromkeys(names, math.nan)
    values = (moved.rms_arcsec, moved.rms_err_arcsec, moved.fwhm_without(fwhm_arcsec))
    return dict(zip(names, values, strict=True))


def _fwhm_arcsec(stars: Table) -> float:
    return float(np.nanmedian(np.asarray(stars["fwhm"], dtype=float))) if len(stars) else math.nan


def _spacings_px(dithers: Table) -> np.ndarray:
    """Return the sample spacing at each position of the field."""
    positions = np.asarray(dithers["position"])
    phases = np.column_stack([dithers["phase_x"], dithers["phase_y"]])
    return np.array([sample_spacing_px(phases[positions == one]) for one in np.unique(positions)])
