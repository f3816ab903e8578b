"""What becomes of the points of a job when one of them dies, fails or is not worth running."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from hstdriz_study.errors import StudyError
from hstdriz_study.json_files import write_json
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.directory.record import read_record
from hstdriz_study.study.run.job import SKIP_REASON, run_points
from hstdriz_study.study.track import courier


@pytest.fixture(autouse=True)
def no_courier_is_left():
    """End the process that points begin: it has copies of the pipes of what else tests start."""
    yield
    for one in courier._begun:
        one._connection.close()
    courier._begun.clear()


# Metrics of a user's own: of small drops one ends its process, the other raises.
METRICS = """
import os
import signal


def measure_deadly(point, context):
    if point.final_pixfrac < 0.5:
        os.kill(os.getpid(), signal.SIGKILL)
    return {}


def measure_wrong(point, context):
    if point.final_pixfrac < 0.5:
        return {"mine/ratio": 1 / 0}
    return {}


def measure_without_room(point, context):
    if point.final_pixfrac < 0.5:
        with open("/dev/full", "w") as full:
            full.write("x")
    return {}
"""


@pytest.fixture
def own_metrics(tmp_path, monkeypatch):
    """Make the module of these metrics; give the overrides that measure one and little else."""
    (tmp_path / "metrics_of_a_job.py").write_text(METRICS)
    monkeypatch.syspath_prepend(tmp_path)

    def measured(name):
        return {
            "metrics": ["hstdriz_study.measure.weight.measure_weight"],
            "own_metrics": [f"metrics_of_a_job.{name}"],
        }

    return measured


@pytest.fixture
def job(field_of_two, study_dir):
    """Run points of these pixfracs, one by one, in a study that is sent nowhere."""

    def run(*pixfracs, stop_on_failure=False, **rooms):
        write_json(study_dir.description, {"n_points": len(pixfracs), "versions": {}})
        points = [
            replace(
                field_of_two.point(0.1, pixfrac, **rooms),
                workers=1, stop_on_failure=stop_on_failure,
            )
            for pixfrac in pixfracs
        ]  # fmt: skip
        return run_points(list(enumerate(points)), study_dir, opens_store=False)

    return run


def statuses(records):
    return [record.status for record in records]


def test_a_point_on_a_full_disk_says_so_in_words(job, own_metrics, caplog):
    records = job(0.4, 0.8, measure=own_metrics("measure_without_room"))
    assert statuses(records) == ["FAILED", "FINISHED"]
    assert records[0].error == "no space left on the disk; make room"
    assert "Traceback" not in caplog.text


def test_a_directory_that_is_no_started_study_is_named(field_of_two, tmp_path):
    nowhere = StudyDirectory(tmp_path)
    with pytest.raises(StudyError, match=f"^{tmp_path}: not the directory of a started study"):
        run_points([(0, field_of_two.point(0.1, 0.8))], nowhere, opens_store=False)


def test_a_dead_process_costs_its_own_point(job, own_metrics, study_dir, caplog):
    records = job(0.8, 0.4, 1.0, measure=own_metrics("measure_deadly"))
    assert statuses(records) == ["FINISHED", "FAILED", "FINISHED"]
    assert records[1].error.startswith("the point was lost: ")
    assert records[1].error.endswith("run the study again with fewer workers (workers=1)")
    assert read_record(study_dir.point(1)) == records[1]
    assert records[1].error in caplog.messages


def test_a_failure_leaves_the_reason_and_the_others_go_on(job, own_metrics, study_dir):
    records = job(0.4, 0.8, measure=own_metrics("measure_wrong"))
    assert statuses(records) == ["FAILED", "FINISHED"]
    assert "division by zero" in records[0].error
    assert not study_dir.stopped.is_file()


def test_after_a_failure_nothing_is_begun_when_that_is_asked_for(job, own_metrics, study_dir):
    wrong = own_metrics("measure_wrong")
    records = job(0.4, 0.8, 1.0, stop_on_failure=True, measure=wrong)
    assert statuses(records) == ["FAILED", "SKIPPED", "SKIPPED"]
    assert {record.error for record in records[1:]} == {SKIP_REASON}
    assert study_dir.stopped.read_text() == f"{records[0].error}\n"
    # as another job of the same study finds it
    assert statuses(job(0.9, measure=wrong)) == ["SKIPPED"]


def test_hopeless_points_are_skipped_and_finished_ones_are_not_run_again(
    job, own_metrics, study_dir, caplog
):
    caplog.set_level(logging.INFO)
    rooms = {
        "measure": own_metrics("measure_wrong"),
        "predict": {"skip": True, "max_rms_over_median": 0.25, "max_hole_fraction": 1.0},
    }
    records = job(0.1, 0.8, **rooms)
    assert statuses(records) == ["SKIPPED", "FINISHED"]
    assert "predict.max_rms_over_median=0.25" in records[0].error
    stamp = study_dir.point(1).record.stat().st_mtime_ns
    assert statuses(job(0.1, 0.8, **rooms)) == ["SKIPPED", "FINISHED"]
    assert study_dir.point(1).record.stat().st_mtime_ns == stamp
    assert [one for one in caplog.messages if one.startswith("[2/2]")][-1].endswith("done before")


def test_points_of_a_filter_that_could_not_be_set_up_fail_with_its_reason(
    job, own_metrics, study_dir
):
    write_json(study_dir.of_filter("f160w").setup, {"error": "f160w: no stars anywhere"})
    (record,) = job(0.8, measure=own_metrics("measure_wrong"))
    assert (record.status, record.error) == ("FAILED", "f160w: no stars anywhere")


def test_a_record_that_cannot_be_written_is_a_failure_that_is_told(job, own_metrics, study_dir):
    (study_dir.path / "points").write_text("where a directory should be")
    (record,) = job(0.8, measure=own_metrics("measure_wrong"))
    assert record.status == "FAILED"
    assert record.error.startswith("its record could not be written: ")
