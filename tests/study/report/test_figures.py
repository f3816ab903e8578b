"""Figures are drawn from whatever a study has, and the same each time."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.table import Table
from matplotlib.image import imread

from hstdriz_study.choose import HandbookPick, choose
from hstdriz_study.contracts import Metric, PointRecord, StudyRegions
from hstdriz_study.study.report import dither_phase_figure, dither_sky_figure, stars_figure
from hstdriz_study.study.report.figures import draw_filter
from hstdriz_study.study.report.series import plan

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.choose import ChoiceSettings


def _of_filter(records: list[PointRecord]) -> list[PointRecord]:
    return [record for record in records if record.filter == "f160w"]


def test_one_line_a_scale_with_pixfrac_ascending(study_records: list[PointRecord]) -> None:
    layout = plan(_of_filter(study_records))
    assert layout.abscissa == "final_pixfrac"
    assert [series.value for series in layout.series] == [0.065, 0.08, 0.1283]
    assert all(np.all(np.diff(layout.x(series)) > 0) for series in layout.series)


def test_with_one_pixfrac_the_scale_becomes_the_abscissa(study_records: list[PointRecord]) -> None:
    records = [r for r in study_records if r.settings.final_pixfrac == 0.6]
    layout = plan(_of_filter(records))
    assert layout.abscissa == "final_scale_arcsec"
    assert [layout.name(series) for series in layout.series] == ["pixfrac 0.6"]


def test_each_kernel_and_weighting_has_its_own_line(study_records: list[PointRecord]) -> None:
    records = _of_filter(study_records)[:5]
    other = [
        replace(r, key=r.key + "i", settings=replace(r.settings, final_wht_type="IVM"))
        for r in records
    ]
    names = [plan(records + other).name(series) for series in plan(records + other).series]
    assert names == ['0.1283"', '0.1283" IVM']


@pytest.mark.parametrize("case", ["one point", "no psf", "nothing finite"])
def test_sparse_studies_are_drawn_without_a_warning(
    study_records: list[PointRecord],
    config: ChoiceSettings,
    handbooks: dict[str, HandbookPick],
    tmp_path: Path,
    case: str,
) -> None:
    records = _of_filter(study_records)[:3]
    if case == "one point":
        records = records[:1]
    elif case == "no psf":
        records = [
            replace(r, metrics={k: m for k, m in r.metrics.items() if not k.startswith("psf/")})
            for r in records
        ]
    else:
        nothing = Metric(np.nan, np.nan)
        records = [replace(r, metrics=dict.fromkeys(r.metrics, nothing)) for r in records]
    choice = choose(records, config, handbooks["f160w"])
    drawn = draw_filter(records, choice, config, {}, tmp_path)
    assert [figure.path.name for figure in drawn] == ["tradeoff.svg", "curves.svg"]
    kinds = itertools.product(("tradeoff", "curves"), ("svg", "pdf", "png"))
    files = {path.name: path for path in tmp_path.iterdir() if path.suffix}
    assert files.keys() == {".".join(kind) for kind in kinds}
    stamps = [path.stat().st_mtime_ns for path in files.values()]
    assert draw_filter(records, choice, config, {}, tmp_path) == drawn
    assert [path.stat().st_mtime_ns for path in files.values()] == stamps  # drawn already
    files["curves.pdf"].unlink()
    draw_filter(records, choice, replace(config, max_rms_over_median=0.11), {}, tmp_path)
    assert all(path.stat().st_mtime_ns > max(stamps) for path in files.values())


def test_failed_points_alone_draw_nothing(
    study_records: list[PointRecord],
    config: ChoiceSettings,
    handbooks: dict[str, HandbookPick],
    tmp_path: Path,
) -> None:
    records = [record for record in study_records if record.status == "FAILED"]
    choice = choose(records, config, handbooks["f814w"])
    assert draw_filter(records, choice, config, {}, tmp_path) == []


def test_figures_of_the_setup_are_the_same_each_time(
    regions: StudyRegions, dithers: Table, tmp_path: Path
) -> None:
    for directory in (tmp_path / "a", tmp_path / "b"):
        stars_figure(regions, directory / "stars.png")
        dither_sky_figure(dithers, directory / "sky.png")
        dither_phase_figure(dithers, directory / "phase.png")
    for name in ("stars.png", "sky.png", "phase.png"):
        first, second = ((tmp_path / d / name).read_bytes() for d in "ab")
        assert first == second
        assert imread(tmp_path / "a" / name).shape[0] > 400


def test_a_selection_without_any_source_is_drawn(regions: StudyRegions, tmp_path: Path) -> None:
    nothing = Table({"flux": np.empty(0), "fwhm": np.empty(0), "verdict": np.empty(0, dtype=str)})
    empty = replace(regions, candidates=nothing, stars=Table({"flux_native": np.empty(0)}))
    stars_figure(empty, tmp_path / "stars.png")
    assert (tmp_path / "stars.png").is_file()
