"""Records to the store as they are made, beside the work."""

from __future__ import annotations

import logging
import shlex
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Self

from hstdriz_study.errors import TrackingError
from hstdriz_study.study.track import courier
from hstdriz_study.study.track.parent_run import close_abandoned
from hstdriz_study.study.track.point_run import send_point
from hstdriz_study.study.track.send import end_study
from hstdriz_study.study.track.study_run import make_store_ready, open_study
from hstdriz_study.study.track.ticket import read_ticket, set_status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

    from hstdriz_study.study.directory.layout import PointDirectory, StudyDirectory

log = logging.getLogger(__name__)

# After its points a job waits so long for what is on its way; the end of the study sends the rest.
_UNDER_WAY_S = 5.0


class PointSender:
    """Sends the records of one job; the store never keeps the job waiting.

    When the store cannot be reached no more is sent: what is unsent is sent when
    the study ends, or by ``hstdriz-study send``.

    Parameters
    ----------
    study_dir : `~hstdriz_study.study.directory.layout.StudyDirectory`
        Directory of a study that has its ticket.
    opens_store : bool
        Whether the store is made ready first; only one job of a study may.
    """

    def __init__(self, study_dir: StudyDirectory, *, opens_store: bool) -> None:
        self._study_dir = study_dir
        self._opens_store = opens_store
        self._waiting: list[PointDirectory] = []
        self._gave_up = False

    def __enter__(self) -> Self:
        self._courier = courier.begin()
        if self._opens_store:
            with self._giving_up():
                self._courier.ask(_open, self._study_dir)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None and not self._gave_up:
            with suppress(TrackingError):  # the end of the study tries again, and tells
                self._finish(time.monotonic() + _UNDER_WAY_S)

    def _finish(self, deadline: float) -> None:
        while self._waiting or not self._courier.is_idle:
            left_s = deadline - time.monotonic()
            if left_s <= 0:
                return
            self._pass_on(left_s)

    def send(self, point_dir: PointDirectory) -> None:
        """Send the record of a point as soon as its turn comes."""
        self._waiting.append(point_dir)
        if not self._gave_up:
            with self._giving_up():
                self._pass_on(0.0)

    def _pass_on(self, patience_s: float) -> None:
        """Ask for what waits to be sent, once all that was asked before is done."""
        while not self._courier.is_idle and self._courier.has_answer(patience_s):
            self._courier.answer()
        if self._waiting and self._courier.is_idle:
            self._courier.ask(_send_points, self._study_dir, tuple(self._waiting))
            self._waiting.clear()

    @contextmanager
    def _giving_up(self) -> Iterator[None]:
        """Send no more after a failure; the study goes on."""
        try:
            yield
        except TrackingError as failure:
            self._gave_up = True
            log.warning("warning: %s", going_on(failure, self._study_dir))


def _send_points(study_dir: StudyDirectory, point_dirs: Sequence[PointDirectory]) -> None:
    if read_ticket(study_dir).parent_run_id is None:
        return  # the store was away when the study began
    for point_dir in point_dirs:
        send_point(study_dir, point_dir)


def begin_tracking(tracking_uri: str | None) -> None:
    """Begin what takes seconds, importing MLflow, in a process of its own."""
    courier.begin(tracking_uri)


def open_tracking(study_dir: StudyDirectory) -> None:
    """Make the store ready for several jobs; a study of one job does it beside its points.

    Raises
    ------
    TrackingError
        As `open_study`; also if that takes longer than ``track.patience_s``.
    """
    process = courier.begin()
    process.ask(_open, study_dir)
    process.last_answer(read_ticket(study_dir).patience_s)


def end_tracking(study_dir: StudyDirectory, status: str) -> None:
    """Record how a study ended and send what is missing, as `end_study` does.

    Raises
    ------
    TrackingError
        As `end_study`; also if that takes longer than ``track.patience_s``.
    """
    # here, because what is asked may never be done
    ticket = set_status(study_dir, status)
    process = courier.begin(ticket.tracking_uri)
    process.ask(_end, study_dir, status)
    process.last_answer(ticket.patience_s)


def going_on(failure: TrackingError, study_dir: StudyDirectory) -> str:
    """Return the sentence for a store that fails while the points of a study run."""
    return f"{with_way_on(failure, study_dir)}; the study goes on"


def with_way_on(failure: TrackingError | str, study_dir: StudyDirectory) -> str:
    """Return why something was not sent, with the command that sends it, once."""
    reason, command = str(failure), f"hstdriz-study send {shlex.quote(str(study_dir))}"
    told = reason.replace("hstdriz-study send STUDY_DIR", command)
    return told if command in told else f"{told}; send it later: {command}"


def _open(study_dir: StudyDirectory) -> None:
    make_store_ready(study_dir)
    courier.at_the_end(close_abandoned, study_dir)
    open_study(study_dir)


def _end(study_dir: StudyDirectory, status: str) -> None:
    try:
        end_study(study_dir, status)
    finally:
        courier.nothing_at_the_end()
