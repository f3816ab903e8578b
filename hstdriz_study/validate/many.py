"""One function on many items, in processes."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from hstdriz_study.errors import StudyError
from hstdriz_study.workers import Death, Groups, Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hstdriz_study.validate.context import SetOptions
    from hstdriz_study.validate.rows import Claims, Row

Item = TypeVar("Item")
Result = TypeVar("Result")


def each(work: Callable[[Item], Result], items: Sequence[Item], n_processes: int) -> list[Result]:
    """Return ``work(item)`` of every item, in their order.

    Raises
    ------
    StudyError
        If a process is lost.
    """
    found: dict[int, Result] = {}
    groups = Groups([[pair] for pair in enumerate(items)])
    with Workers(partial(_unnumbered, work), min(n_processes, len(items))) as workers:
        for (index, _), result in workers.run(groups):
            if isinstance(result, Death):
                raise StudyError(f"a check was lost: {result}; set workers=1")
            found[index] = result
    return [found[index] for index in range(len(items))]


def _unnumbered(work: Callable[[Item], Result], item: tuple[int, Item]) -> Result:
    return work(item[1])


def rows_of_each(
    claims: Claims,
    work: Callable[[SetOptions], list[Row]],
    sets: Sequence[SetOptions],
    n_processes: int,
) -> list[Row]:
    """Return the rows of every filter; one that cannot be worked on has a row that fails."""
    found = each(partial(_rows_or_failure, claims, work), sets, n_processes)
    return [row for rows in found for row in rows]


def _rows_or_failure(
    claims: Claims, work: Callable[[SetOptions], list[Row]], of_set: SetOptions
) -> list[Row]:
    try:
        return work(of_set)
    except StudyError as error:
        claim = f"{of_set.name}: could not be measured"
        return [claims.at_least(claim, math.nan, 0.0, reason=str(error))]
