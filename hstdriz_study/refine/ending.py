"""How closely a choice is known and why no closer, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hstdriz_study.refine.known import AxisKnown, Known

ALL_NEAR = "Its settings are known to the tolerances asked for."


def why_ended(known: Known) -> str:
    """Say why there is nothing more to add to a filter."""
    named = {"final_scale": known.scale, "final_pixfrac": known.pixfrac}
    said = [
        words.format(names=" and ".join(which))
        for bound, words in _WORDS.items()
        if (which := [name for name, axis in named.items() if _applies(axis, bound)])
    ]
    return " ".join(said) or ALL_NEAR


_WORDS = {
    "errors": (
        "In {names} the data say no more: a neighbour differs from the chosen point by less than "
        "the paired errors, or lies nearer than resamples scatter the choice."
    ),
    "failed": "In {names} the points next to the choice gave no result.",
    "limit": (
        "In {names} the choice lies where refine may not go further "
        "(refine.finest_scale, refine.coarsest_scale, refine.smallest_pixfrac)."
    ),
    "fixed": "{names} was not refined: it had one value, or the rule or the other filters fix it.",
}


def how_closely(known: Known) -> str:
    """Say between which values the settings lie."""
    scale, pixfrac = known.scale, known.pixfrac
    return (
        f'final_scale {scale.chosen:.4g}" ({scale.lower:.4g}" to {scale.upper:.4g}"), '
        f"final_pixfrac {pixfrac.chosen:g} ({pixfrac.lower:g} to {pixfrac.upper:g})"
    )


def _applies(axis: AxisKnown, bound: str) -> bool:
    if bound == "limit" and axis.chosen == 1.0:  # the end of what is possible
        return False
    return bound in axis.bounds
