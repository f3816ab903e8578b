"""Points in a real SQLite store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hstdriz_study.errors import TrackingError
from hstdriz_study.json_files import read_json, write_json
from hstdriz_study.study.track import send_point, send_study
from hstdriz_study.study.track.point_run import is_sent

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import SimpleNamespace

    from mlflow import MlflowClient
    from mlflow.entities import Run

    from hstdriz_study.study.directory.layout import PointDirectory, StudyDirectory


def test_a_point_becomes_a_child_with_its_settings_and_measurements(
    make_study: SimpleNamespace, sqlite_uri: str, client: MlflowClient
) -> None:
    study = make_study.open(sqlite_uri)
    run = client.get_run(send_point(study, make_study.point(study, 0, 0.065, 0.4)))
    assert run.info.status == "FINISHED"
    assert run.info.run_name == "f160w 0.065″ pf 0.4"
    assert run.data.tags["mlflow.parentRunId"] == make_study.parent_of(study)
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
    make_study: SimpleNamespace,
    sqlite_uri: str,
    artifacts: Callable[..., set[str]],
) -> None:
    study = make_study.open(sqlite_uri)
    point = make_study.point(study, 0, 0.065, 0.4, images=True)
    run_id = send_point(study, point)
    grid = artifacts(run_id, "images")
    assert len([path for path in grid if path.endswith(".png")]) == 3
    assert len([path for path in grid if path.endswith(".webp")]) == 3
    assert {"record.json", "provenance.json"} <= artifacts(run_id)


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
    artifacts: Callable[..., set[str]],
) -> None:
    study = make_study.open(sqlite_uri)
    point = make_study.point(study, 0, 0.065, 0.4, images=True)
    run_id = send_point(study, point)
    point.tracked.unlink()
    client.delete_tag(run_id, "study.record_digest")
    client.update_run(run_id, status="RUNNING")
    assert send_point(study, point) == run_id
    assert [run.info.status for run in children(study)] == ["FINISHED"]
    assert len(artifacts(run_id, "images")) == 6


def test_what_an_earlier_attempt_has_sent_is_not_left_beside_the_later_one(
    make_study: SimpleNamespace, sqlite_uri: str, artifacts: Callable[..., set[str]]
) -> None:
    study = make_study.open(sqlite_uri)
    point = make_study.point(study, 0, 0.065, 0.4, error="the disk was full")
    point.log.write_text("the disk was full")
    run_id = send_point(study, point)
    assert point.log.name in artifacts(run_id)
    point.log.unlink()
    make_study.point(study, 0, 0.065, 0.4, images=True)
    assert send_point(study, point) == run_id
    assert point.log.name not in artifacts(run_id)
    assert len(artifacts(run_id, "images")) == 6


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
    query = f"tags.`mlflow.parentRunId` = '{make_study.parent_of(study)}' and "
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


def test_a_study_that_never_reached_its_store_has_sent_nothing_and_says_how_to(
    make_study: SimpleNamespace, sqlite_uri: str
) -> None:
    study = make_study.unopened(sqlite_uri)
    point = make_study.point(study, 0, 0.065, 0.4)
    assert not is_sent(study, point)
    with pytest.raises(TrackingError, match=r"^study grid: has no run in the tracking store yet"):
        send_point(study, point)


def test_a_point_that_was_sent_to_another_study_is_sent_again(
    make_study: SimpleNamespace, sqlite_uri: str, children: Callable[[StudyDirectory], list[Run]]
) -> None:
    study = make_study.open(sqlite_uri)
    point = make_study.point(study, 0, 0.065, 0.4)
    first = send_point(study, point)
    copy = make_study.open(sqlite_uri, "copy")
    moved = make_study.point(copy, 0, 0.065, 0.4)
    moved.tracked.write_text(point.tracked.read_text())
    assert send_point(copy, moved) != first
    assert (len(children(study)), len(children(copy))) == (1, 1)
