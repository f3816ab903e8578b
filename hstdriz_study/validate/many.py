"""One function on many items, in processes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeVar

from hstdriz_study.apart import apart_each, outcomes_apart
from hstdriz_study.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hstdriz_study.validate.context import SetOptions
    from hstdriz_study.validate.rows import Claims, Row

Item = TypeVar("Item")
Result = TypeVar("Result")

_LOST = "a check was not made"
_DOING = "checking"


def each(work: Callable[[Item], Result], items: Sequence[Item], n_processes: int) -> list[Result]:
    """Return ``work(item)`` of every item, in their order.

    Raises
    ------
    LostProcessError
        If a process is lost.
    """
    return apart_each(work, items, n_processes, _LOST, doing=_DOING)


def rows_of_each(
    claims: Claims,
    work: Callable[[SetOptions], list[Row]],
    sets: Sequence[SetOptions],
    n_processes: int,
) -> list[Row]:
    """Return the rows of every filter; one that cannot be worked on has a row that fails."""
    rows: list[Row] = []
    outcomes = outcomes_apart(work, sets, n_processes, _LOST, doing=_DOING)
    for of_set, outcome in zip(sets, outcomes, strict=True):
        if isinstance(outcome, StudyError):
            claim = f"{of_set.name}: could not be measured"
            rows.append(claims.at_least(claim, math.nan, 0.0, reason=str(outcome)))
        elif isinstance(outcome, Exception):
            raise outcome
        else:
            rows += outcome
    return rows
