"""What the README says about extending the program, done as the README says it."""

import re
import shutil
from pathlib import Path

import pytest

pytestmark = pytest.mark.endtoend

README = (Path(__file__).parents[2] / "README.md").read_text()


def block(language: str, containing: str) -> str:
    """Return the README's code block of a language that holds some text."""
    blocks = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
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


def test_metric_is_one_function_and_one_line(program, tmp_path):
    (tmp_path / "mymodule.py").write_text(block("python", "measure_peak"))
    (line,) = re.findall(r"`'(measure\.metrics=.*?)'`", README)
    outcome = program(tmp_path, "filter=f160w", "drizzle.final_scale=native", line)
    assert outcome.code == 0, outcome.stderr
    (record,) = outcome.records
    assert record.metrics["psf/peak"].value > 0
    assert record.metrics["psf/peak"].err > 0
    assert "noise/sky_rms" not in record.metrics


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
