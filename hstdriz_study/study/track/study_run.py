"""A study's directory to its parent run: opened before the first point, closed after the last."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from hstdriz_study.contracts import entries_of
from hstdriz_study.study.config import data_told
from hstdriz_study.study.directory.record import read_bare_record
from hstdriz_study.study.directory.stored import read_study
from hstdriz_study.study.track.artifacts import staged, study_artifacts
from hstdriz_study.study.track.choice import choice_metrics, choice_tags, read_choices
from hstdriz_study.study.track.client import connect, failures_as_sentences
from hstdriz_study.study.track.experiment import experiment_of
from hstdriz_study.study.track.link import SORT_METRIC
from hstdriz_study.study.track.lock import alone
from hstdriz_study.study.track.notes import study_note
from hstdriz_study.study.track.parent_run import parent_run
from hstdriz_study.study.track.payload import NOTE_TAG, RUN_STATUS, data_tags, metrics_of
from hstdriz_study.study.track.runs import count_points
from hstdriz_study.study.track.runs_view import study_views
from hstdriz_study.study.track.standings import RANK, show_standings
from hstdriz_study.study.track.ticket import (
    Ticket,
    change_ticket,
    find_ticket,
    read_ticket,
    study_tags,
    write_ticket,
)
from hstdriz_study.study.track.uri import absolute_uri, artifact_location

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mlflow import MlflowClient

    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.study.config import DataTold, TrackConfig
    from hstdriz_study.study.directory.layout import StudyDirectory


@dataclass(frozen=True)
class TrackedStudy:
    """A study that has its parent run.

    Attributes
    ----------
    tracking_uri : str
        Absolute.
    experiment_id, parent_run_id : str
    link : str
        Address of the page that compares the points.
    """

    tracking_uri: str
    experiment_id: str
    parent_run_id: str
    link: str


def register_study(
    study_dir: StudyDirectory,
    config: TrackConfig,
    *,
    name: str,
    title: str = "",
    overrides: Sequence[str] = (),
    base: Path | None = None,
) -> Ticket:
    """Write into ``study.json`` all that is needed to send a study; the store is not touched.

    A study that is resumed keeps the run it has.

    Parameters
    ----------
    study_dir : `~hstdriz_study.study.directory.layout.StudyDirectory`
        Directory of the study; need not exist.
    config : `~hstdriz_study.study.config.TrackConfig`
    name, title : str
        Short name and one-sentence description.
    overrides : sequence of str
        The command line, as Hydra took it.
    base : `~pathlib.Path`, optional
        Directory that relative paths start from; the working directory by
        default.

    Raises
    ------
    ConfigError
        If the tracking URI cannot be used.
    """
    root = base if base is not None else Path.cwd()
    uri = absolute_uri(config.tracking_uri, root)
    ticket = Ticket(
        tracking_uri=uri,
        experiment=config.experiment,
        artifact_location=artifact_location(uri, root),
        ui_port=config.ui_port,
        patience_s=config.patience_s,
        study_id=uuid4().hex,
        name=name,
        title=title,
        overrides=tuple(overrides),
    )
    study_dir.path.mkdir(parents=True, exist_ok=True)
    earlier = find_ticket(study_dir)
    if earlier is not None:
        ticket = replace(ticket, study_id=earlier.study_id or ticket.study_id)
    if earlier is not None and earlier.tracking_uri == uri:
        kept = ("experiment_id", "parent_run_id", "filters", "shown")
        ticket = replace(ticket, **{name: getattr(earlier, name) for name in kept})
    write_ticket(study_dir, ticket)
    return ticket


def make_store_ready(study_dir: StudyDirectory) -> None:
    """Create or migrate the store of a study, which takes seconds and may be stopped.

    Raises
    ------
    TrackingError
        If the store is away.
    """
    uri = read_ticket(study_dir).tracking_uri
    with alone(uri):
        connect(uri, create=True)


def open_study(study_dir: StudyDirectory) -> TrackedStudy:
    """Make the store ready and give a registered study its parent run.

    To be called by one process of a study: it creates or migrates the store. A
    study that is resumed keeps the run it has. The ids and links are written to
    ``study.json``.

    Parameters
    ----------
    study_dir : `~hstdriz_study.study.directory.layout.StudyDirectory`
        Directory of a study that was registered (`register_study`).

    Returns
    -------
    `TrackedStudy`

    Raises
    ------
    TrackingError
        If the store is away; `~hstdriz_study.study.track.send_study` makes up for it.
    """
    ticket = read_ticket(study_dir)
    with alone(ticket.tracking_uri):
        client = connect(ticket.tracking_uri, create=True)
        with failures_as_sentences(ticket.tracking_uri):
            ticket = replace(ticket, experiment_id=experiment_of(client, ticket))
            ticket = replace(ticket, parent_run_id=parent_run(client, ticket, study_dir))
    experiment_id, parent = ticket.ids
    ticket = change_ticket(
        study_dir, experiment_id=experiment_id, parent_run_id=parent, filters=_filters(study_dir)
    )
    with failures_as_sentences(ticket.tracking_uri):
        # a study that goes on may be about other exposures than its run says
        told = data_told(read_study(study_dir))
        shown = {**study_tags(ticket), **data_tags(told), NOTE_TAG: _note(ticket, told)}
        for key, value in shown.items():
            client.set_tag(ticket.ids[1], key, value)
        _save_views(client, ticket, study_dir)
    return _tracked(ticket)


def close_study(study_dir: StudyDirectory, status: str = "FINISHED") -> None:
    """Put the choice and the report on the parent run and end it.

    Parameters
    ----------
    study_dir : `~hstdriz_study.study.directory.layout.StudyDirectory`
    status : str
        ``FINISHED``, ``FAILED`` or ``KILLED``.

    Raises
    ------
    TrackingError
        If the study has no parent run yet or the store is away. The status is
        kept, and `~hstdriz_study.study.track.send_study` closes the study.
    """
    ticket = change_ticket(study_dir, status=status, filters=_filters(study_dir))
    _, parent = ticket.ids
    client = connect(ticket.tracking_uri)
    with failures_as_sentences(ticket.tracking_uri):
        from mlflow.entities import Metric, RunTag

        choices = read_choices(study_dir)
        counts = count_points(client, ticket)
        # each of them every time: a metric cannot be taken back
        values = {f"points/{name.lower()}": float(counts.get(name, 0)) for name in RUN_STATUS}
        values |= choice_metrics(choices)
        now_ms = _now_ms()
        metrics = [Metric(key, value, now_ms, 0) for key, value in values.items()]
        tags = [RunTag(key, value) for key, value in choice_tags(choices).items()]
        client.log_batch(parent, metrics=metrics, tags=tags)
        with staged(study_dir.path, study_artifacts(study_dir)) as directory:
            client.log_artifacts(parent, str(directory))
        told = data_told(read_study(study_dir))
        client.set_tag(parent, NOTE_TAG, _note(ticket, told, choices, counts))
        show_standings(client, study_dir, choices)
        _save_views(client, ticket, study_dir, RANK if choices else SORT_METRIC)
        client.set_terminated(parent, status)


def _filters(study_dir: StudyDirectory) -> tuple[str, ...]:
    """Return the filters that the points so far belong to."""
    return tuple(dict.fromkeys(record.filter for record in _bare_records(study_dir)))


def _bare_records(study_dir: StudyDirectory) -> list[PointRecord]:
    return [read_bare_record(point_dir) for point_dir in study_dir.points()]


def _note(
    ticket: Ticket,
    data: DataTold,
    choices: Sequence[Mapping[str, Any]] = (),
    counts: Mapping[str, int] | None = None,
) -> str:
    return study_note(
        title=ticket.heading,
        exposures=data.line,
        overrides=ticket.overrides,
        links=_note_links(ticket),
        choices=choices,
        counts=counts,
    )


def _note_links(ticket: Ticket) -> dict[str, str]:
    # within MLflow's pages, wherever they are served
    comparison, *of_filters = ticket.pages("").items()
    return {"Compare the points side by side": comparison[1], **dict(of_filters)}


def _save_views(
    client: MlflowClient, ticket: Ticket, study_dir: StudyDirectory, order: str = SORT_METRIC
) -> None:
    experiment_id, parent = ticket.ids
    records = _bare_records(study_dir)
    names = {name for record in records for name in metrics_of(record)}
    entries = entries_of(records)
    views = study_views(
        ticket.name, parent, _now_ms(), names, ticket.filters, entries=entries, order=order
    )
    for view in views:
        client.set_experiment_tag(experiment_id, view.tag, view.value)


def _tracked(ticket: Ticket) -> TrackedStudy:
    experiment_id, parent = ticket.ids
    return TrackedStudy(ticket.tracking_uri, experiment_id, parent, ticket.links()["link"])


def _now_ms() -> int:
    return int(time.time() * 1000)
