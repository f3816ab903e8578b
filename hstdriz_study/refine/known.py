"""How closely the settings of a choice are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Bound = Literal["near", "errors", "limit", "failed", "far", "fixed"]
"""Why a side of a choice is as far as it is.

``near``: the next point is measured, not chosen, and within the tolerance.
``errors``: it is further, but the data cannot say more: it differs from the
chosen point by less than the paired errors, or by less than resamples scatter
the choice. ``limit``: there is no point, and none may be added beyond.
``failed``: the points beyond gave no result. ``far``: more points would help.
``fixed``: one value alone was swept.
"""


@dataclass(frozen=True)
class AxisKnown:
    """How closely one setting of a choice is known.

    Attributes
    ----------
    chosen : float
    lower, upper : float
        The next values that were measured and not chosen; the chosen value
        itself where there is none.
    below, above : str
        Why they are no nearer (`Bound`).
    resampled : tuple of float or None
        The central 68 % of what the rule chooses on bootstrap resamples.
    """

    chosen: float
    lower: float
    upper: float
    below: Bound
    above: Bound
    resampled: tuple[float, float] | None

    @property
    def bounds(self) -> tuple[Bound, Bound]:
        """Both reasons."""
        return (self.below, self.above)


@dataclass(frozen=True)
class Known:
    """How closely the choice of a filter is known: ``final_scale`` in arcsec, ``final_pixfrac``."""

    scale: AxisKnown
    pixfrac: AxisKnown
