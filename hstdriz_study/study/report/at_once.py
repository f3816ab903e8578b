"""Figures drawn on every core at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.apart import apart_each
from hstdriz_study.workers import cores, start_method

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def draw_all(calls: Sequence[Callable[[], None]]) -> None:
    """Draw on every core: a figure takes longer than a point."""
    if start_method() != "fork":  # a process that starts anew takes longer still
        for call in calls:
            call()
        return
    lost = "a figure of the report was not drawn"
    apart_each(_call, calls, cores(), lost, doing="drawing figures")


def _call(call: Callable[[], None]) -> None:
    call()
