"""The table, the files and the exit of a validation."""

import json
import re
from dataclasses import fields

import pytest
from astropy.table import Table
from omegaconf import OmegaConf

from hstdriz_study.cli.validation_options import (
    ValidationConfig,
    validation_options,
)
from hstdriz_study.conf_files import conf_directory
from hstdriz_study.errors import ConfigError, DatasetError
from hstdriz_study.validate import run
from hstdriz_study.validate.checks import check_named
from hstdriz_study.validate.many import rows_of_each
from hstdriz_study.validate.options import CHECKS
from hstdriz_study.validate.report import (
    Validation,
    as_html,
    as_markdown,
    as_text,
    place,
    write_validation,
)
from hstdriz_study.validate.rows import Claims

CLAIMS = Claims("a <family>", "a | source")
GOOD = CLAIMS.near("x | y", 1.0, 1.0, 0.1, reason="why", unit="arcsec")
BAD = CLAIMS.at_most("z", 2.0, 1.0, reason="a <reason>")


def options_of(**changes):
    """Return what a validation is told by ``conf/validate.yaml`` with some keys changed."""
    shipped = OmegaConf.load(conf_directory() / "validate.yaml")
    shipped.cache_dir = "x"
    own = OmegaConf.masked_copy(shipped, [item.name for item in fields(ValidationConfig)])
    schema = OmegaConf.structured(ValidationConfig)
    return validation_options(OmegaConf.to_object(OmegaConf.merge(schema, own, changes)))


def validation(*rows):
    return Validation(rows, "hstdriz-study validate", {"date": "today"})


def test_the_verdict_counts_the_rows_that_fail():
    assert validation(GOOD).verdict == "all 1 rows pass"
    assert validation(GOOD, BAD).verdict == "1 of 2 rows fail"
    assert validation().verdict == "nothing was checked"


def test_the_table_for_the_terminal_marks_a_failure():
    lines = as_text(validation(GOOD, BAD)).splitlines()
    assert lines[0] == "a <family>: 1 of 2 pass"
    assert [line.split()[0] for line in lines[3:5]] == ["pass", "FAIL"]
    assert lines[-1] == "1 of 2 rows fail"


def test_markdown_rows_have_as_many_cells_as_the_head():
    lines = [line for line in as_markdown(validation(GOOD, BAD)).splitlines() if line[:1] == "|"]
    assert {line.replace("\\|", "").count("|") for line in lines} == {8}


def test_the_page_needs_nothing_from_outside_and_escapes_what_it_shows():
    page = as_html(validation(GOOD, BAD))
    assert not re.search(r"https?://|src=|@import|url\(", page)
    assert "a &lt;family&gt;" in page
    assert "✗ fail" in page
    assert "left:50.0%" in page


def test_the_mark_of_a_bar_is_where_the_value_lies_between_its_limits():
    assert place(GOOD) == pytest.approx(0.5)
    assert place(BAD) is None
    assert place(CLAIMS.near("x", 5.0, 1.0, 0.1, reason="why")) == 1.0


def test_the_ecsv_file_holds_numbers_reasons_and_the_command(tmp_path):
    write_validation(validation(GOOD, BAD), tmp_path)
    table = Table.read(tmp_path / "validation.ecsv")
    assert list(table["passed"]) == [True, False]
    assert table["high"][0] == pytest.approx(1.1)
    assert table["reason"][1] == "a <reason>"
    assert table.meta["command"] == "hstdriz-study validate"
    assert {path.suffix for path in tmp_path.iterdir()} == {".ecsv", ".md", ".html"}


@pytest.mark.parametrize(("row", "passes"), [(GOOD, True), (BAD, False)])
def test_the_run_passes_when_all_rows_do(monkeypatch, tmp_path, capsys, row, passes):
    monkeypatch.setattr(run, "check_named", lambda _: lambda _: [row])
    options = options_of(parts=["flux"], cache_dir=str(tmp_path))
    assert run.validate_tool(options, None, tmp_path / "out", "command") is passes
    assert json.dumps(str(tmp_path / "out" / "validation.html"))[1:-1] in capsys.readouterr().out


def test_a_run_without_rows_does_not_pass(tmp_path, capsys):
    options = options_of(parts=[], cache_dir=str(tmp_path))
    assert not run.validate_tool(options, None, tmp_path, "command")
    assert "nothing was checked" in capsys.readouterr().out


def _cannot(_):
    raise DatasetError("no stars")


def test_a_filter_that_cannot_be_measured_has_a_row_that_fails(set_options):
    sets = [set_options("filter=f160w"), set_options("filter=f814w")]
    rows = rows_of_each(CLAIMS, _cannot, sets, 2)
    assert [row.passed for row in rows] == [False, False]
    assert rows[1].claim.startswith("f814w")
    assert rows[1].reason == "no stars"


@pytest.mark.parametrize("name", CHECKS)
def test_every_check_has_its_module(name):
    assert callable(check_named(name))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"parts": ["flix"]}, "parts=[flix]: must be a list of correlation"),
        ({"filters": []}, "at least one simulated filter"),
        ({"workers": 0}, "workers=0: must be 1 to 4096"),
        ({"seed": -1}, "seed=-1: must be 0 to "),
        ({"pointing_error_px": 0.0}, "must be above 0"),
        ({"coverage": {"seeds": 1}}, "coverage.seeds=1: must be 0"),
        ({"coverage": {"grid": {"f160w": [[0.08]]}}}, "must be pairs of final_scale"),
    ],
)
def test_options_out_of_range_are_told_in_one_sentence(changes, message):
    with pytest.raises(ConfigError, match=re.escape(message)):
        options_of(**changes)
