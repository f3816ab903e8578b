"""Studies and points in a real SQLite store."""

from __future__ import annotations

import json
import multiprocessing
import shutil
from typing import TYPE_CHECKING

import pytest

from hstdriz_study.errors import ConfigError, TrackingError
from hstdriz_study.json_files import read_json, write_json
from hstdriz_study.study.directory.layout import PointDirectory, StudyDirectory
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


@pytest.fixture
def client(sqlite_uri: str) -> MlflowClient:
    return connect(sqlite_uri)


@pytest.fixture
def children(client: MlflowClient) -> Callable[[StudyDirectory], list[Run]]:
    def find(study: StudyDirectory) -> list[Run]:
        tracking = read_json(study.description)["tracking"]
        query = f"tags.`mlflow.parentRunId` = '{tracking['parent_run_id']}'"
        return list(client.search_runs([tracking["experiment_id"]], query))

    return find


def parent_of(study: StudyDirectory) -> str:
    return str(read_json(study.description)["tracking"]["parent_run_id"])


def artifacts(client: MlflowClient, run_id: str, path: str | None = None) -> set[str]:
    return {item.path for item in client.list_artifacts(run_id, path)}


def test_a_point_becomes_a_child_with_its_settings_and_measurements(
    make_study: SimpleNamespace, sqlite_uri: str, client: MlflowClient
) -> None:
    study = make_study.open(sqlite_uri)
    run = client.get_run(send_point(study, make_study.point(study, 0, 0.065, 0.4)))
    assert run.info.status == "FINISHED"
    assert run.info.run_name == "f160w 0.065″ pf 0.4"
    assert run.data.tags["mlflow.parentRunId"] == parent_of(study)
    assert run.data.tags["study.kind"] == "point"
    assert float(run.data.params["final_scale_arcsec"]) == 0.065
    assert run.data.metrics["psf/fwhm_arcsec"] == pytest.approx(0.1844, abs=1e-4)
    assert run.data.metrics["psf/fwhm_arcsec_err"] == 0.0015
    assert run.inputs.dataset_inputs[0].dataset.name == "synthetic f160w"


def test_a_run_lasts_as_long_as_its_point_did(
    make_study: SimpleNamespace, sqlite_uri: str, client: MlflowClient
) -> None:
    study = make_study.open(sqlite_uri)
    info = client.get_run(send_point(study, make_study.point(study, 0, 0.065, 0.4))).info
    assert info.end_time - info.start_time == 2600


def test_images_fill_the_grid_once_and_the_record_is_an_artifact(
    make_study: SimpleNamespace, sqlite_uri: str, client: MlflowClient
) -> None:
    study = make_study.open(sqlite_uri)
    point = make_study.point(study, 0, 0.065, 0.4, images=True)
    run_id = send_point(study, point)
    grid = artifacts(client, run_id, "images")
    assert len([path for path in grid if path.endswith(".png")]) == 3
    assert len([path for path in grid if path.endswith(".webp")]) == 3
    assert {"record.json", "provenance.json"} <= artifacts(client, run_id)


def test_sending_twice_changes_nothing(
    make_study: SimpleNamespace, sqlite_uri: str, children: Callable[[StudyDirectory], list[Run]]
) -> None:
    study = make_study.open(sqlite_uri)
    points = make_study.points(study, 2)
    first = [send_point(study, point) for point in points]
    assert [send_point(study, point) for point in points] == first
    assert len(children(study)) == 2


def test_a_point_whose_mark_is_lost_is_found_again_by_its_key(
    make_study: SimpleNamespace, sqlite_uri: str, children: Callable[[StudyDirectory], list[Run]]
) -> None:
    study = make_study.open(sqlite_uri)
    point = make_study.point(study, 0, 0.065, 0.4, images=True)
    first = send_point(study, point)
    point.tracked.unlink()
    assert send_point(study, point) == first
    assert len(children(study)) == 1


def test_a_run_left_half_made_is_completed_without_doubling_its_images(
    make_study: SimpleNamespace,
    sqlite_uri: str,
    client: MlflowClient,
    children: Callable[[StudyDirectory], list[Run]],
) -> None:
    study = make_study.open(sqlite_uri)
    point = make_study.point(study, 0, 0.065, 0.4, images=True)
    run_id = send_point(study, point)
    point.tracked.unlink()
    client.delete_tag(run_id, "study.record_digest")
    client.update_run(run_id, status="RUNNING")
    assert send_point(study, point) == run_id
    assert [run.info.status for run in children(study)] == ["FINISHED"]
    assert len(artifacts(client, run_id, "images")) == 6


def test_a_failed_point_is_failed_with_its_reason(
    make_study: SimpleNamespace, sqlite_uri: str, client: MlflowClient
) -> None:
    study = make_study.open(sqlite_uri)
    point = make_study.point(study, 0, 0.05, 0.1, error="AstroDrizzle: no overlap")
    run = client.get_run(send_point(study, point))
    assert run.info.status == "FAILED"
    assert run.data.tags["study.error"] == "AstroDrizzle: no overlap"


def test_a_failed_point_that_succeeds_later_is_the_same_run_without_the_reason(
    make_study: SimpleNamespace,
    sqlite_uri: str,
    client: MlflowClient,
    children: Callable[[StudyDirectory], list[Run]],
) -> None:
    study = make_study.open(sqlite_uri)
    point = make_study.point(study, 0, 0.065, 0.4, error="disk full")
    record = read_json(point.record)
    write_json(point.record, record | {"key": "key-of-the-failure"})
    failed = send_point(study, point)
    make_study.point(study, 0, 0.065, 0.4)
    run = client.get_run(send_point(study, point))
    assert run.info.run_id == failed
    assert run.info.status == "FINISHED"
    assert "study.error" not in run.data.tags
    assert run.data.tags["study.key"] == "key-f160w-0.065-0.4"
    assert len(children(study)) == 1


def test_other_settings_in_the_same_directory_are_another_run(
    make_study: SimpleNamespace, sqlite_uri: str, children: Callable[[StudyDirectory], list[Run]]
) -> None:
    study = make_study.open(sqlite_uri)
    first = send_point(study, make_study.point(study, 0, 0.065, 0.4))
    assert send_point(study, make_study.point(study, 0, 0.08, 0.4)) != first
    assert len(children(study)) == 2


@pytest.fixture
def skipped(make_study: SimpleNamespace) -> Callable[[StudyDirectory], PointDirectory]:
    def write(study: StudyDirectory) -> PointDirectory:
        point: PointDirectory = make_study.point(study, 0, 0.065, 0.1, error="holes foreseen")
        record = read_json(point.record)
        write_json(point.record, record | {"status": "SKIPPED", "key": "key-of-the-skipped"})
        return point

    return write


def test_a_skipped_point_has_one_run_that_can_be_searched_and_says_why(
    make_study: SimpleNamespace,
    sqlite_uri: str,
    client: MlflowClient,
    children: Callable[[StudyDirectory], list[Run]],
    skipped: Callable[[StudyDirectory], PointDirectory],
) -> None:
    study = make_study.open(sqlite_uri)
    send_point(study, make_study.point(study, 1, 0.065, 0.4))
    run_id = send_point(study, skipped(study))
    assert send_study(study).already == 2
    assert len(children(study)) == 2
    experiment = read_json(study.description)["tracking"]["experiment_id"]
    query = f"tags.`mlflow.parentRunId` = '{parent_of(study)}' and "
    (found,) = client.search_runs([experiment], query + "tags.`study.status` = 'skipped'")
    assert found.info.run_id == run_id
    assert found.info.status == "KILLED"
    assert found.data.tags["study.skip_reason"] == "holes foreseen"
    assert found.data.tags["mlflow.note.content"].startswith("**Skipped:** holes foreseen")
    assert "study.error" not in found.data.tags
    (measured,) = client.search_runs([experiment], query + "attributes.status = 'FINISHED'")
    assert measured.data.tags["study.status"] == "finished"


def test_a_skipped_point_that_is_run_later_is_the_same_run_without_the_reason(
    make_study: SimpleNamespace,
    sqlite_uri: str,
    client: MlflowClient,
    children: Callable[[StudyDirectory], list[Run]],
    skipped: Callable[[StudyDirectory], PointDirectory],
) -> None:
    study = make_study.open(sqlite_uri)
    first = send_point(study, skipped(study))
    run = client.get_run(send_point(study, make_study.point(study, 0, 0.065, 0.1)))
    assert run.info.run_id == first
    assert run.info.status == "FINISHED"
    assert run.data.tags["study.status"] == "finished"
    assert "study.skip_reason" not in run.data.tags
    assert len(children(study)) == 1


def test_a_resumed_study_keeps_its_parent_and_the_other_keys_of_its_description(
    make_study: SimpleNamespace, sqlite_uri: str, client: MlflowClient
) -> None:
    study = make_study.open(sqlite_uri)
    write_json(study.description, read_json(study.description) | {"created": "then"})
    close_study(study, "FAILED")
    first = parent_of(study)
    make_study.open(sqlite_uri)
    assert parent_of(study) == first
    assert client.get_run(first).info.status == "RUNNING"
    assert read_json(study.description)["created"] == "then"


def test_the_parent_carries_choice_counts_report_and_link(
    make_study: SimpleNamespace, sqlite_uri: str, client: MlflowClient
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
    parent = client.get_run(parent_of(study))
    assert parent.info.status == "FINISHED"
    assert parent.data.metrics["points/finished"] == 2
    assert parent.data.metrics["points/failed"] == 1
    assert parent.data.metrics["points/skipped"] == 1
    assert parent.data.metrics["choice/f160w/final_pixfrac"] == 0.7
    assert parent.data.tags["study.choice.f160w"] == "0.065″ pixfrac 0.7"
    link = read_json(study.description)["tracking"]["link"]
    assert link in parent.data.tags["mlflow.note.content"]
    expected = {"choice.json", "report.md", "report.html", "points.ecsv", "filters"}
    assert expected <= artifacts(client, parent.info.run_id)


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
        for run in (client.get_run(parent_of(study)), client.get_run(point)):
            assert run.data.tags["study.dataset"] == kind
            assert run.data.tags["study.exposures"] == words
            assert f"Exposures: {words}" in run.data.tags["mlflow.note.content"]


def test_a_study_that_chose_otherwise_the_second_time_shows_the_second_choice(
    make_study: SimpleNamespace, sqlite_uri: str, client: MlflowClient
) -> None:
    study = make_study.open(sqlite_uri)
    make_study.results(study)
    close_study(study)
    choices = json.loads((study.choice).read_text())
    choices["choices"][0]["final_pixfrac"] = 0.9
    write_json(study.choice, choices)
    close_study(study)
    parent = client.get_run(parent_of(study))
    assert parent.data.metrics["choice/f160w/final_pixfrac"] == 0.9


def test_the_saved_view_of_the_study_stands_on_its_experiment(
    make_study: SimpleNamespace, sqlite_uri: str, client: MlflowClient
) -> None:
    study = make_study.open(sqlite_uri)
    experiment = client.get_experiment_by_name("tests")
    view = experiment.tags[f"mlflow.sharedViewState.{parent_of(study)}"]
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
    parent = connect(f"sqlite:///{tmp_path / 'lost.db'}").get_run(parent_of(study))
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
    assert client.get_run(parent_of(study)).info.status == "FINISHED"
    points[1].tracking_lock.rmdir()
    end_study(study, "FINISHED")
    assert count_unsent(study) == (0, 3)
