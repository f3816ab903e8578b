"""Studies in a real SQLite store."""

from __future__ import annotations

import json
import multiprocessing
import shutil
from typing import TYPE_CHECKING

import pytest

from hstdriz_study.errors import ConfigError, TrackingError
from hstdriz_study.json_files import read_json, write_json
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.track import (
    close_study,
    count_unsent,
    end_study,
    register_study,
    send_point,
    send_study,
)
from hstdriz_study.study.track.client import connect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import SimpleNamespace

    from mlflow import MlflowClient
    from mlflow.entities import Run


def test_a_resumed_study_keeps_its_parent_and_the_other_keys_of_its_description(
    make_study: SimpleNamespace, sqlite_uri: str, client: MlflowClient
) -> None:
    study = make_study.open(sqlite_uri)
    write_json(study.description, read_json(study.description) | {"created": "then"})
    close_study(study, "FAILED")
    first = make_study.parent_of(study)
    make_study.open(sqlite_uri)
    assert make_study.parent_of(study) == first
    assert client.get_run(first).info.status == "RUNNING"
    assert read_json(study.description)["created"] == "then"


def test_the_parent_carries_choice_counts_report_and_link(
    make_study: SimpleNamespace,
    sqlite_uri: str,
    client: MlflowClient,
    artifacts: Callable[..., set[str]],
) -> None:
    study = make_study.open(sqlite_uri)
    for point in make_study.points(study, 2):
        send_point(study, point)
    send_point(study, make_study.point(study, 2, 0.05, 0.1, error="no overlap"))
    skip = make_study.point(study, 3, 0.05, 0.2, error="holes foreseen")
    write_json(skip.record, read_json(skip.record) | {"status": "SKIPPED"})
    send_point(study, skip)
    make_study.results(study)
    close_study(study, "FINISHED")
    parent = client.get_run(make_study.parent_of(study))
    assert parent.info.status == "FINISHED"
    assert parent.data.metrics["points/finished"] == 2
    assert parent.data.metrics["points/failed"] == 1
    assert parent.data.metrics["points/skipped"] == 1
    assert parent.data.metrics["choice/f160w/final_pixfrac"] == 0.7
    assert parent.data.tags["study.choice.f160w"] == "0.065″ pixfrac 0.7"
    link = read_json(study.description)["tracking"]["link"]
    assert f"({link[link.index('#') :]})" in parent.data.tags["mlflow.note.content"]
    expected = {"choice.json", "report.md", "report.html", "points.ecsv", "filters"}
    assert expected <= artifacts(parent.info.run_id)


def test_whose_exposures_they_are_stands_on_parent_and_points_and_is_that_of_the_last_start(
    make_study: SimpleNamespace, sqlite_uri: str, client: MlflowClient
) -> None:
    dataset = {"kind": "local", "path": "/data", "seed": 1}
    study = StudyDirectory(make_study.root / "grid")
    for kind, words in (("local", "/data"), ("synthetic", "simulated (seed 1), not HST data")):
        study.path.mkdir(exist_ok=True)
        path = study.description
        content = read_json(path) if path.is_file() else {}
        write_json(path, content | {"datasets": {"f160w": dataset | {"kind": kind}}})
        make_study.open(sqlite_uri)
        point = send_point(
            study, make_study.point(study, 0, 0.065, 0.4 if kind == "local" else 0.7)
        )
        make_study.results(study)
        close_study(study)
        for run in (client.get_run(make_study.parent_of(study)), client.get_run(point)):
            assert run.data.tags["study.dataset"] == kind
            assert run.data.tags["study.exposures"] == words
            assert f"Exposures: {words}" in run.data.tags["mlflow.note.content"]


def test_a_study_that_chose_otherwise_the_second_time_shows_the_second_choice(
    make_study: SimpleNamespace, sqlite_uri: str, client: MlflowClient
) -> None:
    study = make_study.open(sqlite_uri)
    make_study.results(study)
    close_study(study)
    choices = json.loads(study.choice.read_text())
    choices["choices"][0]["final_pixfrac"] = 0.9
    write_json(study.choice, choices)
    close_study(study)
    parent = client.get_run(make_study.parent_of(study))
    assert parent.data.metrics["choice/f160w/final_pixfrac"] == 0.9


def test_the_saved_view_of_the_study_stands_on_its_experiment(
    make_study: SimpleNamespace, sqlite_uri: str, client: MlflowClient
) -> None:
    study = make_study.open(sqlite_uri)
    experiment = client.get_experiment_by_name("tests")
    view = experiment.tags[f"mlflow.sharedViewState.{make_study.parent_of(study)}"]
    assert json.loads(view)["name"] == "grid"


def test_eight_processes_send_every_point_once(
    make_study: SimpleNamespace, sqlite_uri: str, children: Callable[[StudyDirectory], list[Run]]
) -> None:
    study = make_study.open(sqlite_uri)
    points = make_study.points(study, 8)
    # Every point is sent by two of them. One import of MLflow serves all eight.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["mlflow.store.tracking.sqlalchemy_store", "hstdriz_study.study.track"]
    )
    with context.Pool(8) as pool:
        pool.starmap(send_point, [(study, point) for point in points * 2], chunksize=1)
    runs = children(study)
    assert sorted(run.data.tags["study.key"] for run in runs) == sorted(
        read_json(point.record)["key"] for point in points
    )
    assert {run.info.status for run in runs} == {"FINISHED"}


def test_a_lost_database_is_made_again_from_the_records(
    make_study: SimpleNamespace, sqlite_uri: str, empty_database: Path, tmp_path: Path
) -> None:
    study = make_study.open(sqlite_uri)
    points = make_study.points(study, 2)
    send_point(study, points[0])
    close_study(study)
    described = read_json(study.description)
    described["tracking"]["tracking_uri"] = f"sqlite:///{tmp_path / 'lost.db'}"
    write_json(study.description, described)
    with pytest.raises(TrackingError, match="hstdriz-study send"):
        send_point(study, points[1])
    shutil.copy(empty_database, tmp_path / "lost.db")
    assert send_study(study).sent == 2
    assert send_study(study).already == 2
    parent = connect(f"sqlite:///{tmp_path / 'lost.db'}").get_run(make_study.parent_of(study))
    assert parent.info.status == "FINISHED"


def test_a_study_without_tracking_says_so(tmp_path: Path) -> None:
    write_json(tmp_path / "study.json", {"name": "x"})
    with pytest.raises(TrackingError, match="does not say where to send"):
        send_study(StudyDirectory(tmp_path))


def test_a_directory_that_cannot_hold_the_database_is_named(
    make_study: SimpleNamespace, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(TrackingError, match="cannot hold the tracking database"):
        make_study.open(f"sqlite:///{tmp_path / 'file' / 'mlflow.db'}")


def test_a_directory_store_is_refused_before_anything_is_written(
    make_study: SimpleNamespace, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError):
        register_study(StudyDirectory(tmp_path / "s"), make_study.config("file:///x"), name="s")
    assert not (tmp_path / "s").exists()


def test_a_deleted_experiment_is_a_sentence(
    make_study: SimpleNamespace, sqlite_uri: str, client: MlflowClient
) -> None:
    client.delete_experiment(client.create_experiment("deleted"))
    with pytest.raises(TrackingError, match="experiments restore"):
        make_study.open(sqlite_uri, "grid", "deleted")


def test_the_end_of_a_study_says_which_point_could_not_be_sent(
    make_study: SimpleNamespace, sqlite_uri: str, client: MlflowClient
) -> None:
    study = make_study.open(sqlite_uri)
    points = make_study.points(study, 3)
    assert count_unsent(study) == (3, 3)
    points[1].tracking_lock.mkdir()  # where a file should be
    with pytest.raises(TrackingError, match=rf"^{points[1]}: .*cannot be written"):
        end_study(study, "FINISHED")
    assert count_unsent(study) == (1, 3)
    assert client.get_run(make_study.parent_of(study)).info.status == "FINISHED"
    points[1].tracking_lock.rmdir()
    end_study(study, "FINISHED")
    assert count_unsent(study) == (0, 3)
