"""What the last version of a rule that decided otherwise would have taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.choose.prices import price_of
from hstdriz_study.choose.rules import find_rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose.prices import Price
    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.contracts import PointRecord


def price_of_the_earlier(
    chosen: PointRecord, records: Sequence[PointRecord], settings: ChoiceSettings
) -> Price | None:
    """Return what the point that an earlier version took costs against the chosen one.

    Parameters
    ----------
    chosen : `~hstdriz_study.contracts.PointRecord`
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        The points among which it was chosen.
    settings : ChoiceSettings

    Returns
    -------
    Price or None
        None where it is the same point, or the rule has not changed.
    """
    rule = find_rule(settings.rule)
    if rule.earlier is None:
        return None
    taken = rule.earlier(rule.screened(records, settings), settings)
    return None if taken is chosen else price_of(taken, chosen, records)
