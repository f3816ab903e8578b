"""One point's record to one child run, exactly one however often it is sent."""

from __future__ import annotations

import hashlib
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.json_files import read_json, write_json
from hstdriz_study.study.config import data_told
from hstdriz_study.study.directory.record import read_bare_record
from hstdriz_study.study.directory.stored import read_study
from hstdriz_study.study.track.artifacts import point_artifacts, staged
from hstdriz_study.study.track.client import connect, failures_as_sentences
from hstdriz_study.study.track.image_grid import grid_images
from hstdriz_study.study.track.lock import locked
from hstdriz_study.study.track.mlflow_parts import IMAGES_TAG, artifact_repository
from hstdriz_study.study.track.notes import point_note
from hstdriz_study.study.track.once import point_there
from hstdriz_study.study.track.payload import (
    DIGEST_TAG,
    KIND_TAG,
    PARENT_TAG,
    POINT_KIND,
    REASON_TAGS,
    RUN_STATUS,
    data_tags,
    dataset_of,
    metrics_of,
    params_of,
    run_name,
    tags_of,
)
from hstdriz_study.study.track.runs import run_exists, source_tags
from hstdriz_study.study.track.ticket import Ticket, read_ticket, study_tags

if TYPE_CHECKING:
    from pathlib import Path

    from mlflow import MlflowClient
    from mlflow.entities import Run

    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.study.config import DataTold
    from hstdriz_study.study.directory.layout import PointDirectory, StudyDirectory

DATASET_ATTEMPTS = 3
DIGEST_LENGTH = 16


@dataclass(frozen=True)
class _Point:
    """A record, where it lies and whose exposures it is about."""

    directory: PointDirectory
    record: PointRecord
    digest: str
    data: DataTold

    @property
    def ended_ms(self) -> int:
        return int(self.directory.record.stat().st_mtime * 1000)

    @property
    def started_ms(self) -> int:
        return self.ended_ms - int(1000 * sum(self.record.timing_s.values()))


def send_point(study_dir: StudyDirectory, point_dir: PointDirectory) -> str:
    """Make the run of one record, or bring it up to date.

    Sending twice changes nothing; a run that was left half made is completed; a
    record that was made anew replaces what the run shows. A point that was
    skipped has a run too, with the reason in place of numbers. Any number of
    processes may send points of one study at once.

    Parameters
    ----------
    study_dir : `~hstdriz_study.study.directory.layout.StudyDirectory`
        Directory of a study that was opened (`~hstdriz_study.study.track.open_study`).
    point_dir : `~hstdriz_study.study.directory.layout.PointDirectory`
        Directory that holds the record.

    Returns
    -------
    str
        Run id.

    Raises
    ------
    TrackingError
        If the store is away. The record stays unsent.
    """
    ticket = read_ticket(study_dir)
    _, parent = ticket.ids
    # The same point may be on its way from a job and from `hstdriz-study send`.
    with locked(point_dir.tracking_lock):
        point = _read(study_dir, point_dir)
        known = sent_run(point_dir, parent, point.digest)
        if known is not None:
            return known
        client = connect(ticket.tracking_uri)
        with failures_as_sentences(ticket.tracking_uri):
            run = _send(client, ticket, point)
        run_id = str(run.info.run_id)
        sent = {"run_id": run_id, "sent": True, "parent_run_id": parent, "digest": point.digest}
        sent |= {"name": run.info.run_name}
        write_json(point_dir.tracked, sent)
        # who waits for the lock, or makes it anew, finds the point sent
        point_dir.tracking_lock.unlink(missing_ok=True)
        return run_id


def is_sent(study_dir: StudyDirectory, point_dir: PointDirectory) -> bool:
    """Tell from the disk alone whether a record has been sent as it is now."""
    parent = read_ticket(study_dir).parent_run_id
    if parent is None:
        return False
    return sent_run(point_dir, parent, _digest(point_dir)) is not None


def sent_run(point_dir: PointDirectory, parent_run_id: str, digest: str) -> str | None:
    """Return the run a record was sent to; None if it, or the study's run, is another now."""
    if not point_dir.tracked.is_file():
        return None
    tracked = read_json(point_dir.tracked)
    if (tracked.get("parent_run_id"), tracked.get("digest")) != (parent_run_id, digest):
        return None
    return str(tracked["run_id"]) if tracked.get("sent") else None


def _digest(point_dir: PointDirectory) -> str:
    return hashlib.sha256(point_dir.record.read_bytes()).hexdigest()[:DIGEST_LENGTH]


def _read(study_dir: StudyDirectory, point_dir: PointDirectory) -> _Point:
    record, data = read_bare_record(point_dir), data_told(read_study(study_dir))
    return _Point(point_dir, record, _digest(point_dir), data)


def _send(client: MlflowClient, ticket: Ticket, point: _Point) -> Run:
    """Make the run complete; it runs until it is, whatever interrupts the sending."""
    run = _find_run(client, ticket, point) if point.directory.tracking_begun.is_file() else None
    if run is None:
        point.directory.tracking_begun.touch()
        run = _create_run(client, ticket, point)
    elif _is_complete(run, ticket, point):
        return run
    else:
        _reopen(client, run, ticket, point)
        _remove_artifacts(ticket, run)
    run_id = str(run.info.run_id)
    _log_values(client, run_id, point)
    with staged(point.directory.path, point_artifacts(point.directory)) as directory:
        write_json(directory / "provenance.json", point.record.provenance)
        grid_images(point.directory, point.record.images, directory, point.ended_ms)
        _log_artifacts(ticket, run, directory)
    _log_dataset(client, run_id, point.record)
    client.set_terminated(run_id, RUN_STATUS[point.record.status], end_time=point.ended_ms)
    return run


def _is_complete(run: Run, ticket: Ticket, point: _Point) -> bool:
    ended, tags = run.info.status == RUN_STATUS[point.record.status], run.data.tags
    wanted = {PARENT_TAG: ticket.ids[1], DIGEST_TAG: point.digest, **study_tags(ticket)}
    return ended and wanted.items() <= tags.items()


def _find_run(client: MlflowClient, ticket: Ticket, point: _Point) -> Run | None:
    """Return the run of this record, or of the earlier attempt that it replaces."""
    found = point_there(client, ticket, point.record.key)
    return found or _earlier_attempt(client, ticket.ids[1], point)


def _earlier_attempt(client: MlflowClient, parent: str, point: _Point) -> Run | None:
    """Return the run that this directory's record went to before the point was run again.

    A failed point has another key than the same point when it succeeds. A
    parameter can never be changed, so other settings are another run.
    """
    if not point.directory.tracked.is_file():
        return None
    tracked = read_json(point.directory.tracked)
    if tracked.get("parent_run_id") != parent or not run_exists(client, tracked["run_id"]):
        return None
    run = client.get_run(tracked["run_id"])
    params = params_of(point.record)
    same = all(params.get(name) == value for name, value in run.data.params.items())
    return run if same else None


def _create_run(client: MlflowClient, ticket: Ticket, point: _Point) -> Run:
    tags = {
        KIND_TAG: POINT_KIND,
        "study.name": ticket.name,
        **source_tags(),
        **_shown_tags(ticket, point),
    }
    return client.create_run(
        ticket.ids[0], start_time=point.started_ms, tags=tags, run_name=run_name(point.record)
    )


def _reopen(client: MlflowClient, run: Run, ticket: Ticket, point: _Point) -> None:
    """Bring a run that was left half made, or shows an earlier record, back to its beginning."""
    from mlflow.entities import RunTag

    run_id = str(run.info.run_id)
    client.update_run(run_id, status="RUNNING")
    shown = _shown_tags(ticket, point)
    client.log_batch(run_id, tags=[RunTag(key, value) for key, value in shown.items()])
    for outdated in run.data.tags.keys() & {*REASON_TAGS.values()} - shown.keys():
        client.delete_tag(run_id, outdated)


def _shown_tags(ticket: Ticket, point: _Point) -> dict[str, str]:
    tags = tags_of(point.record, point_note(point.record, point.data.line))
    tags |= {**data_tags(point.data), DIGEST_TAG: point.digest, **study_tags(ticket)}
    tags[PARENT_TAG] = ticket.ids[1]
    return tags | {IMAGES_TAG: "True"} if point.record.images else tags


def _log_values(client: MlflowClient, run_id: str, point: _Point) -> None:
    from mlflow.entities import Metric, Param

    record = point.record
    metrics = [Metric(key, value, point.ended_ms, 0) for key, value in metrics_of(record).items()]
    params = [Param(key, value) for key, value in params_of(record).items()]
    client.log_batch(run_id, metrics=metrics, params=params)


def _remove_artifacts(ticket: Ticket, run: Run) -> None:
    """Take away what an earlier attempt has sent: its log, and its pictures from the grid."""
    repository = artifact_repository(run.info.artifact_uri, ticket.tracking_uri)
    if repository.list_artifacts():
        with suppress(NotImplementedError):  # a few stores cannot
            repository.delete_artifacts()


def _log_artifacts(ticket: Ticket, run: Run, directory: Path) -> None:
    """Send the content of a directory; the client would first ask the store for the run again."""
    repository = artifact_repository(run.info.artifact_uri, ticket.tracking_uri)
    repository.log_artifacts(str(directory))


def _log_dataset(client: MlflowClient, run_id: str, record: PointRecord) -> None:
    """Link the run to its exposures."""
    from mlflow.entities import Dataset, DatasetInput
    from mlflow.exceptions import MlflowException

    described = dataset_of(record)
    if described is None:
        return
    dataset = Dataset(source_type="local", **described)
    for attempt in range(1, DATASET_ATTEMPTS + 1):
        try:
            client.log_inputs(run_id, [DatasetInput(dataset)])
        except MlflowException:
            # Two points that bring the same new data set: the second finds it there.
            if attempt == DATASET_ATTEMPTS:
                raise
            time.sleep(0.1 * attempt)
        else:
            return
