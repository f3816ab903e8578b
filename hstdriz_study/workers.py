"""Work on many items in processes of which one may die without taking the others along.

`concurrent.futures` gives up all running items when a process is killed and does
not say which one was at fault, and it gives any item to any process. Here a
process that dies costs its own item, and items of one group go to one process.
"""

from __future__ import annotations

import faulthandler
import gc
import multiprocessing
import os
import signal
import sys
from collections import deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from threadpoolctl import threadpool_limits

from hstdriz_study.guard import die_with

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from pathlib import Path
    from types import TracebackType

Item = TypeVar("Item")
Result = TypeVar("Result")


_CRASH = "a crash of compiled code"
_MEANINGS: dict[int, str] = {
    signal.SIGKILL: "as the system does when memory runs out",
    signal.SIGXCPU: "as the system does when its limit of CPU time is reached",
    signal.SIGBUS: f"{_CRASH}, or a file that was cut while it was read",
    signal.SIGSEGV: _CRASH,
    signal.SIGABRT: _CRASH,
    signal.SIGFPE: _CRASH,
    signal.SIGILL: _CRASH,
}


@dataclass(frozen=True)
class Death:
    """What a process left behind that ended before its item was done."""

    exit_code: int

    def __str__(self) -> str:
        if self.exit_code >= 0:
            return f"its process ended with exit code {self.exit_code}"
        number = -self.exit_code
        name = signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
        meaning = _MEANINGS.get(number)
        return f"its process was ended by {name}" + (f", {meaning}" if meaning else "")

    @property
    def of_memory(self) -> bool:
        """Whether the process ended as the system ends one when memory runs out."""
        return self.exit_code == -signal.SIGKILL


class Groups(Generic[Item]):
    """Items that wait, in groups: a process stays with its group as long as it lasts."""

    def __init__(self, groups: Sequence[Sequence[Item]]) -> None:
        self._waiting = deque(deque(group) for group in groups if group)
        self._begun: list[deque[Item]] = []

    def take(self, group: deque[Item] | None) -> tuple[Item, deque[Item]] | None:
        """Return the next item and its group.

        From the group itself while it lasts, then from one that nobody has
        begun, then from the longest. None when nothing is left.
        """
        if not group:
            if self._waiting:
                group = self._waiting.popleft()
                self._begun.append(group)
            else:
                group = max(self._begun, key=len, default=None)
        return (group.popleft(), group) if group else None

    def clear(self) -> list[Item]:
        """Give up what waits, and return it."""
        left = [item for group in (*self._begun, *self._waiting) for item in group]
        self._waiting.clear()
        for group in self._begun:
            group.clear()
        return left


@dataclass
class _Worker(Generic[Item]):
    process: BaseProcess
    connection: Connection
    item: Item | None = None
    group: deque[Item] | None = None


class Workers(Generic[Item, Result]):
    """Processes that do one task on many items.

    Leaving the context ends them, whatever they are doing.

    Parameters
    ----------
    task : callable
        Called with an item in a process of its own. Memory that it refers to is
        shared where processes are forked, and sent once a process elsewhere.
    count : int
        How many processes.
    method : str, optional
        Start method; by default `start_method`.
    nesting : bool, optional
        Whether its processes may start processes; by default they are daemons, which may not.
    crash_log_of : callable, optional
        Names the file of an item, or none, that holds where compiled code was when it crashed;
        there is none of an item that was done.
    """

    def __init__(
        self,
        task: Callable[[Item], Result],
        count: int,
        *,
        method: str | None = None,
        nesting: bool = False,
        crash_log_of: Callable[[Item], Path | None] | None = None,
    ) -> None:
        self._task = task
        self._count = count
        self._context: Any = multiprocessing.get_context(method or start_method())
        self._daemons = not nesting
        self._crash_log_of = crash_log_of or _none
        self._workers: list[_Worker[Item]] = []

    def __enter__(self) -> Self:
        # what is there already is never collected: forked processes go on sharing its memory
        gc.freeze()
        for _ in range(self._count):
            self._workers.append(self._start())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for worker in self._workers:
            worker.connection.close()
            if worker.item is not None or kind is not None:
                worker.process.kill()
        for worker in self._workers:
            worker.process.join()
            worker.process.close()
        self._workers.clear()
        gc.unfreeze()

    def run(self, groups: Groups[Item]) -> Iterator[tuple[Item, Result | Death]]:
        """Yield each item with its result, or with the death of its process, as they are done.

        `groups` may be cleared meanwhile: what has begun is still finished.
        """
        for worker in self._workers:
            self._feed(worker, groups)
        while busy := {w.connection: w for w in self._workers if w.item is not None}:
            for connection in wait(list(busy)):
                worker = busy[connection]  # type: ignore[index]
                item, result = worker.item, self._receive(worker)
                assert item is not None
                worker.item = None
                if isinstance(result, Death):
                    worker = self._replace(worker)
                yield item, result
                # after it, for the caller may have given up what waits
                self._feed(worker, groups)

    def _feed(self, worker: _Worker[Item], groups: Groups[Item]) -> None:
        taken = groups.take(worker.group)
        if taken is not None:
            worker.item, worker.group = taken
            with suppress(BrokenPipeError):  # it died idle: `run` finds its end of the pipe closed
                worker.connection.send(worker.item)

    def _receive(self, worker: _Worker[Item]) -> Any:
        try:
            return worker.connection.recv()
        except (EOFError, ConnectionResetError):
            worker.process.join()
            return Death(worker.process.exitcode or 0)

    def _replace(self, worker: _Worker[Item]) -> _Worker[Item]:
        place = self._workers.index(worker)
        worker.connection.close()
        worker.process.close()
        self._workers[place] = self._start()
        self._workers[place].group = worker.group
        return self._workers[place]

    def _start(self) -> _Worker[Item]:
        ours, theirs = self._context.Pipe()
        # a forked process has copies of these, which would keep the pipes open without us
        inherited = [ours, *(worker.connection for worker in self._workers)]
        forked = self._context.get_start_method() == "fork"
        process = self._context.Process(
            target=_serve,
            args=(
                os.getpid() if forked else None, theirs, self._task, self._crash_log_of,
                [c for c in inherited if forked and not c.closed],
            ),
            daemon=self._daemons,
        )  # fmt: skip
        process.start()
        theirs.close()
        return _Worker(process, ours)


def _none(_: Any) -> None:
    return None


def _serve(
    parent: int | None,
    connection: Connection,
    task: Callable[[Any], Any],
    crash_log_of: Callable[[Any], Path | None],
    inherited: list[Connection],
) -> None:
    """Do what arrives until nobody is there to send more; end at once with a parent by fork."""
    if parent is not None:
        die_with(parent)
    for other in inherited:
        other.close()
    # Ctrl-C reaches every process of a terminal; the first one ends the others
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with threadpool_limits(limits=1):  # one core a process
        while True:
            try:
                item = connection.recv()
            except (EOFError, ConnectionResetError):  # the latter where a result lies there unread
                return
            with _crash_told_in(crash_log_of(item)):
                result = task(item)
            with suppress(BrokenPipeError, ConnectionResetError):  # nobody waits for it any more
                connection.send(result)


@contextmanager
def _crash_told_in(file: Path | None) -> Iterator[None]:
    """Have Python write where it was into a file if compiled code crashes."""
    stream = None
    with suppress(OSError):  # whoever needs the directory for more says what is wrong with it
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            stream = file.open("w")
    if file is None or stream is None:
        yield
        return
    with stream:
        faulthandler.enable(stream)
        try:
            yield
        finally:
            faulthandler.disable()
            file.unlink(missing_ok=True)


def start_method() -> str:
    """Return how processes start: forked where that is safe, which costs milliseconds."""
    return "fork" if sys.platform == "linux" else "spawn"


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
