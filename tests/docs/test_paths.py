"""What the pages say of where things are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "hstdriz_study"
PAGES = [ROOT / f"{name}.md" for name in ("ARCHITECTURE", "CONTRIBUTING", "README")]
PAGES += sorted(path for path in (ROOT / "docs").rglob("*.md") if "changes" not in path.parts[:-1])
TO_BE_MADE = {"conf/choose/roundest.yaml"}  # by the reader
MAX_LINES = 80  # of one page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_paths_that_a_page_names_are_there(page):
    text = page.read_text()
    named = {path for path in re.findall(r"`([a-z][\w./-]*)`", text) if "/" in path} - TO_BE_MADE
    linked = {page.parent / path for path in re.findall(r"\]\(([\w./-]+)\)", text)}
    ours = {path for path in named if "NAME" not in path and _begins_here(path)}
    gone = {path for path in ours if not ((ROOT / path).exists() or (PACKAGE / path).exists())}
    assert gone | {str(path) for path in linked if not path.exists()} == set()


def _begins_here(path: str) -> bool:
    first = path.partition("/")[0]
    return (ROOT / first).is_dir() or (PACKAGE / first).is_dir()


def test_the_map_names_every_room_and_is_on_one_page():
    page = (ROOT / "ARCHITECTURE.md").read_text()
    assert len(page.splitlines()) <= MAX_LINES
    drawn = page.partition("    cli ")[1:]
    words = set(re.findall(r"\w+", "".join(drawn).partition("\n\n")[0]))
    rooms = {path.parent for path in PACKAGE.glob("*/__init__.py")}
    rooms |= {path.parent for path in (PACKAGE / "study").glob("*/__init__.py")}
    assert {room.name for room in rooms} - words == set()
