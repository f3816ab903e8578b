"""Nested settings as dotted keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def dotted(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every value that is no mapping, with the names that lead to it.

    Parameters
    ----------
    values : mapping
    above : str, optional
        What leads to them all, with its dot.

    Examples
    --------
    >>> dict(dotted({"drizzle": {"final_pixfrac": 0.8}, "name": "mine"}))
    {'drizzle.final_pixfrac': 0.8, 'name': 'mine'}
    """
    for name, value in values.items():
        if isinstance(value, dict):
            yield from dotted(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value
