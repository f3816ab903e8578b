"""The record of a study out of MLflow again, as it lay on disk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study.errors import TrackingError
from hstdriz_study.study.track.client import connect, failures_as_sentences
from hstdriz_study.study.track.link import points_filter
from hstdriz_study.study.track.runs import found_runs, run_exists
from hstdriz_study.study.track.uri import absolute_uri, without_password

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlflow import MlflowClient
    from mlflow.entities import Run

    from hstdriz_study.study.directory.layout import PointDirectory, StudyDirectory


def fetch_study(tracking_uri: str, run_id: str, study_dir: StudyDirectory) -> None:
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
    study_dir : `~hstdriz_study.study.directory.layout.StudyDirectory`
        Empty.

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
        needed = [study_dir.description.name, study_dir.choice.name]
        lacking = [name for name in needed if name not in there]
        if lacking:
            raise TrackingError(
                f"{without_password(uri)}: run {run_id} has no {lacking[0]}; name the parent run "
                "of a study that has ended"
            )
        for name in (*needed, *there.intersection([study_dir.filters.name])):
            client.download_artifacts(run_id, name, str(study_dir))
        for number, run in enumerate(_points(client, run_id)):
            _fetch_point(client, run.info.run_id, study_dir.point(number))


def _points(client: MlflowClient, parent: str) -> Iterator[Run]:
    """Yield the runs of the points, in the order in which they were begun."""
    experiment_id = client.get_run(parent).info.experiment_id
    return found_runs(client, experiment_id, points_filter(parent), ["attributes.start_time ASC"])


def _fetch_point(client: MlflowClient, run_id: str, point_dir: PointDirectory) -> None:
    there = {item.path for item in client.list_artifacts(run_id)}
    point_dir.path.mkdir(parents=True)
    for path in (point_dir.record, point_dir.replicates):
        if path.name in there:
            client.download_artifacts(run_id, path.name, str(point_dir))
