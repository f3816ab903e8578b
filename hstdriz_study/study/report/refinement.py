"""What the pages say of the points that were added around a choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.choose.words.numbers import count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.refine import AxisKnown, Refinement, Round
    from hstdriz_study.refine.known import Bound

KNOWN_HEADS = ("setting", "chosen", "next below", "next above", "68 % of the resamples choose")
ROUND_HEADS = ("round", "chosen before", "points", "scale, pixfrac", "where")
_BOUNDS: dict[Bound, str] = {
    "near": "within the tolerance",
    "errors": "as near as the errors allow",
    "limit": "the end of the range",
    "failed": "no result there",
    "far": "further than the tolerance",
    "fixed": "not refined",
}


@dataclass(frozen=True)
class RefinementTold:
    """What is said of one filter: a sentence or two, and rows under the heads above."""

    sentence: str
    known_rows: Sequence[tuple[str, ...]]
    round_rows: Sequence[tuple[str, ...]]


def refinement_told(refinement: Refinement, name: str) -> RefinementTold | None:
    """Return what is said of a filter; None when it was not refined."""
    rounds, ending = refinement.of(name), refinement.endings.get(name)
    if ending is None and not rounds:
        return None
    n_points = sum(one.n_points for one in rounds)
    said = f"{count(n_points, 'point')} added in {count(len(rounds), 'round')}."
    reason = "It was interrupted." if ending is None else ending.reason
    known = None if ending is None else ending.known
    rows = (
        []
        if known is None
        else [
            _known_row("final_scale", known.scale, '"'),
            _known_row("final_pixfrac", known.pixfrac, ""),
        ]
    )
    return RefinementTold(
        f"{said} {reason}", rows, [_round_row(number, one) for number, one in enumerate(rounds, 1)]
    )


def _known_row(name: str, axis: AxisKnown, unit: str) -> tuple[str, ...]:
    low, high = axis.resampled or (axis.chosen, axis.chosen)
    return (
        name,
        f"{axis.chosen:.4g}{unit}",
        _side(axis.chosen, axis.lower, axis.below, unit),
        _side(axis.chosen, axis.upper, axis.above, unit),
        "-" if axis.resampled is None else f"{low:.4g}{unit} to {high:.4g}{unit}",
    )


def _side(chosen: float, value: float, bound: Bound, unit: str) -> str:
    return _BOUNDS[bound] if value == chosen else f"{value:.4g}{unit}, {_BOUNDS[bound]}"


def _round_row(number: int, one: Round) -> tuple[str, ...]:
    places = [f'{scale:.4g}", {pixfrac:g}' for scale, pixfrac in one.points]
    return (str(number), one.chosen, str(one.n_points), "; ".join(places), one.purpose)
