"""What the store is asked about runs, and what every run says of its origin."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING

from hstdriz_study.study.track.link import points_filter
from hstdriz_study.study.track.payload import RUN_STATUS, STATUS_TAG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlflow import MlflowClient
    from mlflow.entities import Run

    from hstdriz_study.study.track.ticket import Ticket


def count_points(client: MlflowClient, ticket: Ticket) -> dict[str, int]:
    """Return the number of a study's points by status, with the runs that have not ended."""
    counts: dict[str, int] = {}
    for run in found_runs(client, ticket.ids[0], points_filter(ticket.ids[1])):
        ended = run.info.status in RUN_STATUS.values()
        tags = run.data.tags  # a run of an earlier version does not say
        status = tags.get(STATUS_TAG, run.info.status).upper() if ended else run.info.status
        counts[status] = counts.get(status, 0) + 1
    return counts


def found_runs(
    client: MlflowClient, experiment_id: str, query: str, order_by: list[str] | None = None
) -> Iterator[Run]:
    """Yield the runs of an experiment that a search finds, page by page."""
    token: str | None = None
    while True:
        page = client.search_runs(
            [experiment_id], query, max_results=1000, order_by=order_by, page_token=token
        )
        yield from page
        token = page.token
        if not token:
            return


def run_exists(client: MlflowClient, run_id: str) -> bool:
    """Tell whether a store holds a run that was not deleted."""
    from mlflow.exceptions import MlflowException

    try:
        return bool(client.get_run(run_id).info.lifecycle_stage == "active")
    except MlflowException as error:
        if error.error_code == "RESOURCE_DOES_NOT_EXIST":
            return False
        raise


def source_tags() -> dict[str, str]:
    """Return who made a run, and with what."""
    tags = {"mlflow.source.name": "hstdriz-study", "mlflow.source.type": "LOCAL"}
    try:
        return {**tags, "mlflow.user": getpass.getuser()}
    except (KeyError, OSError, ImportError):
        # A container may run under a number that has no name.
        return tags
