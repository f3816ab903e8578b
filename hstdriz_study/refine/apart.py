"""Whether the data tell two points apart, and how far resamples scatter a choice."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.choose.points import COMMON_METRICS, metric_of
from hstdriz_study.choose.rules import find_rule
from hstdriz_study.contracts import paired_sigma

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose import ChoiceSettings
    from hstdriz_study.contracts import PointRecord

ONE_SIGMA = (0.1587, 0.8413)


def told_apart(
    record: PointRecord, other: PointRecord, settings: ChoiceSettings, *, inadmissible: bool
) -> bool:
    """Tell whether two points differ by more than ``paired_sigma`` paired sigma.

    Parameters
    ----------
    record, other : `~hstdriz_study.contracts.PointRecord`
    settings : `~hstdriz_study.choose.ChoiceSettings`
        The rule says which metrics count.
    inadmissible : bool
        Whether a limit parts them, so that the metrics under a limit count too.

    Returns
    -------
    bool
        Also True when nothing is known that could tell: a point without
        numbers, or no metric in common.
    """
    ranked_by = find_rule(settings.rule).ranked_by(settings)
    limited = COMMON_METRICS if inadmissible or not ranked_by else ()
    metrics = dict.fromkeys((*ranked_by, *limited))
    told = [differs(record, other, name, settings.paired_sigma) for name in metrics]
    return any(told) or all(one is None for one in told)


def differs(record: PointRecord, other: PointRecord, metric: str, n_sigma: float) -> bool | None:
    """Tell whether a metric differs by more than some paired sigma; None when it is unknown."""
    one, two = metric_of(record, metric), metric_of(other, metric)
    difference = abs(one.value - two.value)
    if not math.isfinite(difference):
        return None
    # an error that is not known (nan) cannot make two values equal
    return difference > 0 and not difference <= n_sigma * paired_sigma(one, two)


def scatter(values: Sequence[float], shares: Sequence[float]) -> tuple[float, float] | None:
    """Return the central 68 % of values with their shares; None when there is none."""
    if not values:
        return None
    order = np.argsort(values)
    below = np.cumsum(np.asarray(shares, dtype=float)[order])
    low, high = np.searchsorted(below / below[-1], ONE_SIGMA)
    ranked = np.asarray(values, dtype=float)[order]
    return float(ranked[low]), float(ranked[high])
