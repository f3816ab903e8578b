"""The command does what was typed: which points, where, and on whose exposures."""

import json

import mlflow
import pytest
from astropy.table import QTable

from hstdriz_study.conf_files import conf_directory

pytestmark = pytest.mark.endtoend

SIMULATED = "Exposures: simulated (seed 1), not HST data"
POINT = ("filter=f160w", "drizzle.final_scale=native")
STUDY = """\
# @package _global_
name: mine
hydra:
  sweeper:
    params:
      drizzle.final_pixfrac: 0.6,1.0
"""


def pixfracs(outcome):
    return [record.settings.final_pixfrac for record in outcome.records]


def test_nothing_typed_prints_the_help_and_runs_nothing(program, tmp_path):
    # a store is no part of what is typed here
    (outcome, asked) = (program(tmp_path, *words, tracks=False) for words in ((), ("--help",)))
    assert outcome.code == 0
    assert outcome.stdout == asked.stdout
    assert "Usage" in outcome.stdout
    assert outcome.stderr == ""
    assert not list(tmp_path.iterdir())


def test_a_study_that_sweeps_is_a_sweep_wherever_its_file_lies(program, tmp_path):
    for place, words in (
        ("study", ()),
        ("own/study", ("--config-dir", "own")),
        ("far/study", (f"hydra.searchpath=[file://{tmp_path}/far]",)),
    ):
        here = tmp_path / place.split("/")[0]
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "mine.yaml").write_text(STUDY)
        outcome = program(
            tmp_path, *words, "study=mine", *POINT, f"hydra.run.dir=hstdriz-runs/mine/{here.name}"
        )
        assert outcome.code == 0, outcome.stderr
        made = tmp_path / "hstdriz-runs" / "mine" / here.name
        assert sorted(path.name for path in (made / "points").iterdir()) == ["0", "1"]
        assert (made / "plan.json").is_file()
        (tmp_path / place / "mine.yaml").unlink()


def test_values_that_are_swept_make_a_sweep_which_a_directory_alone_goes_on_with(program, tmp_path):
    directory = "hydra.sweep.dir=hstdriz-runs/study/one"
    first = program(tmp_path, *POINT, "drizzle.final_pixfrac=0.6,1.0", directory)
    assert first.code == 0, first.stderr
    assert pixfracs(first) == [0.6, 1.0]
    stamp = (first.study_dir / "points/0/record.json").stat().st_mtime_ns
    more = program(tmp_path, *POINT, "drizzle.final_pixfrac=0.8", directory)
    assert more.code == 0, more.stderr
    assert sorted(pixfracs(more)) == [0.6, 0.8, 1.0]
    assert (more.study_dir / "points/0/record.json").stat().st_mtime_ns == stamp


def test_one_value_is_one_point_and_so_is_a_study_that_is_told_to_be_one(program, tmp_path):
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "mine.yaml").write_text(STUDY)
    swept = program(tmp_path / "swept", "--multirun", *POINT, "drizzle.final_pixfrac=0.6")
    alone = program(tmp_path, "study=mine", *POINT, "drizzle.final_pixfrac=0.6", "hydra.mode=RUN")
    for outcome in (swept, alone):
        assert outcome.code == 0, outcome.stderr
        assert pixfracs(outcome) == [0.6]
    assert (swept.study_dir / "plan.json").is_file()
    assert not (alone.study_dir / "plan.json").exists()


def test_points_of_a_sweep_are_those_of_the_configuration_that_is_named(program, tmp_path):
    shipped = (conf_directory() / "config.yaml").read_text()
    (tmp_path / "own").mkdir()
    named = shipped.replace("name: study\n", "name: mine\ndataset:\n  path: /data/nowhere\n")
    (tmp_path / "own" / "mine.yaml").write_text(named)
    for words in (("drizzle.final_pixfrac=0.6,1.0",), ("--multirun",), ()):
        outcome = program(tmp_path, "--config-dir", "own", "--config-name", "mine", *words)
        assert outcome.code == 2
        assert outcome.said == ["error: dataset.path=/data/nowhere: no such directory"]


def test_simulated_exposures_are_called_so_wherever_a_number_is_read(small_sweep):
    study_dir = small_sweep.study_dir
    assert SIMULATED in small_sweep.said[:3]
    printed = small_sweep.stdout.split("filter ")[0]
    assert printed.strip() == SIMULATED
    for name in ("report.md", "report.html", "make_product_f160w.py"):
        page = (study_dir / name).read_text()
        assert f"{SIMULATED}." in page
        assert page.index(SIMULATED) < (page.find("Its FWHM") % len(page))
    assert "not HST data: no number below may be quoted" in (study_dir / "report.md").read_text()
    choice = json.loads((study_dir / "choice.json").read_text())
    assert choice["simulated"] is True
    assert SIMULATED.endswith(QTable.read(study_dir / "points.ecsv").meta["exposures"])


def test_runs_of_simulated_exposures_are_called_so_in_mlflow(small_sweep):
    tracking = json.loads((small_sweep.study_dir / "study.json").read_text())["tracking"]
    client = mlflow.MlflowClient(tracking["tracking_uri"])
    of_study = f"tags.`mlflow.parentRunId` = '{tracking['parent_run_id']}'"
    points = client.search_runs([tracking["experiment_id"]], of_study)
    assert len(points) == 8
    for run in (client.get_run(tracking["parent_run_id"]), *points):
        assert run.data.tags["study.dataset"] == "synthetic"
        assert f"Exposures: {run.data.tags['study.exposures']}" == SIMULATED
        assert SIMULATED in run.data.tags["mlflow.note.content"]


def test_pages_about_a_study_say_whose_exposures_they_are_about(small_sweep, program, tmp_path):
    directory = str(small_sweep.study_dir)
    for words in (("rules", directory), ("what-if", directory, "drop:1"),
                  ("compare", directory, directory)):  # fmt: skip
        done = program(tmp_path, *words)
        assert done.code == 0, done.stderr
        assert SIMULATED in "\n".join(done.stdout.splitlines()[:2])
    assert SIMULATED in (small_sweep.study_dir / "what_if" / "drop_1.md").read_text()
    assert SIMULATED in (tmp_path / "compare.md").read_text()
    ahead = program(tmp_path, "preview", *POINT)
    assert ahead.stdout.startswith("f160w: simulated (seed 1), not HST data; 4 exposures")
