"""By how much one point beats another in what a rule looks at."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from hstdriz_study.contracts import Metric, paired_sigma

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


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


@dataclass(frozen=True)
class Margin:
    """By how much the chosen point beats its runner-up.

    Attributes
    ----------
    criterion : str
        The quantity compared.
    difference : float
        By how much the runner-up is worse in it; negative when it is better,
        and the tie-break decided.
    sigma : float
        1-sigma error of the difference, from paired resamples; NaN when
        unknown.
    n_sigma : float
        ``difference / sigma``; NaN when the error is unknown or zero.
    sentence : str
    """

    criterion: str
    difference: float
    sigma: float
    n_sigma: float
    sentence: str


def margin_between(chosen: Metric, runner_up: Metric, criterion: Criterion, name: str) -> Margin:
    """Compare the chosen point with its runner-up, whose label is ``name``."""
    difference = criterion.lack(runner_up.value, chosen.value)
    sigma = paired_sigma(runner_up, chosen)
    n_sigma = difference / sigma if sigma > 0 else math.nan
    said = f"{abs(difference):.2g}{criterion.unit}"
    if math.isfinite(n_sigma):
        said += f" ({abs(n_sigma):.1f} paired sigma)"
    if difference > 0:
        sentence = f"The runner-up, {name}, is {said} {criterion.worse}."
    else:
        sentence = (
            f"The runner-up, {name}, is not {criterion.worse}: its {criterion.phrase} is better by "
            f"{said}. The rule takes the two for practically equal, and its tie-break decided."
        )
    return Margin(criterion.phrase, difference, sigma, n_sigma, sentence)


def derived(
    function: Callable[[Sequence[np.ndarray]], np.ndarray], parts: Sequence[Metric]
) -> Metric:
    """Compute one metric from several, replicate by replicate.

    Parameters
    ----------
    function : callable
        From a sequence of arrays of one shape, one a part, to an array of
        that shape.
    parts : sequence of `~hstdriz_study.contracts.Metric`
        A part without replicates is taken as exact. Where the numbers of
        replicates differ, the first ones are used: they are the same
        resamples.
    """
    value = float(function([np.asarray(part.value, dtype=float) for part in parts]))
    lengths = [len(part.replicates) for part in parts if part.replicates is not None]
    if not lengths:
        return Metric(value, math.nan)
    length = min(lengths)
    replicates = function(
        [
            np.full(length, part.value)
            if part.replicates is None
            else np.asarray(part.replicates, dtype=float)[:length]
            for part in parts
        ]
    )
    finite = replicates[np.isfinite(replicates)]
    if len(finite) <= 1:
        err = math.nan
    else:
        err = float(np.std(finite, ddof=1)) if np.ptp(finite) > 0 else 0.0
    return Metric(value, err, replicates=replicates)
