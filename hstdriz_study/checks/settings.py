"""When to warn of what was found in the exposures of a filter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class CheckLimits:
    """The limits past which is warned; the names are those of the keys of ``checks``.

    Attributes
    ----------
    max_star_core_flagged : float
        Of the pixels of the stars' cores, the fraction flagged as cosmic rays.
    max_misalignment_px : float
        Scatter of the exposures' shifts on one axis, native pixels.
    max_saturated_fraction : float
        Of the bright stars.
    max_shallow_fraction : float
        Of the product's area.
    accept : sequence of str
        Kinds of findings that do not stop a study.
    """

    max_star_core_flagged: float
    max_misalignment_px: float
    max_saturated_fraction: float
    max_shallow_fraction: float
    accept: Sequence[str]
