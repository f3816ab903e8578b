"""Which scales of several filters are the same, or nest in one another."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hstdriz_study.choose.points import finished, settings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.contracts import PointRecord

SAME_ARCSEC = 5  # decimals to which two scales are the same
RATIOS = (1, 2, 3, 4)


def shares_a_scale(scales: Sequence[Sequence[float]], *, integer_ratio: bool) -> bool:
    """Tell whether any scale can be common to filters swept at these scales, arcsec.

    Parameters
    ----------
    scales : sequence of sequence of float
        One item a filter.
    integer_ratio : bool
        Whether a filter may take a multiple of the common scale.
    """
    swept = [{round(scale, SAME_ARCSEC) for scale in of_filter} for of_filter in scales]
    families = (scale_family(scale, integer_ratio=integer_ratio) for scale in set().union(*swept))
    return any(all(mine.intersection(family) for mine in swept) for family in families)


def scale_family(scale_arcsec: float, *, integer_ratio: bool) -> tuple[float, ...]:
    """Return the scales a filter may take when ``scale_arcsec`` is common, rounded."""
    ratios = RATIOS if integer_ratio else RATIOS[:1]
    return tuple(round(scale_arcsec * ratio, SAME_ARCSEC) for ratio in ratios)


def at_scales(records: Sequence[PointRecord], scales: Sequence[float]) -> list[PointRecord]:
    """Return the points at any of some scales, which are rounded as by `scale_family`."""
    return [record for record in records if rounded_scale(record) in scales]


def rounded_scale(record: PointRecord) -> float:
    """Return the scale of a point, arcsec, such that two that are the same are equal."""
    return round(settings_of(record).final_scale_arcsec, SAME_ARCSEC)


def swept_scales(records: Sequence[PointRecord]) -> list[float]:
    """Return the scales at which something was measured, the finest first."""
    scales = {rounded_scale(record) for record in finished(records)}
    return sorted(scale for scale in scales if math.isfinite(scale))
