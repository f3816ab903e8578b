"""Keep foreign programs in their room: their working directory, environment and chatter."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from contextlib import ExitStack, contextmanager
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study.progress import Part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

log = logging.getLogger(__name__)


@contextmanager
def confined(directory: Path, variables: Mapping[str, str], log_file: Path) -> Iterator[None]:
    """Run DrizzlePac or stwcs in a directory of its own.

    Parameters
    ----------
    directory : `~pathlib.Path`
        Working directory while inside: both write files wherever they are.
    variables : mapping of str to str
        Set in the environment while inside, for example ``iref``.
    log_file : `~pathlib.Path`
        Receives (appended) all they print, C code included.
    """
    before = Path.cwd()
    with ExitStack() as stack:
        stack.enter_context(environment({**variables, "ASTROMETRY_STEP_CONTROL": "OFF"}))
        stack.enter_context(_output_to(log_file))
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        os.chdir(directory)
        try:
            yield
        finally:
            os.chdir(before)


@contextmanager
def messages_of(logger_name: str) -> Iterator[list[str]]:
    """Collect what a logger is given meanwhile, wherever its messages go."""
    messages: list[str] = []
    with _heard(logger_name, messages.append):
        yield messages


@contextmanager
def counted_by_messages(logger_name: str, ended: str, doing: str, of: int) -> Iterator[None]:
    """Say how far a foreign program is, by what it logs.

    Parameters
    ----------
    logger_name : str
    ended : str
        What stands in the message that a part is done.
    doing : str
        What is being done, for `~hstdriz_study.progress.Part`.
    of : int
        How many parts there are.
    """
    done = 0

    def count(message: str) -> None:
        nonlocal done
        # the last is told at the end: what it has made is still to be written then
        if ended in message and done < of - 1:
            done += 1
            log.info(Part(doing, done, of))

    log.info(Part(doing, 0, of))
    with _heard(logger_name, count):
        yield
    log.info(Part(doing, of, of))


@contextmanager
def _heard(logger_name: str, hear: Callable[[str], None]) -> Iterator[None]:
    def note(record: logging.LogRecord) -> bool:
        hear(record.getMessage())
        return True

    logger = logging.getLogger(logger_name)
    logger.addFilter(note)
    try:
        yield
    finally:
        logger.removeFilter(note)


@contextmanager
def without_package_survey() -> Iterator[None]:
    """Import photutils without its survey of every installed package.

    Version 3 reads the file lists of all of them, which takes a second, to learn under
    which name it is itself installed; without an answer it takes its own, which
    is right.
    """
    survey = metadata.packages_distributions
    metadata.packages_distributions = dict
    try:
        yield
    finally:
        metadata.packages_distributions = survey


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set variables of the process's environment; afterwards they are what they were."""
    saved = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in saved.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _output_to(log_file: Path) -> Iterator[None]:
    """Send the process's standard output and error to a file, at the level of descriptors."""
    streams = (sys.stdout, sys.stderr)
    for stream in streams:
        stream.flush()
    saved = [(number, os.dup(number)) for number in (1, 2)]
    with log_file.open("a") as log:
        sys.stdout = sys.stderr = log
        for number, _ in saved:
            os.dup2(log.fileno(), number)
        try:
            yield
        finally:
            log.flush()
            sys.stdout, sys.stderr = streams
            for number, copy in saved:
                os.dup2(copy, number)
                os.close(copy)
