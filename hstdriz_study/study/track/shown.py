"""Whether the store shows all of a study already; told without MLflow, which takes seconds.

What was sent last is known by its digest. That the runs are still there is read from the file of a
SQLite store; a server or a database on one is asked through MLflow, as for a study that was never
sent.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from hstdriz_study.cache import content_key
from hstdriz_study.errors import TrackingError
from hstdriz_study.json_files import read_json
from hstdriz_study.study.directory.stored import read_study
from hstdriz_study.study.track.artifacts import study_artifacts
from hstdriz_study.study.track.database import open_database
from hstdriz_study.study.track.mlflow_parts import runs_ended
from hstdriz_study.study.track.point_run import is_sent
from hstdriz_study.study.track.ticket import SECTION, change_ticket, find_ticket, read_ticket
from hstdriz_study.study.track.uri import sqlite_path

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.study.directory.layout import StudyDirectory
    from hstdriz_study.study.track.ticket import Ticket


def note_shown(study_dir: StudyDirectory) -> None:
    """Keep what the store shows now, after all of a study was sent."""
    change_ticket(study_dir, shown=_digest(study_dir, read_ticket(study_dir)))


def shows_all(study_dir: StudyDirectory, status: str) -> bool:
    """Tell whether the store shows a study as it is, ended with a status.

    Parameters
    ----------
    study_dir : `~hstdriz_study.study.directory.layout.StudyDirectory`
        Of any study, or of none yet.
    status : str
        ``FINISHED``, ``FAILED`` or ``KILLED``.
    """
    ticket = find_ticket(study_dir)
    if ticket is None or ticket.shown is None:
        return False
    store, points = sqlite_path(ticket.tracking_uri), study_dir.points()
    if store is None or not all(is_sent(study_dir, point_dir) for point_dir in points):
        return False
    if ticket.shown != _digest(study_dir, replace(ticket, status=status)):
        return False
    runs = [str(read_json(point_dir.tracked)["run_id"]) for point_dir in points]
    return _are_there(store, [ticket.ids[1], *runs])


def _digest(study_dir: StudyDirectory, ticket: Ticket) -> str:
    """Return a digest of all that is sent of a study beside its points."""
    study = {name: value for name, value in read_study(study_dir).items() if name != SECTION}
    told = [ticket.status, ticket.name, ticket.title, ticket.overrides, ticket.parent_run_id]
    # logs and Hydra's own files are of each run
    skipped = {study_dir.description, study_dir.multirun, *study_dir.path.glob("*.log")}
    files = sorted(set(study_artifacts(study_dir)) - skipped)
    contents = [
        (str(path.relative_to(study_dir.path)), hashlib.sha256(path.read_bytes()).hexdigest())
        for path in files
    ]
    points = [point_dir.path.name for point_dir in study_dir.points()]
    return content_key([study, told, contents, points])


def _are_there(store: Path, run_ids: list[str]) -> bool:
    try:
        with closing(open_database(store)) as connection:
            return runs_ended(connection) >= set(run_ids)
    except (sqlite3.Error, TrackingError):
        return False  # whoever sends finds out what is wrong with it
