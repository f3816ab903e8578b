"""A process that watches over the one that works, and has the last word when that is ended.

A signal handler of Python's waits until compiled code returns, and AstroDrizzle's takes seconds,
with the interpreter's lock held: no thread runs meanwhile either. So the command forks before it
imports anything. The first process only waits; the second one works, and every signal ends it
where it stands, as a power failure would: what it keeps is whole at every moment. The first then
ends what is left of its children, removes what they were at, and says how to go on.
"""

from __future__ import annotations

import os
import select
import shlex
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study import guard
from hstdriz_study.cli.processes import adopt_orphans, descendants

if TYPE_CHECKING:
    from collections.abc import Callable

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# For what ends by itself when it is told to: the process that closes a study in the tracking store.
GRACE_S = 1.2
# For the system to end what was killed; a disk that hangs keeps a process for longer.
_KILLED_S = 0.5
_LOOK_AGAIN_S = 0.02
_READ_BYTES = 1 << 16


def guarded(work: Callable[[], object]) -> None:
    """Do work in a process of its own, and leave this one with that one's exit code.

    Nothing must have been imported that does not survive a fork. A signal that the caller had
    ignored, as ``nohup`` does, stays ignored.

    Parameters
    ----------
    work : callable
        Returns, or leaves by `SystemExit`, in the new process.
    """
    ending = [number for number in ENDING if signal.getsignal(number) != signal.SIG_IGN]
    heard = _listen(ending)
    told, telling = os.pipe()
    os.set_blocking(told, False)
    sys.stdout.flush()
    sys.stderr.flush()
    guardian = os.getpid()
    adopt_orphans()
    child = os.fork()
    if child:
        os.close(telling)
        os._exit(_Guardian(child, told, heard).exit_code())
    guard.die_with(guardian)
    _leave_signals_to_the_guardian(ending)
    guard.report_to(telling)
    work()


def _listen(ending: list[signal.Signals]) -> int:
    """Have the numbers of signals written into a pipe; return where they are read."""
    heard, written = os.pipe()
    os.set_blocking(heard, False)
    os.set_blocking(written, False)
    signal.set_wakeup_fd(written, warn_on_full_buffer=False)
    for number in (*ending, signal.SIGCHLD):
        signal.signal(number, lambda *_: None)
    return heard


def _leave_signals_to_the_guardian(ending: list[signal.Signals]) -> None:
    """Take no notice of what a terminal tells all its processes; SIGTERM is the guardian's word."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number in ending:
        own = signal.SIG_DFL if number == signal.SIGTERM else signal.SIG_IGN
        signal.signal(number, own)


class _Guardian:
    """Waits for the process that works.

    Parameters
    ----------
    child : int
        Its number.
    told : int
        Descriptor at which it tells (`hstdriz_study.guard`).
    heard : int
        Descriptor at which signals arrive.
    """

    def __init__(self, child: int, told: int, heard: int) -> None:
        self._child = child
        self._told: int | None = told
        self._heard = heard
        self._unread = ""
        self._override = ""
        self._left: dict[str, None] = {}

    def exit_code(self) -> int:
        """Wait for the end, clean up and speak if it was none of its own will."""
        asked = 0
        status = None
        while status is None and not asked:
            asked = self._next_signal()
            status = self._status()
        if status is None:
            status = self._end_child()
        if status >= 0:
            return status
        _end_all()
        self._hear()
        self._remove_left()
        ended_by = asked or -status
        self._say(ended_by, asked=bool(asked))
        return 128 + ended_by

    def _next_signal(self) -> int:
        """Wait until something arrives; return the number of a signal that asks for the end."""
        select.select([self._heard, *([] if self._told is None else [self._told])], [], [])
        self._hear()
        with suppress(BlockingIOError):
            numbers = os.read(self._heard, _READ_BYTES)
            return next((number for number in numbers if number in ENDING), 0)
        return 0

    def _hear(self) -> None:
        """Read what was told, as far as it has arrived."""
        if self._told is None:
            return
        with suppress(BlockingIOError):
            while new := os.read(self._told, _READ_BYTES):
                *messages, self._unread = (self._unread + new.decode()).split(guard.END)
                for message in messages:
                    self._note(message[0], message[1:])
            os.close(self._told)  # nobody is there any more who could tell
            self._told = None

    def _note(self, kind: str, what: str) -> None:
        if kind == guard.GO_ON:
            self._override = what
        elif kind == guard.LEAVES:
            self._left[what] = None
        else:
            self._left.pop(what, None)

    def _status(self) -> int | None:
        """Return the exit code of the child, or minus the signal that it died of."""
        ended, status = os.waitpid(self._child, os.WNOHANG)
        return os.waitstatus_to_exitcode(status) if ended else None

    def _end_child(self) -> int:
        """End the child, which may have a way of its own to do so."""
        _send(signal.SIGTERM, [self._child])
        deadline = time.monotonic() + GRACE_S
        while (status := self._status()) is None:
            late_s = time.monotonic() - deadline
            if late_s > _KILLED_S:
                return -signal.SIGKILL
            if late_s > 0:
                _send(signal.SIGKILL, [self._child])
            time.sleep(_LOOK_AGAIN_S)
        return status

    def _remove_left(self) -> None:
        import shutil

        for path in map(Path, self._left):
            with suppress(OSError):
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)

    def _say(self, ended_by: int, *, asked: bool) -> None:
        name = signal.Signals(ended_by).name if ended_by in set(signal.Signals) else f"{ended_by}"
        memory = " (as the system does when memory runs out)" if ended_by == signal.SIGKILL else ""
        said = f"interrupted by {name}" if asked else f"error: ended by {name}{memory}"
        with suppress(OSError):  # a full disk
            os.write(2, f"{said}; to go on: {self._command()}\n".encode())

    def _command(self) -> str:
        key = self._override.partition("=")[0]
        typed = [word for word in sys.argv[1:] if not (key and word.startswith(f"{key}="))]
        return shlex.join(["hstdriz-study", *typed, *([self._override] if key else [])])


def _end_all() -> None:
    """End every process that came of this one, and wait until none is there, or for too long."""
    deadline = time.monotonic() + GRACE_S
    _send(signal.SIGTERM, descendants(os.getpid()))
    while True:
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        left, late_s = descendants(os.getpid()), time.monotonic() - deadline
        if not left or late_s > _KILLED_S:
            return
        if late_s > 0:
            _send(signal.SIGKILL, left)
        time.sleep(_LOOK_AGAIN_S)


def _send(number: signal.Signals, processes: list[int]) -> None:
    for process in processes:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(process, number)
