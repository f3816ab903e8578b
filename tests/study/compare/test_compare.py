"""Two studies side by side: what differs is told, with the right error, and nothing else is."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hstdriz_study.cli.exits import BAD_INPUT
from hstdriz_study.cli.program import run
from hstdriz_study.errors import StudyError
from hstdriz_study.json_files import read_json, write_json
from hstdriz_study.study.compare import (
    Comparison,
    MetricChange,
    compare_studies,
    comparison_markdown,
    comparison_text,
    read_side,
)
from hstdriz_study.study.compare.command import compare_named

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.study.directory.layout import StudyDirectory

    Change = Callable[[PointRecord], PointRecord]
    Make = Callable[..., StudyDirectory]


def _compared(first: StudyDirectory, second: StudyDirectory) -> Comparison:
    return compare_studies(read_side(first), read_side(second))


def _of(comparison: Comparison, metric: str) -> MetricChange:
    (found,) = (change for change in comparison.metrics if change.metric == metric)
    return found


def test_a_study_and_its_copy_do_not_differ(make_study: Make) -> None:
    found = _compared(make_study("a"), make_study("b"))
    assert found.pairing == {"f160w": "paired"}
    assert all(choice.same for choice in found.choices)
    assert all(change.n_identical == change.n_points == 9 for change in found.metrics)
    assert found.settings == found.versions == ()
    assert "version, configuration, inputs and rule are one: " in comparison_text(found)


def test_another_rule_is_another_signature(make_study: Make) -> None:
    first, second = make_study("a"), make_study("b")
    study = read_json(second.description)
    changed = study["config"]["choose"] | {"max_rms_over_median": 0.15}
    write_json(second.description, study | {"config": study["config"] | {"choose": changed}})
    assert "inputs or rule differ: A " in comparison_text(_compared(first, second))


def test_comparison_says_whose_exposures_each_is_about(make_study: Make) -> None:
    first, second = make_study("a"), make_study("b")
    datasets = {"f160w": {"kind": "synthetic", "path": None, "seed": 2}}
    write_json(second.description, read_json(second.description) | {"datasets": datasets})
    found = _compared(first, second)
    for page in (comparison_text(found), comparison_markdown(found)):
        a, b = (line for line in page.splitlines() if line.lstrip("- ").startswith(("A:", "B:")))
        assert "Exposures" not in a
        assert b.endswith("Exposures: simulated (seed 2), not HST data")


def test_paired_resamples_see_a_difference_that_separate_errors_hide(
    make_study: Make, widened: Change
) -> None:
    first, second = make_study("a"), make_study("b", widened)
    other_stars = make_study("c", widened, stars="other stars")
    paired = _of(_compared(first, second), "psf/fwhm_arcsec")
    apart = _of(_compared(first, other_stars), "psf/fwhm_arcsec")
    for change in (paired, apart):
        assert math.isclose(change.mean, 0.001, rel_tol=1e-6)
    assert 4 < paired.largest.n_sigma < 6  # 0.001 over the scatter of 2e-4
    assert abs(apart.largest.n_sigma) < 1
    assert paired.n_significant == 9
    assert apart.n_significant == 0


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"stars": "others"}, "other stars or boxes"),
        ({"change": lambda r: replace(r, provenance=r.provenance | {"inputs": [["x", "y"]]})},
         "other exposures"),
        ({"change": lambda r: replace(r, provenance=r.provenance | {
            "config": {"measure": {"seed": 2, "n_bootstrap": 400}}})},
         "other seed or number of resamples"),
    ],
)  # fmt: skip
def test_resamples_are_paired_only_where_they_are_the_same(
    make_study: Make, changes: dict[str, object], why: str
) -> None:
    assert _compared(make_study("a"), make_study("b", **changes)).pairing == {"f160w": why}


def test_another_choice_is_told_with_what_the_second_says_of_the_first(make_study: Make) -> None:
    found = _compared(make_study("a"), make_study("b", limit=0.1))
    (choice,) = found.choices
    assert not choice.same
    assert "0.1" in choice.b_on_a
    assert choice.differences["psf/fwhm_arcsec"].value != 0
    assert found.settings == (("choose.max_rms_over_median", "0.2", "0.1"),)


def test_points_of_one_study_alone_are_counted_and_not_compared(make_study: Make) -> None:
    found = _compared(make_study("a"), make_study("b", pixfracs=(0.6, 1.0)))
    assert (found.only_a, found.only_b) == ({"f160w": 6}, {"f160w": 3})
    assert _of(found, "psf/fwhm_arcsec").n_points == 3
    assert ("swept.final_pixfrac", "0.4, 0.6, 0.8", "0.6, 1") in found.settings


def test_studies_without_a_common_point_say_so(make_study: Make) -> None:
    told = comparison_text(_compared(make_study("a"), make_study("b", pixfracs=(1.0,))))
    assert "no point is in both" in told
    assert "0 of 0" not in told


def test_rounding_is_no_difference(make_study: Make) -> None:
    def rounded(record: PointRecord) -> PointRecord:
        depth = record.metrics["noise/depth_abmag"]
        same = replace(depth, value=depth.value * (1 + 1e-15))
        return replace(record, metrics=record.metrics | {"noise/depth_abmag": same})

    change = _of(_compared(make_study("a"), make_study("b", rounded)), "noise/depth_abmag")
    assert change.n_identical == 9


def test_a_difference_without_an_error_is_told_without_sigma(make_study: Make) -> None:
    def holed(record: PointRecord) -> PointRecord:
        holes = replace(record.metrics["weight/hole_fraction"], value=1e-5)
        return replace(record, metrics=record.metrics | {"weight/hole_fraction": holes})

    found = _compared(make_study("a"), make_study("b", holed))
    assert math.isnan(_of(found, "weight/hole_fraction").largest.n_sigma)
    assert "no error" in comparison_text(found)


def test_a_setting_of_one_filter_alone_is_told_with_its_filter(make_study: Make) -> None:
    def in_two_filters(record: PointRecord) -> PointRecord:
        scale = record.settings.final_scale_arcsec
        return replace(record, filter="f125w") if scale > 0.1 else record

    def other_bits(record: PointRecord) -> PointRecord:
        record = in_two_filters(record)
        bits = "64" if record.filter == "f125w" else "16"
        config = record.provenance["config"] | {"drizzle": {"final_bits": bits}, "workers": 2}
        return replace(record, provenance=record.provenance | {"config": config})

    found = _compared(make_study("a", in_two_filters), make_study("b", other_bits))
    assert set(found.settings) == {
        ("workers", "-", "2"),
        ("f160w: drizzle.final_bits", "-", "16"),
        ("f125w: drizzle.final_bits", "-", "64"),
    }


def test_other_versions_are_told(make_study: Make) -> None:
    second = make_study("b", versions={"drizzlepac": "3.12.0", "numpy": "2.0"})
    found = _compared(make_study("a"), second)
    assert found.versions == (("drizzlepac", "3.11.0", "3.12.0"), ("numpy", "-", "2.0"))


def test_markdown_tables_have_as_many_cells_as_heads(make_study: Make, widened: Change) -> None:
    page = comparison_markdown(_compared(make_study("a"), make_study("b", widened, limit=0.1)))
    cells = None
    for line in page.splitlines():
        now = line.replace("\\|", "").count("|")
        cells = (cells or now) if line.startswith("|") else None
        assert cells is None or now == cells, line


def test_command_prints_and_writes_the_comparison(
    make_study: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = compare_named(str(make_study("a")), str(make_study("b", limit=0.1)), tmp_path)
    printed = capsys.readouterr().out
    assert "Choices: 1 of 1 changed" in printed
    assert "## Choices: 1 of 1 changed" in path.read_text()


def test_a_place_that_cannot_be_written_is_named(make_study, tmp_path):
    place = tmp_path / "not-there"
    with pytest.raises(StudyError, match=r"/compare\.md: cannot be written .*; run from a dir"):
        compare_named(str(make_study("a")), str(make_study("b")), place)


def test_a_file_of_the_name_is_left_alone(make_study, tmp_path):
    (tmp_path / "compare.md").write_text("mine\n")
    path = compare_named(str(make_study("a")), str(make_study("b")), tmp_path)
    assert path == tmp_path / "compare-2.md"
    assert (tmp_path / "compare.md").read_text() == "mine\n"


def test_studies_without_a_common_filter_are_refused_in_one_sentence(make_study: Make) -> None:
    other = make_study("b", lambda record: replace(record, filter="f125w"))
    with pytest.raises(StudyError, match="nothing to compare; name two studies that share one"):
        _compared(make_study("a"), other)


def test_what_is_no_study_is_refused_in_one_sentence(make_study: Make, tmp_path: Path) -> None:
    study = str(make_study("a"))
    with pytest.raises(StudyError, match="no such directory; name the directory of a study, or"):
        compare_named(study, str(tmp_path / "nothing"), tmp_path)
    with pytest.raises(StudyError, match=r"study\.json: no such file"):
        compare_named(study, str(tmp_path), tmp_path)


def test_command_line_compares_two_studies_and_tells_its_usage(
    make_study: Make,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    studies = [str(make_study("a")), str(make_study("b"))]
    for given, code in ((studies, 0), (studies[:1], BAD_INPUT)):
        monkeypatch.setattr("sys.argv", ["hstdriz-study", "compare", *given])
        with pytest.raises(SystemExit) as left:
            run()
        assert left.value.code == code
    said = capsys.readouterr()
    assert "Choices: 0 of 1 changed" in said.out
    assert said.err == (
        "error: missing argument 'STUDY_B'; usage: hstdriz-study compare STUDY_A STUDY_B\n"
    )
