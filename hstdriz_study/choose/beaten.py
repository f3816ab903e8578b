"""Whether another point beats the chosen one, which rules that keep to their definitions allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.choose.dominance import dominated
from hstdriz_study.choose.limits import limits_of
from hstdriz_study.choose.points import FWHM
from hstdriz_study.choose.prices import price_of
from hstdriz_study.choose.screen import screen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose.prices import Price
    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.contracts import PointRecord


def admissible_by_all(
    records: Sequence[PointRecord], settings: ChoiceSettings
) -> tuple[PointRecord, ...]:
    """Return the points that keep every limit, whichever of them the rule keeps."""
    return screen(records, (FWHM,), limits_of(settings)).admissible


def price_of_the_beaten(
    chosen: PointRecord, records: Sequence[PointRecord], settings: ChoiceSettings
) -> Price | None:
    """Return what the chosen point costs against one that beats it.

    Parameters
    ----------
    chosen : `~hstdriz_study.contracts.PointRecord`
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        All points of the filter, at whatever scale.
    settings : ChoiceSettings

    Returns
    -------
    Price or None
        Against the sharpest point that beats it and keeps every limit; None where there
        is none, as with the rules that rank by measurements.
    """
    others = [one for one in admissible_by_all(records, settings) if one.key != chosen.key]
    beaten = dominated([chosen, *others], records).get(chosen.key)
    return None if beaten is None else price_of(chosen, beaten.better, records)
