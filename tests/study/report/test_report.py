"""The report of a whole study: files, words, no reference to the outside."""

from __future__ import annotations

import json
import shutil
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from astropy.table import QTable

from hstdriz_study.contracts import DrizzleSettings, PointRecord
from hstdriz_study.json_files import write_json
from hstdriz_study.markdown import plain
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.directory.record import write_record
from hstdriz_study.study.report import ReportPaths, choice_table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


VOID = {"meta", "link", "img", "br", "hr", "input"}


class _Reader(HTMLParser):
    """Collect what a page loads and links to; check that its tags match."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.unmatched: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.loads += [value for name in ("src", "srcset", "data") if (value := given.get(name))]
        if tag == "link":
            self.loads.append(given.get("href") or "")
        if tag == "a":
            self.links.append(given.get("href") or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unmatched.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture(scope="module")
def page(report: ReportPaths) -> _Reader:
    reader = _Reader()
    reader.feed(report.html.read_text())
    reader.close()
    return reader


def test_page_loads_nothing_from_outside_itself(page: _Reader, report: ReportPaths) -> None:
    assert page.loads
    assert all(load.startswith("data:") for load in page.loads)
    style = report.html.read_text().split("<style>")[1].split("</style>")[0]
    assert "@import" not in style
    assert "url(" not in style


def test_tags_of_the_page_match(page: _Reader) -> None:
    assert page.unmatched == []
    assert page.open == []


def test_answer_stands_before_everything_else(page: _Reader) -> None:
    text = " ".join(" ".join(page.texts).split())
    assert text.index("final_scale") < text.index("Its FWHM")
    assert text.index("0.08 0.6") < text.index("Its FWHM")


def test_what_one_loses_at_most_follows_the_answer(page: _Reader, report: ReportPaths) -> None:
    told = " ".join(page.texts)
    lead = told.index("What one loses at most")
    assert told.index("final_pixfrac") < lead < told.index("What each goal would take")
    assert "FWHM over the sharpest" in report.markdown.read_text()


def test_whose_exposures_they_are_is_told_at_the_head_of_every_file(
    page: _Reader, report: ReportPaths
) -> None:
    told = "Exposures: simulated (seed 3), not HST data"
    text = " ".join(page.texts)
    assert text.index(told) < text.index("final_scale")
    assert report.markdown.read_text().splitlines()[4] == f"> **{told}.**"
    for written in (text, report.markdown.read_text()):
        assert "simulated (seed 3), not HST data: no number below may be quoted" in written
    content = json.loads(report.choice.read_text())
    assert (content["exposures"], content["simulated"]) == (told.removeprefix("Exposures: "), True)
    assert QTable.read(report.points).meta["exposures"] == content["exposures"]


def test_report_of_exposures_of_ones_own_names_them_and_no_simulation(
    small_study_dir: StudyDirectory, write: Callable[[StudyDirectory], ReportPaths]
) -> None:
    dataset = {"kind": "local", "path": "/data/my_<field>", "seed": 1}
    study = json.loads(small_study_dir.description.read_text())
    write_json(small_study_dir.description, study | {"datasets": {"f814w": dataset}})
    written = write(small_study_dir)
    assert "Exposures: /data/my_&lt;field&gt;" in written.html.read_text()
    assert f"Exposures: {plain('/data/my_<field>')}" in written.markdown.read_text()
    assert json.loads(written.choice.read_text())["simulated"] is False
    assert "not HST data" not in written.html.read_text() + written.markdown.read_text()


def test_every_reason_and_every_failure_is_told(page: _Reader, report: ReportPaths) -> None:
    text = " ".join(page.texts)
    for choice in report.choices:
        for reason in (*choice.reasons, *(rejection.reason for rejection in choice.rejected)):
            assert reason in text
    assert "no space left on device <scratch>" in text
    assert "only 7 stars" in text


def test_what_to_know_before_using_the_answer_stands_beside_it(page: _Reader) -> None:
    told = " ".join("".join(page.texts).split())
    head = told[told.index("Before you use it:") : told.index("how it was made")]
    assert ": only 7 stars: errors of the PSF metrics are uncertain" in head


def test_pages_show_the_other_limits_and_the_handbook(page: _Reader, report: ReportPaths) -> None:
    markdown = report.markdown.read_text()
    for said in ("RMS/median ≤ 0.15", "RMS/median ≤ 0.2", "RMS/median ≤ 0.25", 'handbook: 0.081"'):
        assert said in " ".join(page.texts)
        assert said in markdown


def test_pictures_named_in_markdown_are_there(report: ReportPaths) -> None:
    named = [
        line.split("](")[1].rstrip(")")
        for line in report.markdown.read_text().splitlines()
        if line.startswith("![")
    ]
    assert len(named) == 10
    assert all((report.markdown.parent / name).is_file() for name in named)


def test_markdown_tables_have_as_many_cells_as_heads(report: ReportPaths) -> None:
    heads = None
    for line in report.markdown.read_text().splitlines():
        cells = line.replace("\\|", "").count("|")
        heads = (heads or cells) if line.startswith("|") else None
        assert heads is None or cells == heads, line


def test_command_that_ran_the_study_is_told_whole(page: _Reader) -> None:
    assert "hstdriz-study study=quickstart" in page.texts


def test_points_and_choice_can_be_read_back(
    report: ReportPaths, study_records: list[PointRecord]
) -> None:
    table = QTable.read(report.points)
    assert len(table) == len(study_records)
    assert str(table["psf/fwhm_arcsec"].unit) == "arcsec"
    content = json.loads(report.choice.read_text())
    assert content["study"] == "quickstart"
    assert [
        (c["filter"], c["final_scale_arcsec"], c["final_pixfrac"]) for c in content["choices"]
    ] == [
        ("f160w", 0.08, 0.6),
        ("f814w", 0.0376, 0.6),
    ]


def test_same_records_give_the_same_files(
    small_study_dir: StudyDirectory,
    write: Callable[[StudyDirectory], ReportPaths],
    tmp_path: Path,
) -> None:
    copy = StudyDirectory(shutil.copytree(small_study_dir.path, tmp_path / "copy"))
    first, second = (write(path) for path in (small_study_dir, copy))
    for name in ("points", "choice", "markdown", "html"):
        # the command that extends the sweep names the directory of the study
        moved = getattr(second, name).read_text().replace(str(copy), str(small_study_dir))
        assert getattr(first, name).read_text() == moved


def test_terminal_table_has_one_line_a_filter(report: ReportPaths) -> None:
    lines = choice_table(report.choices).splitlines()
    assert report.table == "\n".join(lines)
    assert len(lines) == 2 + len(report.choices)
    assert lines[2].split()[:3] == ["f160w", "0.08", "0.6"]
    assert "0.2010 ± 0.0020" in lines[2]


def test_only_a_script_that_is_there_is_named(
    small_study_dir: StudyDirectory,
    write: Callable[[StudyDirectory], ReportPaths],
    report: ReportPaths,
) -> None:
    small_study_dir.script("f814w").write_text("")
    written = write(small_study_dir)
    assert "python make_product_f814w.py" in written.html.read_text()
    assert "make_product_f814w" not in report.html.read_text()


@pytest.mark.parametrize("status", ["FINISHED", "FAILED"])
def test_a_study_without_psf_or_without_any_result_still_has_a_report(
    write: Callable[[StudyDirectory], ReportPaths], tmp_path: Path, status: str
) -> None:
    settings = DrizzleSettings(
        *((None, None) if status == "FAILED" else (0.08, 0.8)),
        "square",
        "EXP",
        None,
        None,
        None,
    )
    record = PointRecord("k", status, "f160w", settings, error=None)
    study = StudyDirectory(tmp_path)
    write_record(record, study.point(0))
    write_json(study.description, {"name": "one"})
    written = write(study)
    assert written.choices[0].chosen is None
    assert written.choices[0].cannot_choose in " ".join(_texts(written.html))
    assert "cannot choose" in written.table or "No point" in written.table


def _texts(path: Path) -> list[str]:
    reader = _Reader()
    reader.feed(path.read_text())
    return reader.texts
