"""The interactive plots: valid for plotly, true to the records, nothing lost."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import plotly.graph_objects as go
import pytest

from hstdriz_study.choose import Choice, HandbookPick, choose
from hstdriz_study.contracts import PointRecord
from hstdriz_study.study.report.gallery import walls
from hstdriz_study.study.report.plots import Plot, curve_plots, tradeoff_plots

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.choose import ChoiceSettings


@pytest.fixture(scope="module")
def of_filter(study_records: list[PointRecord]) -> list[PointRecord]:
    return [record for record in study_records if record.filter == "f160w"]


@pytest.fixture(scope="module")
def choice(
    of_filter: list[PointRecord], config: ChoiceSettings, handbooks: dict[str, HandbookPick]
) -> Choice:
    return choose(of_filter, config, handbooks["f160w"])


@pytest.fixture(scope="module")
def planes(of_filter: list[PointRecord], choice: Choice, config: ChoiceSettings) -> list[Plot]:
    return tradeoff_plots(of_filter, choice, config, {of_filter[0].key: "sampling: a < b"})


@pytest.fixture(scope="module")
def curves(of_filter: list[PointRecord], choice: Choice, config: ChoiceSettings) -> list[Plot]:
    return curve_plots(of_filter, choice, config, {})


def test_figures_are_what_plotly_knows(planes: list[Plot], curves: list[Plot]) -> None:
    assert len(planes) == 2
    assert len(curves) == 6
    for plot in (*planes, *curves):
        go.Figure(plot.figure)  # refuses what plotly does not have


def test_every_measured_point_is_drawn_once_with_its_numbers(
    planes: list[Plot], of_filter: list[PointRecord]
) -> None:
    drawn = {
        key: (x, y)
        for trace in planes[0].figure["data"]
        for key, x, y in zip(trace.get("customdata", ()), trace["x"], trace["y"], strict=False)
    }
    assert drawn == {
        record.key: (
            record.metrics["psf/fwhm_arcsec"].value,
            record.metrics["weight/rms_over_median"].value,
        )
        for record in of_filter
        if record.status == "FINISHED"
    }


def test_hover_tells_numbers_and_verdict_without_markup_of_its_own(planes: list[Plot]) -> None:
    texts = [text for trace in planes[0].figure["data"] for text in trace.get("text", ())]
    (told,) = [text for text in texts if "sampling" in text]
    assert "0.1950 ± 0.0020" in told
    assert "a &lt; b" in told


def test_a_long_verdict_does_not_make_the_hover_wider_than_a_phone(
    of_filter: list[PointRecord], choice: Choice, config: ChoiceSettings
) -> None:
    told = {record.key: "a long reason " * 20 for record in of_filter}
    plane, *_ = tradeoff_plots(of_filter, choice, config, told)
    lines = [
        line
        for trace in plane.figure["data"]
        for text in trace.get("text", ())
        for line in text.split("<br>")
    ]
    assert max(len(line.removeprefix("<i>").removesuffix("</i>")) for line in lines) <= 40


def test_bands_enclose_one_sigma_on_both_sides(
    curves: list[Plot], of_filter: list[PointRecord]
) -> None:
    band, line, *_ = curves[0].figure["data"]
    half = len(line["y"])
    errors = [
        record.metrics["psf/fwhm_arcsec"].err
        for record in of_filter
        if record.key in line["customdata"]
    ]
    for index, (value, error) in enumerate(zip(line["y"], errors, strict=True)):
        assert math.isclose(band["y"][index], value + error)
        assert math.isclose(band["y"][2 * half - 1 - index], value - error)


def test_a_study_without_psf_has_no_trade_off_but_curves(
    of_filter: list[PointRecord], config: ChoiceSettings, handbooks: dict[str, HandbookPick]
) -> None:
    settings = of_filter[0].settings
    weight = {"weight/rms_over_median": of_filter[0].metrics["weight/rms_over_median"]}
    record = PointRecord("k", "FINISHED", "f160w", settings, metrics=weight)
    none = choose([record], config, handbooks["f160w"])
    assert tradeoff_plots([record], none, config, {}) == []
    assert len(curve_plots([record], none, config, {})) == 1


def test_every_picture_hangs_once_and_the_chosen_one_is_framed(
    of_filter: list[PointRecord], choice: Choice, tmp_path: Path
) -> None:
    files = {record.key: tmp_path / f"{i}.png" for i, record in enumerate(of_filter)}
    (wall,) = walls(of_filter, choice, {"star_stamp": files})
    tiles = [tile for _, row in wall.rows for tile in row]
    assert {tile.key: tile.path for tile in tiles} == files
    assert choice.chosen is not None
    assert [tile.key for tile in tiles if tile.chosen] == [choice.chosen.key]
