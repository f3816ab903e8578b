"""What is lost with the points that a rule takes against what it would take without noise."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.choose import find_rule, handbook_pick
from hstdriz_study.choose.paired import RememberedSigma
from hstdriz_study.choose.points import DEPTH, FWHM, value
from hstdriz_study.contracts import PointRecord
from hstdriz_study.errors import StudyError
from hstdriz_study.field import Field
from hstdriz_study.progress import Part
from hstdriz_study.validate.rows import Claims

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hstdriz_study.choose import ChoiceSettings
    from hstdriz_study.choose.verdict import Verdict
    from hstdriz_study.validate.context import SetOptions
    from hstdriz_study.validate.rows import Row

    Rule = Callable[[Sequence[PointRecord]], Verdict]

log = logging.getLogger(__name__)

CLAIMS = Claims(
    "regret of the choice",
    "the same rule on the noiseless table of a grid four times as dense; FWHM and depth of both by "
    "a model of the metrics, noise by the bootstrap of the measured points",
)
BEYOND_FWHM, BEYOND_DEPTH_MAG = 0.01, 0.01
REQUIRED = 0.95


@dataclass(frozen=True)
class Losses:
    """What is lost with the choice on each noisy table, 1D arrays.

    Attributes
    ----------
    fwhm, depth_mag : 1D `~numpy.ndarray`
        Against what the rule takes on the noiseless dense table (fraction, mag).
    fwhm_to_sharpest : 1D `~numpy.ndarray`
        Against the sharpest admissible point of that table (fraction).
    """

    fwhm: np.ndarray
    depth_mag: np.ndarray
    fwhm_to_sharpest: np.ndarray

    @classmethod
    def of(cls, taken: Sequence[PointRecord], aim: Verdict) -> Losses:
        """Compare points of the noiseless table with what the rule takes there.

        Raises
        ------
        StudyError
            If no point of that table is admissible.
        """
        if aim.sharpest is None:
            raise StudyError("no point of the dense grid is admissible; sweep other ones")
        widths = np.array([value(record, FWHM) for record in taken])
        depths = np.array([value(record, DEPTH) for record in taken])
        return cls(
            fwhm=widths / value(aim.taken, FWHM) - 1.0,
            depth_mag=value(aim.taken, DEPTH) - depths,
            fwhm_to_sharpest=widths / value(aim.sharpest, FWHM) - 1.0,
        )


def loss_rows(name: str, of: str, losses: Losses, choice: ChoiceSettings) -> list[Row]:
    """Judge what is lost beyond the tolerances, and against the sharpest admissible point."""
    kept = (losses.fwhm - choice.fwhm_tolerance < BEYOND_FWHM) & (
        losses.depth_mag - choice.depth_tolerance_mag < BEYOND_DEPTH_MAG
    )
    beyond = f"{choice.fwhm_tolerance:.0%} and {choice.depth_tolerance_mag:g} mag"
    return [
        CLAIMS.at_least(
            f"{name}: share of {of} with less than 1 % in FWHM and 0.01 mag lost beyond {beyond}",
            float(np.mean(kept)),
            REQUIRED,
            reason=f"largest loss {losses.fwhm.max():.1%} and {losses.depth_mag.max():.3f} mag, "
            "tolerances included",
        ),
        CLAIMS.at_most(
            f"{name}: FWHM lost against the sharpest admissible point, 95 % of {of}",
            float(np.quantile(losses.fwhm_to_sharpest, REQUIRED)),
            choice.fwhm_tolerance + BEYOND_FWHM,
            reason="what the tolerances are paid with",
        ),
    ]


def measured_points(of_set: SetOptions, points: Sequence[tuple[float, float]]) -> list[PointRecord]:
    """Drizzle and measure points, final_scale in arcsec and final_pixfrac."""
    field, options = Field(of_set.field), replace(of_set.point, grid_phases=1)
    records: list[PointRecord] = []
    for scale, pixfrac in points:
        log.info(Part("measuring points", len(records), len(points)))
        settings = replace(of_set.drizzle, final_scale_arcsec=scale, final_pixfrac=pixfrac)
        found = field.measure(settings, options)
        if FWHM not in found.metrics:
            raise StudyError("; ".join(found.warnings))
        key = f"{scale:g}-{pixfrac:g}"
        records.append(PointRecord(key, "FINISHED", of_set.name, settings, found.metrics))
    return records


def rule_of(of_set: SetOptions) -> Rule:
    """Return the default rule as a study has it, which remembers the errors of differences."""
    settings: ChoiceSettings = of_set.choice
    pick = handbook_pick(1e3 * of_set.band.pivot_um, of_set.native_arcsec)
    rule, sigma = find_rule(settings.rule), RememberedSigma()
    return lambda records: rule(records, settings, pick, sigma)
