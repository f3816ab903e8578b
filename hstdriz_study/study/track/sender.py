"""Records to the store as they are made, beside the work."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from hstdriz_study.errors import TrackingError
from hstdriz_study.study.track import courier
from hstdriz_study.study.track.parent_run import close_abandoned
from hstdriz_study.study.track.point_run import send_point
from hstdriz_study.study.track.send import end_study
from hstdriz_study.study.track.study_run import make_store_ready, open_study
from hstdriz_study.study.track.ticket import read_ticket

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import TracebackType

    from hstdriz_study.study.directory.layout import PointDirectory, StudyDirectory

log = logging.getLogger(__name__)


class PointSender:
    """Sends the records of one job.

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
        self._unanswered = 0
        self._gave_up = False

    def __enter__(self) -> Self:
        self._courier = courier.begin()
        if self._opens_store:
            with self._giving_up():
                self._ask(_open, self._study_dir)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        while kind is None and not self._gave_up and (self._unanswered or self._waiting):
            self._pass_on(wait=True)

    def send(self, point_dir: PointDirectory) -> None:
        """Send the record of a point as soon as its turn comes."""
        self._waiting.append(point_dir)
        self._pass_on(wait=False)

    def _pass_on(self, *, wait: bool) -> None:
        """Ask for what waits to be sent, once all that was asked before is done."""
        if self._gave_up:
            return
        with self._giving_up():
            while self._unanswered and (wait or self._courier.has_answer()):
                self._unanswered -= 1
                self._courier.answer()
            if self._waiting and not self._unanswered:
                self._ask(_send_points, self._study_dir, tuple(self._waiting))
                self._waiting.clear()

    def _ask(self, function: Callable[..., object], *arguments: Any) -> None:
        self._courier.ask(function, *arguments)
        self._unanswered += 1

    @contextmanager
    def _giving_up(self) -> Iterator[None]:
        """Send no more after a failure; the study goes on."""
        try:
            yield
        except TrackingError as failure:
            self._gave_up = True
            log.warning(
                "warning: %s; the study goes on, send it later: hstdriz-study send %s",
                failure,
                self._study_dir,
            )


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
        As `open_study`.
    """
    process = courier.begin()
    process.ask(_open, study_dir)
    process.answer()


def end_tracking(study_dir: StudyDirectory, status: str) -> None:
    """Record how a study ended and send what is missing, as `end_study` does.

    Raises
    ------
    TrackingError
        As `end_study`.
    """
    process = courier.begun()
    if process is None:
        end_study(study_dir, status)
        return
    process.ask(_end, study_dir, status)
    process.answer()


def _open(study_dir: StudyDirectory) -> None:
    make_store_ready(study_dir)
    courier.at_the_end(close_abandoned, study_dir)
    open_study(study_dir)


def _end(study_dir: StudyDirectory, status: str) -> None:
    try:
        end_study(study_dir, status)
    finally:
        courier.nothing_at_the_end()
