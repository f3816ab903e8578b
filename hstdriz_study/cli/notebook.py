"""A sweep from a notebook: the command in a process of its own, and a bar that follows it."""

from __future__ import annotations

import html
import re
import subprocess
import sys
import tempfile
from itertools import count
from pathlib import Path
from typing import IO, Protocol

from hstdriz_study.cli.exits import DEFECT
from hstdriz_study.errors import StudyError
from hstdriz_study.progress import Part
from hstdriz_study.study.opened import OpenedStudy, open_study

_OF_POINTS = re.compile(r"^\[\d+/(\d+)\]")  # as `hstdriz_study.study.run.progress` begins a line
_POINTS = "points"
_ERROR = "error: "


def run_sweep(*overrides: str, directory: Path | str) -> OpenedStudy:
    """Run a sweep as ``hstdriz-study sweep`` does, and open what it gave.

    In a notebook a bar follows what is being done, on a terminal or in a log lines do. Ended by
    an interrupt, the same call goes on where it stopped.

    Parameters
    ----------
    *overrides : str
        As on the command line, without its quotes: ``"filter=f160w"``,
        ``"drizzle.final_pixfrac=0.6,0.8"``.
    directory : `~pathlib.Path` or str
        Of the study: made, or gone on with.

    Returns
    -------
    `~hstdriz_study.study.OpenedStudy`
        Also where points have failed; their records say why.

    Raises
    ------
    StudyError
        With the sentence of the command, where there is no result.
    """
    place = Path(directory).expanduser().absolute()
    argv = [
        sys.executable,
        "-m",
        "hstdriz_study",
        "sweep",
        *overrides,
        f"hydra.sweep.dir='{place}'",
    ]
    with tempfile.TemporaryFile("w+") as told:
        said, code = _followed(argv, told)
        if code not in {0, DEFECT}:
            raise StudyError(_sentence(said) or f"the command ended with exit code {code}")
    return open_study(place)


class Bar(Protocol):
    """What shows how far the command is."""

    def show(self, part: Part | None, line: str) -> None:
        """Show the last line, and what of the step, if it is known, is done."""

    def end(self) -> None:
        """Leave no step that looks as if it went on."""


def _followed(argv: list[str], output: IO[str]) -> tuple[list[str], int]:
    bar, said, points = _bar(), [], count(1)
    with subprocess.Popen(argv, stdout=output, stderr=subprocess.PIPE, text=True) as process:
        try:
            for line in process.stderr or ():
                said.append(line.rstrip())
                found = _OF_POINTS.match(line)
                part = Part(_POINTS, next(points), int(found[1])) if found else Part.read(said[-1])
                bar.show(part, said[-1])
            code = process.wait()
            bar.end()
            return said, code
        finally:
            process.terminate()  # of an interrupt; one that has ended is not touched


def _sentence(said: list[str]) -> str:
    begun = [number for number, line in enumerate(said) if line.startswith(_ERROR)]
    return " ".join(said[begun[-1] :]).removeprefix(_ERROR) if begun else ""


def _bar() -> Bar:
    try:
        from IPython import get_ipython
    except ImportError:
        return _Lines()
    return _Html() if getattr(get_ipython(), "kernel", None) else _Lines()


class _Lines:
    """Lines as they come, for terminals and logs."""

    def show(self, part: Part | None, line: str) -> None:  # noqa: ARG002
        sys.stderr.write(f"{line}\n")

    def end(self) -> None:
        sys.stderr.flush()


class _Html:
    """One bar that changes, for notebooks."""

    def __init__(self) -> None:
        from IPython.display import HTML, display

        self._html, self._line = HTML, ""
        self._handle = display(HTML(""), display_id=True)

    def show(self, part: Part | None, line: str) -> None:
        bar = f"<progress value={part.done} max={part.of}></progress> " if part else ""
        self._line = html.escape(line)
        self._handle.update(self._html(f"{bar}{self._line}"))

    def end(self) -> None:
        self._handle.update(self._html(self._line if self._line.startswith(_ERROR) else "done"))
