"""From exposure times to the change of depth."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class DepthChange:
    """How much deeper an image of other exposures is, magnitudes; negative is shallower.

    The noise of a sum of exposures weighted by their times t is
    ``sqrt(b T + n r^2) / T``, with T the sum of the times, b the rate of sky and
    dark current and r the read noise of one of n exposures.

    Attributes
    ----------
    background_mag : float
        Where b T dominates: noise as ``T^(-1/2)``.
    read_noise_mag : float
        Where n r^2 dominates. Equal to the other when all exposures are equally
        long; else the truth lies between the two.
    """

    background_mag: float
    read_noise_mag: float


def depth_change(before_s: Sequence[float], after_s: Sequence[float]) -> DepthChange:
    """Compare two sets of exposure times, seconds."""
    time = sum(after_s) / sum(before_s)
    number = len(after_s) / len(before_s)
    return DepthChange(
        background_mag=1.25 * math.log10(time),
        read_noise_mag=2.5 * math.log10(time) - 1.25 * math.log10(number),
    )
