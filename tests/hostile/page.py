"""The tables of hostile input and settings as docs/hostile_input.md.

``python -c "from tests.hostile.page import page; print(page(), end='')"`` from the checkout.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tests.hostile.inputs import all_inputs
from tests.hostile.settings import STUDY_FILES, started_settings, typed_settings

if TYPE_CHECKING:
    from collections.abc import Iterable

_HEAD = """\
# Hostile input

What was tried on purpose, by kind. Each row is a test (`tests/hostile`): the sentence holds what
the row says and, of an exposure, its file and a cure; it is one line on stderr behind `error: `,
the exit code is 2, nothing has been prepared, the exposures are the same to the byte, and no file
is left in the working directory, the study or a scratch directory.

This page is written by `tests/hostile/page.py` of those tables. `tests/hostile/test_fuzz.py`
damages files and values by seeds beside them; `HSTDRIZ_STUDY_FUZZ=10 python -m pytest
tests/hostile/test_fuzz.py` draws ten times as much.

What `hstdriz-study check` finds wrong with exposures it tells on its page and on stdout, filter
by filter; the exit code is 2 as well.

Not tried: a disk that fails while a file is read, and, where the tests run as root, files without
permission to read (skipped, and the reason is printed).
"""
_MOST = 60


def page() -> str:
    """Return the page."""
    parts = [_HEAD]
    parts += ["\n## Exposures\n", *_tables(("exposure", "said"), _of_inputs())]
    parts += ["\n## What is typed\n", *_tables(("typed", "said"), _of_settings())]
    files = [("a study's file", what, said) for what, _, said in STUDY_FILES]
    parts += ["\n## Files of a study\n", *_tables(("study/mine.yaml", "said"), files)]
    return "\n".join(parts)


def _of_inputs() -> list[tuple[str, str, str]]:
    return [(row.kind, row.what, row.said) for row in all_inputs()]


def _of_settings() -> list[tuple[str, str, str]]:
    rows = (*typed_settings(), *started_settings())
    return [(row.kind, _code(row.typed), row.said) for row in rows]


def _tables(heads: tuple[str, str], rows: Iterable[tuple[str, str, str]]) -> list[str]:
    """Write a table for each kind, with the exit code."""
    by_kind: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for kind, what, said in rows:
        by_kind[kind].append((what, said))
    lines: list[str] = []
    for kind, of_kind in by_kind.items():
        lines += [f"\n**{kind}** ({len(of_kind)})\n", f"| {heads[0]} | {heads[1]} | exit |"]
        lines += ["|---|---|---|"]
        lines += [f"| {_cell(what)} | {_cell(said)} | 2 |" for what, said in of_kind]
    return lines


def _code(text: str) -> str:
    text = text.replace("\x07", "BEL").replace("{tmp}", "DIR")
    return f"`{text if len(text) <= _MOST else text[:_MOST] + '...'}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("{{", "{").replace("}}", "}")
