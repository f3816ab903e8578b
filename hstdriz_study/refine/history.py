"""What refining did: rounds of points, and why it ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hstdriz_study.refine.known import Known


@dataclass(frozen=True)
class Round:
    """Points added to one filter at one time.

    Attributes
    ----------
    filter : str
    chosen : str
        The choice before them.
    purpose : str
        What they are for.
    points : tuple of tuple of float
        The places: ``final_scale`` in arcsec and ``final_pixfrac``.
    n_points : int
        How many points; two at a place where the weights need an EXP twin.
    """

    filter: str
    chosen: str
    purpose: str
    points: tuple[tuple[float, float], ...]
    n_points: int


@dataclass(frozen=True)
class Ending:
    """Why refining a filter ended, and how closely its choice is known; None without a choice."""

    reason: str
    known: Known | None = None


@dataclass(frozen=True)
class Refinement:
    """What refining a study did.

    Attributes
    ----------
    rounds : tuple of Round
        In the order in which they were run, earlier runs of the study first.
    endings : dict of str to Ending
        By filter; that of a filter is missing while it goes on.
    """

    rounds: tuple[Round, ...] = ()
    endings: dict[str, Ending] = field(default_factory=dict)

    def of(self, name: str) -> tuple[Round, ...]:
        """Return the rounds of one filter."""
        return tuple(one for one in self.rounds if one.filter == name)
