"""Where a study's files lie is known to one module."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from hstdriz_study.study.directory import layout
from hstdriz_study.study.directory.layout import StudyDirectory

PACKAGE = Path(layout.__file__).parents[2]
LAYOUT = Path(layout.__file__)
STUDY = PACKAGE / "study"
# directories of the cache
ELSEWHERE = {STUDY / "run" / "filter_setup.py": {"figures"}}


def literals(path: Path) -> set[str]:
    """Return the texts of a module that could be names: no spaces, and no docstring."""
    nodes = ast.walk(ast.parse(path.read_text()))
    texts = [node.value for node in nodes if isinstance(node, ast.Constant)]
    return {text for text in texts if isinstance(text, str) and text and " " not in text}


def joined(path: Path) -> set[str]:
    """Return the texts of a module that are joined to a path."""
    nodes = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.BinOp)]
    right = [node.right for node in nodes if isinstance(node.op, ast.Div)]
    return {str(node.value) for node in right if isinstance(node, ast.Constant)}


def names() -> set[str]:
    return {text for text in literals(LAYOUT) if text.strip("_-") and text.isprintable()}


def test_every_name_of_a_file_is_spelled_in_one_module():
    files = {name for name in names() if "." in name[1:] and "?" not in name}
    assert {"study.json", "record.json", "choice.json", "report.md", "make_product_"} <= names()
    assert len(files) > 10
    elsewhere = {
        (path.relative_to(PACKAGE).as_posix(), text)
        for path in PACKAGE.rglob("*.py")
        if path != LAYOUT
        for text in literals(path)
        if text.endswith(tuple(files))
    }
    assert elsewhere == set()


@pytest.mark.parametrize("room", ["study", "cli"])
def test_no_other_module_of_a_study_joins_a_name_of_its_directory(room):
    for path in (PACKAGE / room).rglob("*.py"):
        if path != LAYOUT:
            assert joined(path) & names() - ELSEWHERE.get(path, set()) == set(), path


def test_points_are_in_the_order_of_the_sweep(tmp_path):
    study = StudyDirectory(tmp_path)
    for name in ("10", "2", "2.1", "1"):
        study.point(name).path.mkdir(parents=True)
        study.point(name).record.touch()
    study.point("3").path.mkdir()  # holds no record
    assert [point.path.name for point in study.points()] == ["1", "2", "10", "2.1"]


def test_a_point_that_is_set_aside_keeps_its_place_in_the_name(tmp_path):
    study = StudyDirectory(tmp_path)
    kept = study.set_aside(study.point(7), "0123456789ab")
    assert kept.relative_to(tmp_path).as_posix() == "superseded/7-01234567"


def test_an_image_is_found_under_either_ending_and_letters_of_patterns_are_letters(tmp_path):
    products = StudyDirectory(tmp_path).products
    products.path.mkdir()
    assert products.image("a[b]") is None
    (products.path / "ab_drz.fits").touch()
    assert products.image("a[b]") is None
    (products.path / "a[b]_drc.fits").touch()
    assert products.image("a[b]") == products.path / "a[b]_drc.fits"


def test_scripts_and_changes_are_found_by_the_names_they_are_given(tmp_path):
    study = StudyDirectory(tmp_path)
    study.what_if("drop_1").parent.mkdir()
    for path in (study.script("f160w"), study.what_if("drop_1").with_suffix(".json")):
        path.touch()
    study.what_if("drop_1").touch()
    assert study.scripts() == [study.script("f160w")]
    assert study.what_ifs() == [study.what_if("drop_1").with_suffix(".json")]
