"""A table for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

NONE = "-"
"""What stands in a cell where there is nothing."""


def aligned(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table for the terminal, columns aligned by spaces; no line break at the end."""
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]
    rule = ["─" * width for width in widths]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (heads, rule, *rows)
    )
