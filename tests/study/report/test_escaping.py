"""Whatever stands in a header is words on every page: no tag, no link, no new line of a table."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from markdown_it import MarkdownIt

from hstdriz_study.json_files import read_json, write_json
from hstdriz_study.markdown import cell, plain, row
from hstdriz_study.study.directory.record import write_record

if TYPE_CHECKING:
    from collections.abc import Callable

    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.study.directory.layout import StudyDirectory
    from hstdriz_study.study.report import ReportPaths

# As TARGNAME, PROPOSID or a file name may have it.
HEADER = "<u id=mark>NGC 1</u> & \"A|B\" 'C' [words](mark:1) ![words](mark:2)\n# mark\n| mark |"
TEXTS = (
    HEADER,
    "**bold** and *slanted*, _under_ __lines__, `code`, ``two``, ~~gone~~",
    "[words][mark] [mark]: http://mark.example",
    "# title", "> said", "- item", "+ item", "* item", "1. item", "1) item", "---", "===",
    "&lt;u&gt; &amp; &#64; \\*not\\* <!-- gone --> <mark@example.com>",
    "www.example.com, https://example.com/a_b_c, me@example.com", "psf/fwhm_arcsec of final_scale",
)  # fmt: skip


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.marked: list[str] = []
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if any("mark" in (value or "") for _, value in attrs):
            self.marked.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def report(
    small_study_dir: StudyDirectory,
    write: Callable[[StudyDirectory], ReportPaths],
    study_records: list[PointRecord],
) -> ReportPaths:
    """Write a report into which the header's words come by every road there is for them."""
    failed = replace(study_records[-1], key="k", status="FAILED", error=HEADER, warnings=(HEADER,))
    write_record(failed, small_study_dir.point(9))
    warned = replace(study_records[-2], warnings=(HEADER,))
    write_record(warned, small_study_dir.point(1))
    dataset = {"kind": "local", "path": f"/data/{HEADER}", "seed": 1}
    study = read_json(small_study_dir.description)
    write_json(
        small_study_dir.description,
        study | {"title": HEADER, "datasets": {"f814w": dataset}, "overrides": [HEADER]},
    )
    return write(small_study_dir)


def test_page_shows_the_words_and_has_no_tag_of_them(report: ReportPaths) -> None:
    page = _Tags()
    page.feed(report.html.read_text())
    assert page.marked == []
    assert "<u id=mark>NGC 1</u> & \"A|B\" 'C' [words](mark:1)" in page.text


def test_markdown_has_no_tag_link_or_line_of_them(report: ReportPaths) -> None:
    text = report.markdown.read_text()
    prose = "\n".join(line for line in text.splitlines() if not line.startswith("    "))
    assert "NGC 1" in prose
    assert "<u id" not in prose
    assert not re.search(r"(?<!\\)\]\(mark", prose)
    assert not any(line.startswith(("# mark", "| mark")) for line in prose.splitlines())


@pytest.mark.parametrize("text", TEXTS)
def test_markdown_shows_the_words_as_they_are(text: str) -> None:
    shown = _Tags()
    shown.feed(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(plain(text)))
    assert " ".join(shown.text.split()) == " ".join(text.split())
    assert shown.tags == ["p"]


def test_what_is_no_letter_is_marked() -> None:
    assert plain("a\x00b\x1b[31mc\u202ed \udce4") == "a\ufffdb\ufffd[31mc\ufffdd \ufffd"


def test_addresses_stay_words_where_they_become_links_by_themselves() -> None:
    """GitHub and MLflow's pages look for these."""
    told = plain("www.example.com http://example.com me@example.com")
    assert not re.search(r"www\.|https?://|@", told)


def test_cells_stay_in_their_row() -> None:
    assert row([HEADER, "b"]).replace("\\|", "").count("|") == 3
    assert "\n" not in cell(HEADER) + plain(HEADER)
