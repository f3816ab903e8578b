"""Numbers as they stand in sentences and tables."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.contracts import Metric

MAX_DECIMALS = 8
MANY_PERCENT = 10.0


def with_error(metric: Metric | None, unknown: str = "not measured") -> str:
    """Write value ± error with two significant digits of the error.

    Examples
    --------
    >>> from hstdriz_study.contracts import Metric
    >>> with_error(Metric(0.20123, 0.00152, "arcsec"))
    '0.2012 ± 0.0015'
    >>> with_error(Metric(0.0, 8.1e-7))
    '0 ± 8.1e-07'
    >>> with_error(None)
    'not measured'
    """
    if metric is None or not math.isfinite(metric.value):
        return unknown
    if not math.isfinite(metric.err) or metric.err <= 0:
        return f"{metric.value:.4g}"
    if metric.value == 0:
        return f"0 ± {metric.err:.2g}"
    decimals = min(max(1 - math.floor(math.log10(metric.err)), 0), MAX_DECIMALS)
    return f"{metric.value:.{decimals}f} ± {metric.err:.{decimals}f}"


def percent(fraction: float) -> str:
    """Write a fraction in percent with two significant digits, or whole percents.

    Examples
    --------
    >>> percent(0.0153), percent(0.995)
    ('1.5 %', '100 %')
    """
    number = 100.0 * fraction
    return f"{number:.0f} %" if abs(number) >= MANY_PERCENT else f"{number:.2g} %"


def count(number: int, noun: str) -> str:
    """Write a number with its noun in singular or plural.

    Examples
    --------
    >>> count(1, "point"), count(3, "point")
    ('1 point', '3 points')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def joined(words: Sequence[str]) -> str:
    """Write words in a row, the last after an "and".

    Examples
    --------
    >>> joined(["a"]), joined(["a", "b", "c"]), joined([])
    ('a', 'a, b and c', '')
    """
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""
