"""Files are there whole or not at all, on a disk that fills up too."""

from __future__ import annotations

import ast

import pytest
from astropy.table import Table

from hstdriz_study.errors import StudyError, trouble_of_the_disk
from hstdriz_study.whole_files import (
    remove_unfinished,
    require_writable,
    unfinished,
    write_ecsv,
    write_text,
)
from tests.conftest import ROOT


def test_a_full_disk_leaves_what_was_there_and_names_the_file(disk_of):
    page = disk_of("100k") / "report.html"
    write_text(page, "earlier")
    with pytest.raises(OSError, match="No space left") as refused:
        write_text(page, "x" * 1_000_000)
    assert page.read_text() == "earlier"
    assert [path.name for path in page.parent.iterdir()] == [page.name]
    assert trouble_of_the_disk(refused.value) == f"{page}: no space left on the disk; make room"


def test_a_directory_is_tried_and_made_before_the_work(tmp_path):
    place = tmp_path / "of" / "mine"
    require_writable(place, "go elsewhere")
    assert list(place.iterdir()) == []
    (tmp_path / "file").write_text("kept")
    with pytest.raises(StudyError, match=r"/file/x: cannot be written .*; go elsewhere$"):
        require_writable(tmp_path / "file" / "x", "go elsewhere")


def test_a_table_is_read_back_and_replaces_the_one_before(tmp_path):
    path = tmp_path / "points.ecsv"
    for values in ([1.5, 2.5], [0.1]):
        write_ecsv(path, Table({"fwhm_arcsec": values}, meta={"study": "one"}))
        read = Table.read(path)
        assert list(read["fwhm_arcsec"]) == values
        assert read.meta["study"] == "one"


def test_what_a_killed_process_has_begun_is_removed_and_no_file_of_the_user(tmp_path):
    unfinished(tmp_path / "report.html").write_text("half")
    (tmp_path / ".mine").write_text("whole")
    remove_unfinished(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [".mine"]


@pytest.mark.parametrize("room", ["study/report", "study/what_if.py", "study/compare", "validate"])
def test_nothing_that_is_read_by_people_is_written_in_its_place(room):
    """A method of a path that writes would leave half a file where the disk is full."""
    place = ROOT / "hstdriz_study" / room
    for file in [place] if place.is_file() else place.rglob("*.py"):
        called = {
            node.func.attr
            for node in ast.walk(ast.parse(file.read_text()))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        assert called.isdisjoint({"write_text", "write_bytes"}), file
