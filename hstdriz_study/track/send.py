"""A study's directory to the store: all that has not been sent, once."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.errors import TrackingError
from hstdriz_study.record import point_directories
from hstdriz_study.track.client import connect, failures_as_sentences
from hstdriz_study.track.point import is_sent, send_point
from hstdriz_study.track.runs import run_exists
from hstdriz_study.track.study import close_study, open_study
from hstdriz_study.track.ticket import read_ticket, set_status

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.track.ticket import Ticket

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SendReport:
    """How many points were sent, had been sent before, and could not be sent."""

    sent: int
    already: int
    failed: int

    def __str__(self) -> str:
        return f"{self.sent} sent, {self.already} already there, {self.failed} failed"


def send_study(study_dir: Path) -> SendReport:
    """Send every record that the store does not have, and the results of the study.

    The study's run is made when the store has none, for example after the store
    was away when the study began, or was lost. Sending again changes nothing.

    Parameters
    ----------
    study_dir : `~pathlib.Path`

    Returns
    -------
    `SendReport`

    Raises
    ------
    TrackingError
        If the store is away, or the study was made without tracking.
    """
    ticket = read_ticket(study_dir)
    status = ticket.status
    if not _has_parent(ticket):
        open_study(study_dir)
        ticket = read_ticket(study_dir)
    sent = already = failed = 0
    for point_dir in point_directories(study_dir):
        if is_sent(study_dir, point_dir):
            already += 1
            continue
        try:
            send_point(study_dir, point_dir)
            sent += 1
        except TrackingError as error:
            failed += 1
            log.warning("%s: %s", point_dir, error)
            # Raises when the store is away: the other points would wait in vain.
            _has_parent(ticket)
    if status is not None:
        close_study(study_dir, status)
    return SendReport(sent, already, failed)


def end_study(study_dir: Path, status: str) -> SendReport:
    """Record how a study ended, then send all that the store does not have: `send_study`.

    Parameters
    ----------
    study_dir : `~pathlib.Path`
    status : str
        ``FINISHED``, ``FAILED`` or ``KILLED``.
    """
    set_status(study_dir, status)
    return send_study(study_dir)


def _has_parent(ticket: Ticket) -> bool:
    if ticket.parent_run_id is None:
        return False
    try:
        client = connect(ticket.tracking_uri)
    except TrackingError:
        # A database file that is gone is made again; anything else says so there.
        return False
    with failures_as_sentences(ticket.tracking_uri):
        return run_exists(client, ticket.parent_run_id)
