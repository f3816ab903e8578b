"""The run of a study: made once, and not left running by a process that has died."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.study.track.client import connect, failures_as_sentences
from hstdriz_study.study.track.link import points_filter
from hstdriz_study.study.track.payload import KIND_TAG, SWEEP_KIND
from hstdriz_study.study.track.runs import run_exists, source_tags
from hstdriz_study.study.track.ticket import read_ticket

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Run

    from hstdriz_study.study.directory.layout import StudyDirectory
    from hstdriz_study.study.track.ticket import Ticket

TOKEN_TAG = "study.token"  # noqa: S105 - not a secret
INTERRUPTED = "KILLED"
_RUNNING = "attributes.status = 'RUNNING'"


def parent_run(client: MlflowClient, ticket: Ticket, study_dir: StudyDirectory) -> str:
    """Return the run of a study, running; it is made when there is none.

    A process may have died between making the run and writing its id into the study.
    """
    found = ticket.parent_run_id
    if found is None or not run_exists(client, found):
        found = _lost_run(client, ticket)
    if found is None:
        return _new_run(client, ticket, study_dir)
    client.update_run(found, status="RUNNING")
    return found


def close_abandoned(study_dir: StudyDirectory) -> None:
    """End what runs in the store of a study whose process has ended before it.

    The ticket is not touched: the next process may be at work on it already, and whichever
    starts or sends the study brings its runs up to date.

    Raises
    ------
    TrackingError
        If the store is away, or was never reached.
    """
    ticket = read_ticket(study_dir)
    experiment_id, parent = ticket.ids
    client = connect(ticket.tracking_uri)
    with failures_as_sentences(ticket.tracking_uri):
        of_points = f"{points_filter(parent)} and {_RUNNING}"
        for run in client.search_runs([experiment_id], of_points):
            client.set_terminated(run.info.run_id, INTERRUPTED)
        client.set_terminated(parent, INTERRUPTED)


def _lost_run(client: MlflowClient, ticket: Ticket) -> str | None:
    if not ticket.token:
        return None  # of an earlier version
    query = f"tags.`{TOKEN_TAG}` = '{ticket.token}'"
    found: list[Run] = client.search_runs([str(ticket.experiment_id)], query, max_results=1)
    return str(found[0].info.run_id) if found else None


def _new_run(client: MlflowClient, ticket: Ticket, study_dir: StudyDirectory) -> str:
    tags = {
        KIND_TAG: SWEEP_KIND,
        TOKEN_TAG: ticket.token,
        "study.name": ticket.name,
        "study.directory": str(study_dir.path.resolve()),
        "study.overrides": " ".join(ticket.overrides),
        **source_tags(),
    }
    experiment_id = str(ticket.experiment_id)
    return str(client.create_run(experiment_id, tags=tags, run_name=ticket.name).info.run_id)
