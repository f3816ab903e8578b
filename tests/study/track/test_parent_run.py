"""A study has one run in the store, which does not stay open when the study's process dies."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hstdriz_study.study.track import close_study, open_study, send_point, send_study
from hstdriz_study.study.track.parent_run import close_abandoned
from hstdriz_study.study.track.ticket import read_ticket, write_ticket

if TYPE_CHECKING:
    from types import SimpleNamespace

    from mlflow import MlflowClient


def test_the_run_of_a_process_that_died_before_it_kept_the_id_is_found_again(
    make_study: SimpleNamespace, sqlite_uri: str, client: MlflowClient
) -> None:
    study = make_study.open(sqlite_uri)
    ticket = read_ticket(study)
    write_ticket(study, replace(ticket, parent_run_id=None))
    assert open_study(study).parent_run_id == ticket.parent_run_id
    assert client.get_run(ticket.ids[1]).info.status == "RUNNING"


def test_what_runs_of_a_study_whose_process_died_is_ended_and_the_rest_is_as_it_was(
    make_study: SimpleNamespace, sqlite_uri: str, client: MlflowClient
) -> None:
    study = make_study.open(sqlite_uri)
    sent, half_sent = (send_point(study, point) for point in make_study.points(study, 2))
    client.update_run(half_sent, status="RUNNING")
    close_abandoned(study)
    assert client.get_run(sent).info.status == "FINISHED"
    assert client.get_run(half_sent).info.status == "KILLED"
    assert client.get_run(make_study.parent_of(study)).info.status == "KILLED"


def test_sending_a_study_that_never_ended_ends_it(
    make_study: SimpleNamespace, sqlite_uri: str, client: MlflowClient
) -> None:
    study = make_study.open(sqlite_uri)
    make_study.points(study, 2)
    send_study(study)
    assert client.get_run(make_study.parent_of(study)).info.status == "KILLED"


def test_a_point_that_is_completed_later_no_longer_counts_as_what_it_was(
    make_study: SimpleNamespace, sqlite_uri: str, client: MlflowClient
) -> None:
    study = make_study.open(sqlite_uri)
    sent, half_sent = (send_point(study, point) for point in make_study.points(study, 2))
    client.update_run(half_sent, status="RUNNING")
    close_study(study, "FAILED")
    client.set_terminated(half_sent, "FAILED")
    close_study(study, "FAILED")
    client.set_terminated(half_sent, client.get_run(sent).info.status)
    close_study(study, "FINISHED")
    metrics = client.get_run(make_study.parent_of(study)).data.metrics
    counts = {name: value for name, value in metrics.items() if name.startswith("points/")}
    assert counts == {"points/finished": 2, "points/failed": 0, "points/skipped": 0}
