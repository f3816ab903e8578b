"""The record of a study out of MLflow again, as it lay on disk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study.errors import TrackingError
from hstdriz_study.study.track.client import connect, failures_as_sentences
from hstdriz_study.study.track.link import points_filter
from hstdriz_study.study.track.runs import run_exists
from hstdriz_study.study.track.uri import absolute_uri, without_password

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlflow import MlflowClient
    from mlflow.entities import Run

OF_STUDY = ("study.json", "choice.json")
OF_POINT = ("record.json", "replicates.npz")


def fetch_study(tracking_uri: str, run_id: str, directory: Path) -> None:
    """Write the record of a tracked study into a directory.

    What a choice and a comparison read is written: ``study.json``,
    ``choice.json``, ``filters/`` and the record of every point; no picture.

    Parameters
    ----------
    tracking_uri : str
        As in ``track.tracking_uri``; a relative SQLite path starts from the
        current directory.
    run_id : str
        The parent run of the study.
    directory : `~pathlib.Path`
        An empty directory.

    Raises
    ------
    TrackingError
        If the store is away, or the run is not that of a finished study.
    """
    uri = absolute_uri(tracking_uri, Path.cwd())
    client = connect(uri)
    with failures_as_sentences(uri):
        if not run_exists(client, run_id):
            raise TrackingError(
                f"{without_password(uri)}: holds no run {run_id}; copy the id of the study's "
                "parent run from MLflow, or from study.json"
            )
        there = {item.path for item in client.list_artifacts(run_id)}
        lacking = [name for name in OF_STUDY if name not in there]
        if lacking:
            raise TrackingError(
                f"{without_password(uri)}: run {run_id} has no {lacking[0]}; name the parent run "
                "of a study that has ended"
            )
        for name in (*OF_STUDY, *(["filters"] if "filters" in there else [])):
            client.download_artifacts(run_id, name, str(directory))
        for number, run in enumerate(_points(client, run_id)):
            _fetch_point(client, run.info.run_id, directory / "points" / str(number))


def _points(client: MlflowClient, parent: str) -> Iterator[Run]:
    """Yield the runs of the points, in the order in which they were begun."""
    experiment_id = client.get_run(parent).info.experiment_id
    token: str | None = None
    while True:
        page = client.search_runs(
            [experiment_id],
            points_filter(parent),
            max_results=1000,
            order_by=["attributes.start_time ASC"],
            page_token=token,
        )
        yield from page
        token = page.token
        if not token:
            return


def _fetch_point(client: MlflowClient, run_id: str, directory: Path) -> None:
    there = {item.path for item in client.list_artifacts(run_id)}
    directory.mkdir(parents=True)
    for name in OF_POINT:
        if name in there:
            client.download_artifacts(run_id, name, str(directory))
