"""By how much one point beats another in what a rule looks at."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hstdriz_study.contracts import paired_sigma

if TYPE_CHECKING:
    from hstdriz_study.contracts import Metric


@dataclass(frozen=True)
class Criterion:
    """A quantity by which a rule ranks points.

    Attributes
    ----------
    phrase : str
        How a sentence names it.
    worse : str
        What a point is that loses in it, for example ``shallower``.
    better : str
        Whether the ``smaller`` or the ``larger`` value wins.
    unit : str
        As it follows a number in a sentence, with its space: `` mag``.
    """

    phrase: str
    worse: str
    better: Literal["smaller", "larger"] = "smaller"
    unit: str = ""

    def lack(self, measured: float, best: float) -> float:
        """Return by how much a value is worse than another."""
        return measured - best if self.better == "smaller" else best - measured


WIDER = Criterion("FWHM", "wider", unit='"')
SHALLOWER = Criterion("5-sigma depth", "shallower", better="larger", unit=" mag")
LESS_UNIFORM = Criterion("RMS/median", "less uniform")


@dataclass(frozen=True)
class Margin:
    """By how much the chosen point beats its runner-up.

    Attributes
    ----------
    criterion : Criterion
        The quantity compared.
    difference : float
        By how much the runner-up is worse in it; negative when it is better,
        and the tie-break decided.
    sigma : float
        1-sigma error of the difference, from paired resamples; NaN when
        unknown.
    n_sigma : float
        ``difference / sigma``; NaN when the error is unknown or zero.
    """

    criterion: Criterion
    difference: float
    sigma: float
    n_sigma: float


def margin_between(chosen: Metric, runner_up: Metric, criterion: Criterion) -> Margin:
    """Compare the chosen point with its runner-up."""
    difference = criterion.lack(runner_up.value, chosen.value)
    sigma = paired_sigma(runner_up, chosen)
    return Margin(criterion, difference, sigma, difference / sigma if sigma > 0 else math.nan)
