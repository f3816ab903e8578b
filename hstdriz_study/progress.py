"""How far a step is: a record of the log, which a terminal shows as a bar and all else as a line.

Whichever process does the work says it, with ``log.info(Part(...))``: forked processes have the
handlers of the first. What is said is no part of what makes numbers (`hstdriz_study.digest`).
"""

from __future__ import annotations

import io
import logging
import os
import re
import shutil
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TextIO, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from click._termui_impl import ProgressBar

log = logging.getLogger(__name__)

Item = TypeVar("Item")
_OURS = __name__.partition(".")[0]

# Without a terminal a step says no more than a line in so long; one that takes less says nothing.
_SILENT_S = 2.0
_AS_LINE = re.compile(r"(.+): (\d+) of (\d+)$")


@dataclass(frozen=True)
class Part:
    """The message of a record: how much of a step is done.

    Attributes
    ----------
    step : str
        What is being done, with the filter where that is not plain.
    done, of : int
    text : str
        What is said of the two, where they are no plain numbers.
    """

    step: str
    done: int
    of: int
    text: str = ""

    def __str__(self) -> str:
        return f"{self.step}: {self.text or f'{self.done} of {self.of}'}"

    @classmethod
    def read(cls, line: str) -> Self | None:
        """Read what `str` has made of one; None of another line."""
        found = _AS_LINE.match(line)
        return cls(found[1], int(found[2]), int(found[3])) if found else None


def counted(items: Iterable[Item], doing: str, of: int) -> Iterator[Item]:
    """Give items as they are made, and say how many of how many are; nothing without a name."""
    if doing:
        log.info(Part(doing, 0, of))
    for done, item in enumerate(items, start=1):
        if doing:
            log.info(Part(doing, done, of))
        yield item


def each(items: Sequence[Item], doing: str) -> Iterator[Item]:
    """Give items to work on, and say how many are done when the next is asked for."""
    for done, item in enumerate(items):
        if doing:
            log.info(Part(doing, done, len(items)))
        yield item
    if doing:
        log.info(Part(doing, len(items), len(items)))


class Console(logging.StreamHandler[TextIO]):
    """Writes records to a stream; on a terminal a `Part` is a bar below them, which changes.

    The stream is where it was when this was made, also while the output of foreign programs goes
    to a file (`hstdriz_study.foreign.confined`), and with it what they log.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        given = stream or sys.stderr
        super().__init__(_kept(given))
        self._is_own = self.stream is not given
        self._told_s = time.monotonic()
        self._bar: ProgressBar[int] | None = None
        self._width = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, or draw the bar."""
        part = record.msg if isinstance(record.msg, Part) else None
        if record.name.partition(".")[0] != _OURS:
            sys.stderr.write(f"{self.format(record)}\n")  # where their other output goes
        elif self.stream.isatty():
            self._on_terminal(record, part)
        elif part is None or self._is_due(part):
            super().emit(record)
            self._told_s = time.monotonic()

    def close(self) -> None:
        """Close the stream that is this handler's own.

        Logging closes the handlers that it replaces, of which some loggers still have one.
        """
        if self._is_own:
            self.stream.close()
            self.stream, self._is_own = sys.stderr, False
        super().close()

    def _is_due(self, part: Part) -> bool:
        return part.done > 0 and time.monotonic() - self._told_s >= _SILENT_S

    def _on_terminal(self, record: logging.LogRecord, part: Part | None) -> None:
        self._write("\r" + " " * self._width + "\r")
        self._width = 0
        if part is None:
            super().emit(record)
        else:
            self._bar = _moved(self._bar, part)
        if self._bar is not None:
            line = self._bar.format_progress_line()[: shutil.get_terminal_size().columns - 1]
            self._width = len(line)
            # the cursor waits at its beginning: what another program writes stands over the bar
            self._write(f"{line}\r")

    def _write(self, text: str) -> None:
        self.stream.write(text)
        self.flush()


def _kept(stream: TextIO) -> TextIO:
    """Return a stream that goes on where this one goes now; itself, where it is no file's."""
    try:
        number = os.dup(stream.fileno())
    except (AttributeError, OSError):  # of a notebook
        return stream
    return os.fdopen(number, "w", encoding=stream.encoding, errors=stream.errors)


def _moved(bar: ProgressBar[int] | None, part: Part) -> ProgressBar[int] | None:
    """Return the bar of a step, and none when that is done."""
    # here, because most have no terminal
    import click

    if part.done >= part.of:
        return None
    if bar is None or (bar.label, bar.length) != (part.step, part.of) or part.done < bar.pos:
        # written to nowhere: it says what a bar looks like, and when its end is to be expected
        nowhere: Any = io.StringIO()
        bar = click.progressbar(
            length=part.of, label=part.step, show_pos=not part.text, show_percent=False,
            item_show_func=str, file=nowhere,
        )  # fmt: skip
    bar.update(part.done - bar.pos, part.text)  # type: ignore[arg-type]
    return bar
