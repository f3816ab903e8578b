"""A study whose good bits are written in other notations, through to script and what-if."""

import ast

import pytest

from hstdriz_study.json_files import read_json

pytestmark = pytest.mark.endtoend

GRID = (
    "--multirun", "filter=f160w", "drizzle.final_scale=0.08", "drizzle.final_pixfrac=0.6,0.8"
)  # fmt: skip


def final_bits(script) -> object:
    (value,) = [
        keyword.value
        for node in ast.walk(ast.parse(script.read_text()))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "final_bits"
    ]
    return ast.literal_eval(value)


@pytest.mark.parametrize(
    ("written", "number", "text"), [("None", None, "None"), ("'~4,4096'", -4101, "~4100")]
)
def test_one_number_goes_into_record_and_script_and_is_read_back(
    program, tmp_path, written, number, text
):
    outcome = program(tmp_path, *GRID, f"filter.good_bits={written}")
    assert outcome.code == 0, outcome.stderr
    assert {record.status for record in outcome.records} == {"FINISHED"}
    assert {record.settings.final_bits for record in outcome.records} == {number}
    written_down = read_json(outcome.study_dir / "points/0/record.json")["settings"]
    assert written_down["final_bits"] == text
    assert read_json(outcome.study_dir / "study.json")["config"]["drizzle"]["final_bits"] == number
    assert final_bits(outcome.study_dir / "make_product_f160w.py") == number
    asked = program(tmp_path, "what-if", str(outcome.study_dir), "drop:1")
    assert asked.code == 0, asked.stderr
    # what is foreseen of the exposures as they are is what was measured with those bits
    page = (outcome.study_dir / "what_if/drop_1.md").read_text()
    assert "as foreseen and as measured differ by less than 0.01 %" in page


def test_notations_of_the_same_bits_give_the_same_points(program, tmp_path):
    first = program(tmp_path / "a", *GRID, "drizzle.final_bits='16, 512'")
    second = program(
        tmp_path / "b", *GRID, "drizzle.final_bits=16+512", "prepare.driz_sep_bits=[16,512]"
    )
    assert (first.code, second.code) == (0, 0), first.stderr + second.stderr
    assert [one.key for one in first.records] == [one.key for one in second.records]
    assert [one.metrics["psf/fwhm_arcsec"].value for one in first.records] == [
        one.metrics["psf/fwhm_arcsec"].value for one in second.records
    ]
