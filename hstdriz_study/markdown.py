"""Texts of any origin as plain words in Markdown: no tag, no link, one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def plain(text: object) -> str:
    """Keep a text, of a header for example, from being markup where Markdown is shown."""
    return " ".join(str(text).split()).replace("<", "&lt;").replace("](", "]\\(")


def cell(text: object) -> str:
    """Keep a text inside one cell of a table."""
    return plain(text).replace("|", "\\|")


def row(cells: Iterable[object]) -> str:
    """Return a row of a table."""
    return f"| {' | '.join(cell(text) for text in cells)} |"
