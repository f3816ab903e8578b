"""How closely the settings of a choice are to be known."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RefineSettings:
    """When a neighbour is near enough; the names are those of the keys of ``refine``.

    Attributes
    ----------
    scale_tolerance : float
        Largest distance of neighbouring scales (fraction).
    pixfrac_tolerance : float
        Largest distance of neighbouring pixfracs.
    smallest_pixfrac : float
        Below this none is added.
    """

    scale_tolerance: float
    pixfrac_tolerance: float
    smallest_pixfrac: float
