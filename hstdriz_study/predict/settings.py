"""What predicting from exposures that are not prepared is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hstdriz_study.predict.allowance import CosmicRayAllowance


@dataclass(frozen=True)
class SketchSettings:
    """What stands in for the cosmic rays that only preparing finds.

    Attributes
    ----------
    allowance : `~hstdriz_study.predict.CosmicRayAllowance`
    seed : int
        Of their places.
    """

    allowance: CosmicRayAllowance
    seed: int
