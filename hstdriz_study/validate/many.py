"""One function on many items, in processes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from hstdriz_study.errors import StudyError
from hstdriz_study.workers import Death, Groups, Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
