"""The run of a study: made once, and not left running by a process that has died."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.study.track.client import connect, failures_as_sentences
from hstdriz_study.study.track.link import points_filter
from hstdriz_study.study.track.once import parent_there
from hstdriz_study.study.track.payload import KIND_TAG, SWEEP_KIND
from hstdriz_study.study.track.runs import run_exists, source_tags
from hstdriz_study.study.track.ticket import read_ticket, study_tags

if TYPE_CHECKING:
    from mlflow import MlflowClient

    from hstdriz_study.study.directory.layout import StudyDirectory
    from hstdriz_study.study.track.ticket import Ticket

INTERRUPTED = "KILLED"
_RUNNING = "attributes.status = 'RUNNING'"


def parent_run(client: MlflowClient, ticket: Ticket, study_dir: StudyDirectory) -> str:
    """Return the run of a study, running; it is made when there is none."""
    found = ticket.parent_run_id
    if found is None or not run_exists(client, found):
        # of a process that was stopped, or of another machine
        found = parent_there(client, ticket)
    if found is not None:
        client.update_run(found, status="RUNNING")
        return found
    made = _new_run(client, ticket, study_dir)
    return parent_there(client, ticket) or made


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


def _new_run(client: MlflowClient, ticket: Ticket, study_dir: StudyDirectory) -> str:
    tags = {
        KIND_TAG: SWEEP_KIND,
        **study_tags(ticket),
        "study.name": ticket.name,
        "study.directory": str(study_dir.path.resolve()),
        "study.overrides": " ".join(ticket.overrides),
        **source_tags(),
    }
    experiment_id = str(ticket.experiment_id)
    return str(client.create_run(experiment_id, tags=tags, run_name=ticket.name).info.run_id)
