"""One parent a study and one run a point, whoever sends them: also copies of a study at once.

A server has no names that only one run can have, and an answer that is lost on the way is asked
for again, which makes a second run. So whoever has made runs looks what there is afterwards, and
of those that are the same keeps the one with the smallest id. That one is never removed by
anybody, and the last to look sees all there are.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hstdriz_study.study.track.link import points_filter
from hstdriz_study.study.track.payload import KEY_TAG, KIND_TAG, POINT_KIND, STUDY_TAG, SWEEP_KIND
from hstdriz_study.study.track.runs import found_runs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlflow import MlflowClient
    from mlflow.entities import Run

    from hstdriz_study.study.track.ticket import Ticket


def parent_there(client: MlflowClient, ticket: Ticket) -> str | None:
    """Return the run of a study that is in its experiment, the only one from now on."""
    if ticket.study_id is None:
        return None
    query = _of_study(ticket.study_id, SWEEP_KIND)
    found = list(found_runs(client, str(ticket.experiment_id), query))
    _keep_one(client, found)
    return min((_id(run) for run in found), default=None)


def point_there(client: MlflowClient, ticket: Ticket, key: str) -> Run | None:
    """Return the run of a point, also one below another parent of the study."""
    experiment_id, parent = ticket.ids
    queries = [points_filter(parent)]  # all that an earlier version has written
    if ticket.study_id is not None:
        queries.insert(0, _of_study(ticket.study_id, POINT_KIND))
    for query in queries:
        found = found_runs(client, experiment_id, f"{query} and tags.`{KEY_TAG}` = '{key}'")
        run = min(found, key=_id, default=None)
        if run is not None:
            return run
    return None


def remove_doubles(client: MlflowClient, ticket: Ticket) -> set[str]:
    """Leave one run of each point of a study; return the ids of those that were removed."""
    if ticket.study_id is None:
        return set()
    of_points: dict[str, list[Run]] = defaultdict(list)
    for run in found_runs(client, ticket.ids[0], _of_study(ticket.study_id, POINT_KIND)):
        of_points[run.data.tags.get(KEY_TAG, _id(run))].append(run)
    return {removed for runs in of_points.values() for removed in _keep_one(client, runs)}


def _keep_one(client: MlflowClient, runs: Iterable[Run]) -> list[str]:
    _, *others = sorted(_id(run) for run in runs) or [""]
    for run_id in others:
        client.delete_run(run_id)
    return others


def _id(run: Run) -> str:
    return str(run.info.run_id)


def _of_study(study_id: str, kind: str) -> str:
    return f"tags.`{KIND_TAG}` = '{kind}' and tags.`{STUDY_TAG}` = '{study_id}'"
