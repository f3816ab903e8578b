"""A process that uses the tracking store, so that points need not wait for it.

MLflow takes seconds to import and a server may be away for minutes. The process is begun before
there is anything to send, does what it is asked in turn, and ends with this one. What must not
stay open in the store it closes before, however this one ends.
"""

from __future__ import annotations

import multiprocessing
import signal
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.util import Finalize
from typing import TYPE_CHECKING, Any

from hstdriz_study.errors import StudyError, TrackingError
from hstdriz_study.study.track.client import import_mlflow
from hstdriz_study.workers import start_method

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection


@dataclass(frozen=True)
class Request:
    """A function of a module and what it is called with."""

    function: Callable[..., object]
    arguments: tuple[Any, ...]


class Courier:
    """The process, and the pipe to it.

    Parameters
    ----------
    tracking_uri : str or None
        Of the store that will be used, as far as it is known.
    """

    def __init__(self, tracking_uri: str | None = None) -> None:
        self._unanswered = 0
        context: Any = multiprocessing.get_context(start_method())
        self._connection, theirs = context.Pipe()
        # a forked process has a copy of our end, which would keep the pipe open without us
        inherited = self._connection if start_method() == "fork" else None
        self._process = context.Process(
            target=_serve, args=(theirs, inherited, tracking_uri), name="tracking", daemon=True
        )
        self._process.start()
        theirs.close()
        # It ends when nobody can ask any more; at exit this comes before it is told to, which it
        # may be too young to hear.
        Finalize(self, self._connection.close, exitpriority=0)

    def ask(self, function: Callable[..., object], *arguments: Any) -> None:
        """Have a function called; each request has one answer, in turn.

        Raises
        ------
        TrackingError
            If the process has ended.
        """
        try:
            self._connection.send(Request(function, arguments))
        except OSError:
            raise TrackingError(_ENDED) from None
        self._unanswered += 1

    @property
    def is_idle(self) -> bool:
        """Whether all that was asked has been answered."""
        return self._unanswered == 0

    def has_answer(self, patience_s: float = 0.0) -> bool:
        """Tell whether the next answer is there, or comes in time."""
        return self._connection.poll(patience_s)

    def answer(self) -> None:
        """Wait for the next answer.

        Raises
        ------
        TrackingError
            If the function could not do what it was asked, or the process has ended.
        """
        self._unanswered -= 1
        try:
            failure = self._connection.recv()
        except (EOFError, OSError):
            raise TrackingError(_ENDED) from None
        if failure is not None:
            raise TrackingError(failure)

    def last_answer(self, patience_s: float) -> None:
        """Wait for the answer to the last request; those before it count no more.

        Raises
        ------
        TrackingError
            As `answer`; also if it does not come in time. The process is ended then.
        """
        deadline = time.monotonic() + patience_s
        while not self.is_idle:
            if not self.has_answer(max(0.0, deadline - time.monotonic())):
                self.end()
                raise TrackingError(
                    f"the tracking store is slow, it was waited for {patience_s:g} s "
                    "(track.patience_s)"
                )
            try:
                self.answer()
            except TrackingError:
                if self.is_idle:
                    raise

    def end(self) -> None:
        """End the process at once: what it has not done stays undone."""
        self._process.kill()
        self._process.join()
        _begun.clear()


_ENDED = "the process that uses the tracking store has ended"
_begun: list[Courier] = []
# In the process itself: what it does when nobody is there any more who could ask.
_at_the_end: list[Request] = []
_AT_THE_END_S = 1.0


def begin(tracking_uri: str | None = None) -> Courier:
    """Return the courier of this process; it is begun when there is none."""
    if not _begun:
        _begun.append(Courier(tracking_uri))
    return _begun[0]


def at_the_end(function: Callable[..., object], *arguments: Any) -> None:
    """Have a function called in this process when the one that asks is gone.

    Until it has been, SIGTERM does not end this process, or a moment later.
    """
    signal.signal(signal.SIGTERM, lambda *_: _end_in_a_moment())
    _at_the_end[:] = [Request(function, arguments)]


def nothing_at_the_end() -> None:
    """Take back `at_the_end`."""
    _at_the_end.clear()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _serve(connection: Connection, inherited: Connection | None, tracking_uri: str | None) -> None:
    """Do what is asked until nobody is there to ask."""
    if inherited is not None:
        inherited.close()
    _begun.clear()
    # Ctrl-C reaches every process of a terminal; the first one ends the others
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # submitit takes no notice of SIGTERM, and a forked process would not either
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    import_mlflow(tracking_uri)
    while True:
        try:
            request: Request = connection.recv()
        except (EOFError, ConnectionResetError):
            _close()
            return
        failure = _failure(request)
        with suppress(BrokenPipeError):
            connection.send(failure)


def _close() -> None:
    """Do what was to be done at the end."""
    _end_in_a_moment()
    for request in _at_the_end:
        _failure(request)


def _end_in_a_moment() -> None:
    """Wait no longer for a store that does not answer."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, _AT_THE_END_S)


def _failure(request: Request) -> str | None:
    """Do what is asked; return why it could not be done."""
    try:
        request.function(*request.arguments)
    except (StudyError, OSError) as error:  # a full disk takes neither ticket nor record
        return str(error)
    except Exception as error:  # noqa: BLE001 - told to the process that asked
        traceback.print_exc()
        return f"{type(error).__name__}: {error}"
    return None
