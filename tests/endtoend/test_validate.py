"""``hstdriz-study validate`` as a person runs it."""

import pytest
from astropy.table import Table

pytestmark = pytest.mark.endtoend


def test_a_part_of_the_validation_passes_and_leaves_its_pages(program, tmp_path):
    done = program(
        tmp_path, "validate", "parts=[optics,truth,coverage]", "filters=[f160w]",
        "coverage.seeds=2", "coverage.grid.f160w=[[0.08,0.8]]",
    )  # fmt: skip
    assert done.code == 0, done.stderr
    assert "rows pass" in done.stdout
    (directory,) = tmp_path.glob("hstdriz-runs/validate/*")
    assert {path.name for path in directory.glob("validation.*")} == {
        "validation.ecsv", "validation.md", "validation.html",
    }  # fmt: skip
    table = Table.read(directory / "validation.ecsv")
    assert set(table["family"]) == {"simulated optics", "injected truth", "coverage of errors"}
    assert all(table["passed"])


def test_nothing_checked_is_no_pass_and_a_wrong_key_is_told(program, tmp_path):
    assert program(tmp_path / "none", "validate", "parts=[coverage]").code == 1
    wrong = program(tmp_path / "wrong", "validate", "filtres=[f160w]")
    assert wrong.code == 2
    assert wrong.said[0].startswith("error: ")
    assert len(wrong.said) == 1
