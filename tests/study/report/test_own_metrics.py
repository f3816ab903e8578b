"""A metric that the package does not know goes everywhere that its entry says."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from astropy.table import QTable

from hstdriz_study.contracts import (
    Better,
    MeasureContext,
    Metric,
    MetricEntry,
    Place,
    PointPixels,
    PointRecord,
    entries_of,
    gives,
)
from hstdriz_study.json_files import write_json
from hstdriz_study.measure import measure
from hstdriz_study.study.compare.changes import compare_studies
from hstdriz_study.study.compare.side import read_side
from hstdriz_study.study.compare.words import comparison_text
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.directory.record import read_records, write_record
from hstdriz_study.study.track.notes import point_note
from hstdriz_study.study.track.payload import metrics_of
from hstdriz_study.study.track.runs_view import study_views

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hstdriz_study.study.report import ReportPaths


GLOW = MetricEntry(
    "mine/glow",
    label="glow of the preview <50 $nW$",
    phrase="glow",
    unit="electron / s",
    better=Better.HIGHER,
    drawn=tuple(Place),
)


@gives(GLOW)
def measure_glow(point: PointPixels, _context: MeasureContext) -> dict[str, Metric]:
    return {GLOW.name: Metric(100 * point.final_scale_arcsec + point.final_pixfrac, 0.25)}


def measure_bare(point: PointPixels, _context: MeasureContext) -> dict[str, Metric]:
    return {"mine/bare": Metric(7.0 + point.final_pixfrac, 0.5, "arcsec")}


@pytest.fixture(scope="module")
def study(
    tmp_path_factory: pytest.TempPathFactory,
    study_records: list[PointRecord],
    make_pixels: Callable[..., PointPixels],
) -> StudyDirectory:
    """Write a study of one filter whose points have two more metrics: one described, one not."""
    study = StudyDirectory(tmp_path_factory.mktemp("own"))
    context: Any = None
    for number, record in enumerate(r for r in study_records if r.filter == "f160w"):
        settings = record.settings
        pixels = make_pixels(settings.final_scale_arcsec, settings.final_pixfrac)
        own = measure(pixels, context, [measure_glow, measure_bare])
        own_record = replace(record, metrics=record.metrics | own.metrics, entries=own.entries)
        write_record(own_record, study.point(number))
    write_json(study.description, {"name": "own"})
    return study


@pytest.fixture(scope="module")
def written(study: StudyDirectory, write: Callable[[StudyDirectory], ReportPaths]) -> ReportPaths:
    return write(study)


def test_both_are_columns_of_the_table_of_points_with_their_units(written: ReportPaths) -> None:
    table = QTable.read(written.points)
    assert str(table["mine/glow"].unit) == "electron / s"
    assert str(table["mine/bare_err"].unit) == "arcsec"
    assert table["mine/glow"][0].value == pytest.approx(12.83 + 0.2)


def test_both_stand_in_the_list_of_the_chosen_point(written: ReportPaths) -> None:
    (row,) = [line for line in written.markdown.read_text().splitlines() if "| mine/bare |" in line]
    assert "± 0.50" in row
    assert "glow of the preview &lt;50 $nW$ |" in written.markdown.read_text()


def test_the_described_one_has_columns_and_a_line_in_the_answer(written: ReportPaths) -> None:
    heads = [line for line in written.markdown.read_text().splitlines() if "FWHM" in line]
    assert sum("| glow (e⁻/s) |" in line for line in heads) == 3  # choice, goals, points
    assert "glow (e⁻/s)" in written.table.splitlines()[0]


def test_both_are_drawn_among_the_curves(written: ReportPaths) -> None:
    page = written.html.read_text()
    assert "f160w-curve-mine/glow" in page
    assert "f160w-curve-mine/bare" in page
    assert "f160w-plane-mine/glow" in page
    assert "f160w-plane-mine/bare" not in page


def test_the_figures_have_a_panel_for_each(written: ReportPaths, report: ReportPaths) -> None:
    def n_axes(name: str, paths: ReportPaths) -> int:
        (path,) = [p for p in paths.figures if p.name == name and p.parent.name == "f160w"]
        return path.read_text().count('<g id="axes_')

    assert n_axes("curves.svg", written) == n_axes("curves.svg", report) + 2
    assert n_axes("tradeoff.svg", written) == n_axes("tradeoff.svg", report) + 1


def test_mlflow_has_a_section_of_both_and_a_column_of_the_described_one(
    study: StudyDirectory,
) -> None:
    records = read_records(study)
    names = {name for record in records for name in metrics_of(record)}
    assert {"mine/glow", "mine/glow_err", "mine/bare"} < names
    (view,) = study_views("own", "abc", 1, names, ["f160w"], entries=entries_of(records))
    packed = json.loads(view.value)["state"].removeprefix("deflate;")
    state = json.loads(zlib.decompress(base64.b64decode(packed)))
    assert "mine" in {section["name"] for section in state["compareRunSections"]}
    shown = {
        chart["metricKey"]
        for chart in state["compareRunCharts"]
        if chart["metricSectionId"] == "section-mine" and not chart["deleted"]
    }
    assert shown == {"mine/glow", "mine/bare"}
    assert "metrics.`mine/glow`" in state["selectedColumns"]
    assert "metrics.`mine/bare`" not in state["selectedColumns"]
    against = [c["yaxis"]["key"] for c in state["compareRunCharts"] if c["type"] == "SCATTER"]
    assert against == ["weight/rms_over_median", "noise/aperture_sigma", "mine/glow"]


def test_the_note_on_a_run_begins_with_what_stands_beside_a_choice(study: StudyDirectory) -> None:
    note = point_note(read_records(study)[0])
    assert "glow **13.03 ± 0.25 electron / s**" in note.splitlines()[0]
    assert "| mine/bare | 7.2 | 0.5 | arcsec |" in note


def test_a_comparison_tells_how_both_changed_in_their_words(
    study: StudyDirectory, written: ReportPaths, tmp_path: Path
) -> None:
    assert written.choice.is_file()
    other = StudyDirectory(tmp_path / "other")
    for number, record in enumerate(read_records(study)):
        more = {n: replace(record.metrics[n], value=99.0) for n in ("mine/glow", "mine/bare")}
        write_record(replace(record, metrics=record.metrics | more), other.point(number))
    other.description.write_bytes(study.description.read_bytes())
    other.choice.write_bytes(study.choice.read_bytes())
    text = comparison_text(compare_studies(read_side(study), read_side(other)))
    assert "glow of the preview <50 $nW$ (electron / s)" in text
    assert "mine/bare (arcsec)" in text
    assert "glow B-A (e⁻/s)" in text
