"""Which limits decided, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.choose.points import FWHM, label
from hstdriz_study.choose.words.numbers import with_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose.limits import Limit
    from hstdriz_study.contracts import PointRecord


def limits_decided(together: Sequence[Limit], other: PointRecord) -> str:
    """Say of limits that the rule would take another point without them."""
    texts = " and ".join(limit.text for limit in together)
    limits, them = ("limit", "it") if len(together) == 1 else ("limits", "them")
    return (
        f"The {limits} {texts} decided, not the data: without {them} the rule would take "
        f'{label(other)} (FWHM {with_error(other.metrics.get(FWHM))}").'
    )
