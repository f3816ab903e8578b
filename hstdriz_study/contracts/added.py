"""A point that is added to a sweep."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AddedPoint:
    """A point that is like one of the sweep in all but scale and pixfrac.

    Attributes
    ----------
    like : int
        Number of that point.
    final_scale : float, str or None
        As ``drizzle.final_scale`` says it.
    final_pixfrac : float
    """

    like: int
    final_scale: float | str | None
    final_pixfrac: float
