"""What is typed, to an exit code."""

from __future__ import annotations

import atexit
import gc
import logging
import os
import select
import sys
from typing import NoReturn

import click
from click.shell_completion import shell_complete

from hstdriz_study.cli.commands import hstdriz_study
from hstdriz_study.cli.completion import ASKED_BY_SHELL
from hstdriz_study.cli.exits import PIPE_CLOSED, exit_code_of, raise_of_the_disk
from hstdriz_study.errors import StudyError

NAME = "hstdriz-study"
_GC_THRESHOLD = 100_000


def run() -> NoReturn:
    """Run the command that was typed; its exit code is that of the process."""
    # What is imported stays: looking through it over and over, and at the end, takes a second.
    gc.set_threshold(_GC_THRESHOLD)
    atexit.register(gc.freeze)
    # a log that cannot be written does not bury the sentence that says why
    logging.raiseExceptions = False
    # Hydra then raises instead of printing several lines, and one sentence can be made of it
    os.environ.setdefault("HYDRA_FULL_ERROR", "1")
    try:
        code = _command()
        sys.stdout.flush()
    except StudyError as error:
        code = _fail(error)
    except BrokenPipeError:
        if not _nobody_reads():
            raise
        code = PIPE_CLOSED
    sys.exit(code)


def _command() -> int:
    if asked := os.environ.get(ASKED_BY_SHELL):
        return shell_complete(hstdriz_study, {}, NAME, ASKED_BY_SHELL, asked)
    try:
        with hstdriz_study.make_context(NAME, sys.argv[1:] or ["--help"]) as context:
            return int(hstdriz_study.invoke(context))
    except click.exceptions.Exit as done:  # of --help and --version
        return done.exit_code
    except click.UsageError as error:
        raise StudyError(_in_one_sentence(error)) from None
    except PermissionError as error:
        raise StudyError(
            f"{error.filename}: {error.strerror}; copy the study to a directory of your own"
        ) from error
    except BrokenPipeError:
        raise
    except OSError as error:
        raise_of_the_disk(error)


def _in_one_sentence(error: click.UsageError) -> str:
    said = " ".join(error.format_message().split()).rstrip(".,")
    usage = error.ctx.get_usage().partition(": ")[2] if error.ctx else ""
    return f"{said[:1].lower()}{said[1:]}; usage: {' '.join(usage.split())}"


def _fail(error: StudyError) -> int:
    sys.stderr.write(f"error: {error}\n")
    return exit_code_of(error)


def _nobody_reads() -> bool:
    """Tell whether what reads the output has gone (``| head``); what is left is then dropped."""
    output = select.poll()
    output.register(sys.stdout.fileno(), 0)  # errors are told unasked
    gone = bool(output.poll(0))
    if gone:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return gone
