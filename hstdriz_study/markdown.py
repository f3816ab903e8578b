"""Texts of any origin as plain words in Markdown: no tag, no link, one line.

CommonMark and GitHub's additions, as report.md is shown, and the dialect of MLflow's pages
(Showdown), which knows no backslash before ``<``, ``&``, ``@`` and ``/``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hstdriz_study.names import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

# What becomes a tag, an entity or an address by itself.
_ENTITIES = {"&": "&amp;", "<": "&lt;", "@": "&#64;"}
_ENTITY = re.compile("[&<@]")
_MARKUP = re.compile(
    r"""[\\`*~]                      # code, emphasis, strokes
    | (?<![^\W_])_ | _(?![^\W_])     # emphasis; not in the name of a metric
    | \](?=[(\[:])                   # a link
    | :(?=//) | (?<=\bwww)\.         # an address that becomes a link by itself
    """,
    re.VERBOSE | re.IGNORECASE,
)
# A definition, title, quotation or list, a numbered one too; at the beginning of a line alone.
_BEGINS_BLOCK = re.compile(r"^[\[#>+=-]|(?<=^[0-9])[.)](?=\s)")


def plain(text: object) -> str:
    """Keep a text, of a header for example, from being markup where Markdown is shown."""
    return _BEGINS_BLOCK.sub(r"\\\g<0>", _inline(text))


def cell(text: object) -> str:
    """Keep a text inside one cell of a table."""
    return _inline(text).replace("|", "\\|")


def _inline(text: object) -> str:
    line = " ".join(printable(text).split())
    return _ENTITY.sub(lambda found: _ENTITIES[found[0]], _MARKUP.sub(r"\\\g<0>", line))


def row(cells: Iterable[object]) -> str:
    """Return a row of a table."""
    return f"| {' | '.join(cell(text) for text in cells)} |"
