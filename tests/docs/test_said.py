"""What pages say of keys, names and numbers is what the program knows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hstdriz_study.cli.catalogue import groups, names_of, study_keys, validate_keys
from hstdriz_study.predict.needs import study_disk

ROOT = Path(__file__).resolve().parents[2]
# That page is of what is refused.
PAGES = [
    ROOT / "README.md",
    *(path for path in sorted((ROOT / "docs").glob("**/*.md")) if path.name != "hostile_input.md"),
]
KEYS = {*study_keys(), *validate_keys()}
OLD = {"prepare.updatewcs"}  # still read
YOURS = {"mine", "roundest"}  # files that a page has a reader write
_DOTTED = re.compile(r"\b([a-z_]+(?:\.[a-z_0-9]+)+)=")
_CHOSEN = re.compile(r"(?<![\w./+])([a-z_/]+)=([a-z][a-z0-9_,]*)(?![\w./{:|(])")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_keys_and_names_that_a_page_types_are_known(page):
    text = page.read_text()
    rooms = {key.partition(".")[0] for key in KEYS if "." in key} - {"hydra"}
    typed = {key for key in _DOTTED.findall(text) if key.partition(".")[0] in rooms}
    assert typed <= KEYS | OLD
    for group, names in _CHOSEN.findall(text):
        if group in groups() and names not in ("true", "false", "null"):
            assert {*names.strip(",").split(",")} <= {*names_of(group)} | YOURS, group


def test_the_room_of_a_study_is_as_it_is_foreseen():
    study = study_disk(0, 0)
    of_filter, of_point = study_disk(0, 1) - study, study_disk(1, 0) - study
    told = " ".join((ROOT / "docs" / "faults.md").read_text().split())
    mb = [f"{size / 1e6:g} MB" for size in (study, of_filter, of_point)]
    assert f"store {mb[0]}, {mb[1]} a filter and {mb[2]} a point" in told
