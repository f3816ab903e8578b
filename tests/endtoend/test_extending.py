"""What the page on extending the program says, done as it says it."""

import base64
import json
import re
import shutil
import zlib
from pathlib import Path

import pytest
from astropy.table import QTable

from hstdriz_study.contracts import ENTRIES
from hstdriz_study.json_files import read_json
from hstdriz_study.study.track.client import connect

pytestmark = pytest.mark.endtoend

PAGE = (Path(__file__).parents[2] / "docs" / "howto" / "extending.md").read_text()


def block(language: str, containing: str) -> str:
    """Return the page's code block of a language that holds some text."""
    blocks = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    (found,) = [text for text in blocks if containing in text]
    return found


def test_filter_is_one_file(program, tmp_path):
    (tmp_path / "filter").mkdir()
    (tmp_path / "filter" / "f139m.yaml").write_text(block("yaml", "f139m"))
    outcome = program(tmp_path, "--cfg", "job", "--package", "filter", "filter=f139m")
    assert outcome.code == 0, outcome.stderr
    assert "F139M" in outcome.stdout
    assert "native_scale_arcsec: 0.12825" in outcome.stdout


def test_study_of_ones_own_is_a_file_beside_where_one_works(program, tmp_path):
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "mine.yaml").write_text(block("yaml", "name: mine"))
    outcome = program(tmp_path, "--multirun", "study=mine")
    assert outcome.code == 2
    assert "dataset.path=/data/myfield: no such directory" in outcome.stderr


BARE = """
from hstdriz_study.contracts import Metric


def measure_bare(point, context):
    return {"mine/bare": Metric(point.final_pixfrac, 0.1, "pix")}
"""


def test_metric_is_one_function_and_one_line(program, tmp_path):
    (tmp_path / "mymodule.py").write_text(block("python", "measure_peak"))
    (tmp_path / "other.py").write_text(BARE)
    (line,) = re.findall(r"`'(measure\.own_metrics=.*?)'`", PAGE)
    outcome = program(
        tmp_path, "--multirun", "filter=f160w", "drizzle.final_scale=psf/2",
        "drizzle.final_pixfrac=0.6,1.0", line.replace("]", ",other.measure_bare]"),
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr
    for record in outcome.records:
        assert record.metrics["psf/peak"].value > 0
        assert record.metrics["psf/peak"].err > 0
        assert {"noise/depth_abmag", "fidelity/flux_ratio"} < record.metrics.keys()
    study = outcome.study_dir
    table = QTable.read(study / "points.ecsv")
    assert str(table["psf/peak"].unit) == "electron / (s arcsec2)"
    assert list(table["mine/bare"].value) == [0.6, 1.0]
    page = (study / "report.html").read_text()
    assert all(f"f160w-curve-{name}" in page for name in ("psf/peak", "mine/bare"))
    assert "| peak surface brightness of the stars |" in (study / "report.md").read_text()
    assert sections(read_json(study / "study.json")["tracking"]) >= {"psf", "mine"}


def sections(tracking):
    """Return the sections of the page that MLflow has of a study's points."""
    client = connect(tracking["tracking_uri"])
    tags = client.get_experiment(tracking["experiment_id"]).tags
    view = tags[f"mlflow.sharedViewState.{tracking['parent_run_id']}"]
    packed = json.loads(view)["state"].removeprefix("deflate;")
    state = json.loads(zlib.decompress(base64.b64decode(packed)))
    return {section["name"] for section in state["compareRunSections"]}


def test_a_metric_that_only_some_points_have_is_looked_for_before_the_first(program, tmp_path):
    outcome = program(
        tmp_path, "--multirun", "filter=f160w", "measure.own_metrics=[],[nowhere.measure_x]",
    )  # fmt: skip
    assert outcome.code == 2
    assert "measure.own_metrics: cannot import 'nowhere'" in outcome.stderr


def test_a_shorter_list_of_metrics_measures_less(program, tmp_path):
    outcome = program(
        tmp_path, "filter=f160w", "drizzle.final_scale=native",
        "measure.metrics=[hstdriz_study.measure.weight.measure_weight]",
    )  # fmt: skip
    (record,) = outcome.records
    groups = {name.partition("/")[0] for name in record.metrics}
    assert groups == {"weight", "exposures", "over_field"}


def test_every_metric_of_a_study_has_an_entry_that_says_its_unit(small_sweep):
    for record in small_sweep.records:
        assert record.metrics
        for name, metric in record.metrics.items():
            assert metric.unit == ENTRIES[name].unit


def test_a_study_that_goes_on_with_one_of_its_filters_keeps_the_others(
    program, small_sweep, tmp_path
):
    copy = tmp_path / "hstdriz-runs" / "small" / "copy"
    shutil.copytree(small_sweep.study_dir, copy)
    outcome = program(
        tmp_path, "--multirun", "name=small", "filter=f160w", "drizzle.final_scale=native",
        "drizzle.final_pixfrac=0.6,1.0", f"hydra.sweep.dir={copy}",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr
    assert len(outcome.records) == len(small_sweep.records)
    for name in ("f814w", "f160w"):
        assert name in outcome.stdout
