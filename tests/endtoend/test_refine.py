"""A sweep that goes on around its choice, in one study, and after an interruption."""

import json
import shutil

import pytest

pytestmark = pytest.mark.endtoend

SWEEP = (
    "--multirun", "name=small", "filter=f160w", "drizzle.final_scale=native,psf/2",
    "drizzle.final_pixfrac=0.6,1.0",
)  # fmt: skip


@pytest.fixture(scope="module")
def refined(program, tmp_path_factory):
    return program(
        tmp_path_factory.mktemp("refine"), *SWEEP, "refine=true", "refine.max_points=4",
        "refine.scale_tolerance=0.2", "hydra.sweeper.points_per_job=3",
    )  # fmt: skip


def read(outcome, name):
    return json.loads((outcome.study_dir / name).read_text())


def grid(records):
    return {(r.final_scale_asked, r.settings.final_pixfrac) for r in records}


def test_points_are_added_to_the_same_study_up_to_the_cap_and_the_report_tells(refined):
    assert refined.code == 0, refined.stderr
    added = grid(refined.records) - {(s, p) for s in ("native", "psf/2") for p in (0.6, 1.0)}
    assert len(refined.records) == 8
    assert len(added) == 4
    assert "psf/2" in {scale for scale, _ in added}  # a scale that is there is asked for as it was
    plan = read(refined, "plan.json")
    assert read(refined, "study.json")["n_points"] == len(plan["points"]) == 8
    assert sorted(number for job in plan["jobs"] for number in job) == list(range(8))
    assert max(map(len, plan["jobs"])) == 3
    report = (refined.study_dir / "report.md").read_text()
    assert "How closely it is known" in report
    assert "refine.max_points=4 is reached" in report
    assert "refine.max_points=4 is reached" in refined.stdout


def test_all_points_have_one_parent_run(refined):
    sent = [
        json.loads(path.read_text()) for path in refined.study_dir.glob("points/*/tracked.json")
    ]
    assert len(sent) == 8
    assert len({one["parent_run_id"] for one in sent}) == 1


def test_interrupted_refinement_goes_on_where_it_stopped(refined, program, tmp_path):
    copy = tmp_path / "hstdriz-runs" / "small" / "copy"
    shutil.copytree(refined.study_dir, copy)
    (lost,) = [path for path in (copy / "points").iterdir() if path.name == "7"]
    shutil.rmtree(lost)
    before = {path: path.stat().st_mtime_ns for path in copy.glob("points/*/record.json")}
    again = program(
        tmp_path, *SWEEP, "refine=true", "refine.max_points=5", "refine.scale_tolerance=0.2",
        f"hydra.sweep.dir={copy}",
    )  # fmt: skip
    assert again.code == 0, again.stderr
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert grid(refined.records) < grid(again.records)
    assert len(again.records) == 9
    assert read(again, "study.json")["n_points"] == 9
    rounds = read(again, "refinement.json")["rounds"]
    assert rounds[:-1] == read(refined, "refinement.json")["rounds"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--multirun", "hydra/sweeper=basic"), "hydra/sweeper=study"),
        (("drizzle.final_pixfrac=0.6",), "give several values of drizzle.final_scale"),
    ],
)
def test_what_cannot_be_refined_is_one_sentence(program, tmp_path, arguments, words):
    outcome = program(tmp_path, *arguments, "refine=true")
    assert outcome.code == 2
    assert outcome.said[0].startswith("error: ")
    assert words in outcome.stderr
    assert len(outcome.said) == 1
