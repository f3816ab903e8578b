"""A study's directory to the store: all that has not been sent, once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.errors import TrackingError
from hstdriz_study.json_files import read_json
from hstdriz_study.study.track.client import connect, failures_as_sentences
from hstdriz_study.study.track.condition import StoreNotReadyError
from hstdriz_study.study.track.once import remove_doubles
from hstdriz_study.study.track.parent_run import INTERRUPTED
from hstdriz_study.study.track.point_run import is_sent, send_point
from hstdriz_study.study.track.runs import run_exists
from hstdriz_study.study.track.shown import note_shown
from hstdriz_study.study.track.study_run import close_study, open_study
from hstdriz_study.study.track.ticket import read_ticket, set_status

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.study.directory.layout import StudyDirectory
    from hstdriz_study.study.track.ticket import Ticket

# Who sends the same study at the same time may remove runs that are begun here.
ATTEMPTS = 3


@dataclass(frozen=True)
class SendReport:
    """How many points were sent, had been sent before, and could not be sent, and why the last."""

    sent: int
    already: int
    failed: int
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.sent} sent, {self.already} already there, {self.failed} failed"


def send_study(study_dir: StudyDirectory) -> SendReport:
    """Send every record that the store does not have, and the results of the study.

    The study's run is made when the store has none, for example after the store
    was away when the study began, or was lost. Sending again changes nothing.

    Parameters
    ----------
    study_dir : `~hstdriz_study.study.directory.layout.StudyDirectory`

    Returns
    -------
    `SendReport`

    Raises
    ------
    TrackingError
        If the store is away, or the study was made without tracking.
    """
    sent: set[Path] = set()
    for _ in range(ATTEMPTS):
        failed = _send_unsent(study_dir, sent)
        if not _sent_elsewhere(study_dir) and not failed:
            break
    # one that has not ended is driven by nobody else, so it will not
    close_study(study_dir, read_ticket(study_dir).status or INTERRUPTED)
    if not failed:
        note_shown(study_dir)
    reason = next(reversed(failed.values()), "")
    already = len(study_dir.points()) - len(sent | failed.keys())
    return SendReport(len(sent - failed.keys()), already, len(failed), reason)


def _send_unsent(study_dir: StudyDirectory, sent: set[Path]) -> dict[Path, str]:
    """Send the points that are not; add those that were, return why the others were not."""
    ticket = read_ticket(study_dir)
    if not _has_parent(ticket):
        _open_among_others(study_dir)
        ticket = read_ticket(study_dir)
    failed = {}
    for point_dir in study_dir.points():
        if is_sent(study_dir, point_dir):
            continue
        try:
            point_dir.tracking_begun.touch()  # from another copy of the study, maybe
            send_point(study_dir, point_dir)
            sent.add(point_dir.path)
        except TrackingError as error:
            failed[point_dir.path] = f"{point_dir}: {error}"
            # Raises when the store is away: the other points would wait in vain.
            _has_parent(ticket)
    return failed


def _open_among_others(study_dir: StudyDirectory) -> None:
    """Open a study whose run another copy may find to be one too many, and remove, meanwhile."""
    for _ in range(ATTEMPTS - 1):
        try:
            open_study(study_dir)
        except TrackingError:
            ticket = read_ticket(study_dir)
            if ticket.parent_run_id is None or _has_parent(ticket):
                raise
        else:
            return
    open_study(study_dir)


def _sent_elsewhere(study_dir: StudyDirectory) -> bool:
    """Tell whether another copy of the study was sent meanwhile, and leave one run of each point.

    Points whose run was one too many are to be sent again: to the run that was kept.
    """
    ticket = read_ticket(study_dir)
    client = connect(ticket.tracking_uri)
    with failures_as_sentences(ticket.tracking_uri):
        removed = remove_doubles(client, ticket)
    for point_dir in study_dir.points():
        if point_dir.tracked.is_file() and read_json(point_dir.tracked).get("run_id") in removed:
            point_dir.tracked.unlink()
    return bool(removed) or not _has_parent(ticket)


def end_study(study_dir: StudyDirectory, status: str) -> None:
    """Record how a study ended, then send all that the store does not have: `send_study`.

    Parameters
    ----------
    study_dir : `~hstdriz_study.study.directory.layout.StudyDirectory`
    status : str
        ``FINISHED``, ``FAILED`` or ``KILLED``.

    Raises
    ------
    TrackingError
        As `send_study`, and if a point could not be sent.
    """
    set_status(study_dir, status)
    report = send_study(study_dir)
    if report.failed:
        raise TrackingError(report.reason)


def count_unsent(study_dir: StudyDirectory) -> tuple[int, int]:
    """Count the points that have not been sent, and all; the disk alone is asked."""
    point_dirs = study_dir.points()
    return sum(not is_sent(study_dir, point_dir) for point_dir in point_dirs), len(point_dirs)


def _has_parent(ticket: Ticket) -> bool:
    if ticket.parent_run_id is None:
        return False
    try:
        client = connect(ticket.tracking_uri)
    except StoreNotReadyError:
        return False  # it is made when the study is opened
    with failures_as_sentences(ticket.tracking_uri):
        return run_exists(client, ticket.parent_run_id)
