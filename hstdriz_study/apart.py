"""Work in a process of its own, of which the death costs a sentence.

Compiled code that fails ends its process without a word, and so does the system when memory runs
out. What may end so is therefore not done where the study is.
"""

from __future__ import annotations

import math
import mmap
import multiprocessing
import pickle
import traceback
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

import numpy as np

from hstdriz_study.errors import LostProcessError, StudyError
from hstdriz_study.progress import counted
from hstdriz_study.workers import Death, Groups, Workers, start_method

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

Argument = TypeVar("Argument")
Result = TypeVar("Result")


# True in a process of `apart`, where the work of another is done in place; processes of
# `apart_each` may be started there.
_within: list[bool] = []


class _Asked(NamedTuple):
    argument: Any
    crash_log: Path | None


class _Answer(NamedTuple):
    result: Any = None
    error: Exception | None = None


@contextmanager
def apart(
    work: Callable[[Argument], Result], what: str
) -> Iterator[Callable[[Argument, Path | None], Result]]:
    """Give a function that does work in a process, which is forked now and ends with the context.

    It is forked at once so that the caller may start threads afterwards, and shares what is
    imported already. Within a process of `~hstdriz_study.workers.Workers`, whose death costs its
    own item, and where processes are not forked, the work is done in place.

    Parameters
    ----------
    work : callable
        Takes one argument; that and what it returns travel between processes.
    what : str
        What is lost with the process, for the sentence.

    Yields
    ------
    callable
        Takes the argument and the file, or None, that is to hold where compiled code crashed.
        Raises `LostProcessError` when the process ends before the work, and what the work raises.
    """
    if multiprocessing.current_process().daemon or _within or start_method() != "fork":
        yield lambda argument, _: work(argument)
        return
    answered = partial(_answered_within, work)
    with Workers(answered, 1, nesting=True, crash_log_of=_crash_log) as workers:
        yield partial(_asked, workers, what)


def done_apart(work: Callable[[Argument], Result], argument: Argument, what: str) -> Result:
    """Do one piece of work in a process of its own; as `apart`."""
    with apart(work, what) as ask:
        return ask(argument, None)


def apart_each(
    work: Callable[[Argument], Result],
    arguments: Sequence[Argument],
    n_processes: int,
    what: str,
    *,
    doing: str = "",
) -> list[Result]:
    """Do work on many arguments, in processes of their own; in place where none may be started.

    Parameters
    ----------
    work, what
        As of `apart`, which says what is raised.
    arguments : sequence
    n_processes : int
    doing : str, optional
        What is being done, of which it is told how far it is; by default nothing is told.

    Returns
    -------
    list
        The results in the order of the arguments.
    """
    outcomes = outcomes_apart(work, arguments, n_processes, what, doing=doing)
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            raise outcome
    return cast("list[Result]", outcomes)


def outcomes_apart(
    work: Callable[[Argument], Result],
    arguments: Sequence[Argument],
    n_processes: int,
    what: str,
    *,
    doing: str = "",
) -> list[Result | Exception]:
    """As `apart_each`, but what would be raised stands in place of the result."""
    if multiprocessing.current_process().daemon:
        answers = (_answered(work, _Asked(argument, None)) for argument in arguments)
        return [_outcome(answer, what) for answer in counted(answers, doing, len(arguments))]
    task, groups = partial(_numbered, work), Groups([[one] for one in enumerate(arguments)])
    with Workers(task, min(n_processes, len(arguments))) as workers:
        found = counted(workers.run(groups), doing, len(arguments))
        outcomes = {number: _outcome(answer, what) for (number, _), answer in found}
    return [outcomes[number] for number in range(len(arguments))]


def shared_array(shape: tuple[int, ...]) -> np.ndarray:
    """Return zeros, float32, that processes forked from this one fill for it."""
    n_bytes = math.prod(shape) * np.dtype(np.float32).itemsize
    return np.frombuffer(mmap.mmap(-1, n_bytes), np.float32).reshape(shape)


def _numbered(work: Callable[[Any], Any], numbered: tuple[int, Any]) -> _Answer:
    return _answered(work, _Asked(numbered[1], None))


def _crash_log(asked: _Asked) -> Path | None:
    return asked.crash_log


def _asked(
    workers: Workers[_Asked, _Answer], what: str, argument: Any, crash_log: Path | None
) -> Any:
    ((_, answer),) = workers.run(Groups([[_Asked(argument, crash_log)]]))
    outcome = _outcome(answer, what)
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def _outcome(answer: _Answer | Death, what: str) -> Any:
    if isinstance(answer, Death):
        return LostProcessError(f"{what}: {answer}; {_cure(answer)}")
    return answer.result if answer.error is None else answer.error


def _cure(death: Death) -> str:
    if death.of_memory:
        return "start again with more memory free"
    return (
        "start again, and if it ends so again leave out exposures one by one "
        "(dataset.exclude=[...])"
    )


def _answered_within(work: Callable[[Any], Any], asked: _Asked) -> _Answer:
    _within[:] = [True]
    return _answered(work, asked)


def _answered(work: Callable[[Any], Any], asked: _Asked) -> _Answer:
    try:
        return _Answer(work(asked.argument))
    except Exception as error:  # noqa: BLE001 - raised where it was asked for
        return _Answer(error=_travelling(error))


def _travelling(error: Exception) -> Exception:
    """Return an error that another process can raise, with its traceback as a note."""
    trace = traceback.format_exc()
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    except Exception:  # noqa: BLE001 - a foreign class, which may need other arguments
        error = RuntimeError(f"{type(error).__name__}: {error}")
    if not isinstance(error, StudyError):
        error.add_note(trace)
    return error
