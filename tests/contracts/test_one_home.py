"""What is said of metrics elsewhere is what the entries say."""

from __future__ import annotations

import ast
from pathlib import Path

from hstdriz_study.contracts import ENTRIES
from hstdriz_study.contracts.metric_table import OF_FIELD

ROOT = Path(__file__).parents[2]


def _table(page: str, head: str) -> list[str]:
    """Return the rows of a page's table under a head, the line of dashes left out."""
    lines = (ROOT / page).read_text().splitlines()
    start = lines.index(head) + 2
    rows = lines[start:]
    return rows[: rows.index("")]


def test_docs_say_what_every_metric_of_the_field_means() -> None:
    rows = [f"| `{e.name}` | {e.meaning} |" for e in OF_FIELD if e.group != "exposures"]
    assert _table("docs/measuring.md", "| metric | meaning |") == rows


def test_docs_say_of_every_metric_what_is_better_and_what_it_needs() -> None:
    rows = [f"| `{e.name}` | {e.better} | {e.error} | {', '.join(e.needs)} |" for e in OF_FIELD]
    assert _table("docs/measuring.md", "| metric | better | error from | needs |") == rows


def test_docs_define_every_metric_of_the_field() -> None:
    text = (ROOT / "docs" / "measuring.md").read_text().split("## PSF\n")[1]
    defined = [e.name for e in OF_FIELD if e.group != "exposures" and f"`{e.name}`" in text]
    assert defined == [e.name for e in OF_FIELD if e.group != "exposures"]


def test_no_other_room_writes_the_name_of_a_metric() -> None:
    package = ROOT / "hstdriz_study"
    written = {
        (path.relative_to(package).as_posix(), node.value)
        for path in package.rglob("*.py")
        if path.parent.name != "contracts"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and node.value in ENTRIES
    }
    assert written == set()
