"""docs/hostile_input.md is what the tables say."""

from pathlib import Path

from tests.hostile.page import page

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_that_of_the_tables():
    assert (ROOT / "docs" / "hostile_input.md").read_text() == page() + "\n"
