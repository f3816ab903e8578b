"""What a change would do as a table with units: one row a case and point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import astropy.units as u
from astropy.table import QTable

from hstdriz_study.choose.points import settings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.what_if.foresee import WhatIf

_COLUMNS = (
    "filter", "case", "n_exposures", "exptime", "key", "final_scale", "final_pixfrac",
    "final_kernel", "final_wht_type", "rms_over_median", "hole_fraction", "depth_change",
    "depth_change_read_noise", "within_weight_limits", "admissible", "taken",
)  # fmt: skip
_UNITS = {
    "exptime": u.s, "final_scale": u.arcsec, "depth_change": u.mag, "depth_change_read_noise": u.mag
}  # fmt: skip


def what_if_table(found: Sequence[WhatIf]) -> QTable:
    """Return the cases of all filters; the first of each filter is the exposures as they are."""
    rows = []
    for one in found:
        for outcome in (one.now, *one.after):
            for record, spread in zip(one.records, outcome.spreads, strict=True):
                point = settings_of(record)
                rows.append(
                    (
                        one.filter,
                        outcome.scenario.name,
                        len(outcome.scenario.combination),
                        sum(outcome.scenario.exptimes_s),
                        record.key,
                        point.final_scale_arcsec,
                        point.final_pixfrac,
                        point.final_kernel,
                        point.final_wht_type,
                        spread.rms_over_median,
                        spread.hole_fraction,
                        outcome.depth.background_mag,
                        outcome.depth.read_noise_mag,
                        record.key in outcome.within_weights,
                        record.key in outcome.admissible,
                        outcome.taken is not None and outcome.taken.key == record.key,
                    )
                )
    return QTable(rows=rows, names=_COLUMNS, units=_UNITS)
