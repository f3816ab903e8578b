"""How far a step is: bars on a terminal, lines elsewhere, from whichever process does the work."""

from __future__ import annotations

import logging
import os
import pty
import select
import subprocess
import sys
from contextlib import contextmanager

import pytest

from hstdriz_study import progress
from hstdriz_study.apart import apart_each, done_apart
from hstdriz_study.progress import Console, Part, counted, each

log = logging.getLogger("hstdriz_study.tests")


@contextmanager
def told_to(stream):
    """Have what the package says written to a stream as the command has it written."""
    package, handler = logging.getLogger("hstdriz_study"), Console(stream)
    before = package.level
    package.addHandler(handler)
    package.setLevel(logging.INFO)
    try:
        yield
    finally:
        package.removeHandler(handler)
        handler.close()
        package.setLevel(before)


@pytest.fixture
def never_silent(monkeypatch):
    """Have steps tell how far they are however quick they are."""
    monkeypatch.setattr(progress, "_SILENT_S", 0.0)


@pytest.fixture
def terminal():
    """Give a stream that is a terminal, and what shows there: its lines."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as stream:
        yield stream, lambda: _shown(_written(ours))
    os.close(ours)


def _written(terminal):
    """Read what has been written, until nothing comes."""
    text = b""
    while select.select([terminal], [], [], 0.1)[0]:
        text += os.read(terminal, 100_000)
    return text.decode()


def _shown(text):
    """Return the lines of a screen that knows line feeds and carriage returns."""
    lines = []
    for written in text.replace("\r\n", "\n").split("\n"):
        line = ""
        for piece in written.split("\r"):
            line = piece + line[len(piece) :]
        lines.append(line.rstrip())
    return lines


@pytest.mark.usefixtures("never_silent")
def test_work_in_processes_within_a_process_tells_how_far_it_is(tmp_path):
    with (tmp_path / "log").open("w") as stream, told_to(stream):
        done_apart(_four_parts, 2, "lost")
    said = (tmp_path / "log").read_text().splitlines()
    assert said == [f"squaring: {number} of 4" for number in (1, 2, 3, 4)]


def _four_parts(n_processes):
    return apart_each(_squared, [1, 2, 3, 4], n_processes, "lost", doing="squaring")


def _squared(number):
    return number**2


def test_it_is_told_while_the_output_of_foreign_programs_goes_to_a_file(tmp_path):
    code = (
        "import logging, os, pathlib, sys\n"
        "from hstdriz_study import progress\n"
        "from hstdriz_study.foreign import confined\n"
        "progress._SILENT_S = 0\n"
        "logging.basicConfig(level='INFO', format='%(message)s', handlers=[progress.Console()])\n"
        "place = pathlib.Path(sys.argv[1])\n"
        "with confined(place, {}, place / 'log'):\n"
        "    print('chatter', file=sys.stderr)\n"
        "    logging.getLogger('drizzlepac').info('Processing Step')\n"
        "    progress.log.info(progress.Part('measuring the sky', 1, 4))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert ran.stderr == "measuring the sky: 1 of 4\n"
    assert (tmp_path / "log").read_text() == "chatter\nProcessing Step\n"


def test_what_is_not_named_and_what_is_quick_is_not_told(tmp_path):
    with (tmp_path / "log").open("w") as stream, told_to(stream):
        assert done_apart(_four_parts, 2, "lost") == [1, 4, 9, 16]
        assert list(counted("ab", "", 2)) == ["a", "b"]
        assert list(each("ab", "")) == ["a", "b"]
    assert not (tmp_path / "log").read_text()


def test_an_item_is_told_when_its_work_is_done(caplog):
    caplog.set_level(logging.INFO, "hstdriz_study")
    for item in each("ab", "working"):
        log.info("on %s", item)
    assert caplog.messages == [
        "working: 0 of 2", "on a", "working: 1 of 2", "on b", "working: 2 of 2"
    ]  # fmt: skip


def test_a_bar_stands_below_the_lines_and_is_gone_when_its_step_is_done(terminal):
    stream, shown = terminal
    with told_to(stream):
        log.info(Part("simulating f160w", 1, 4))
        log.info("a line between, longer than the bar, as a warning of stars and exposures may be")
        log.info(Part("simulating f160w", 2, 4))
        *said, bar = shown()
        assert said == [
            "a line between, longer than the bar, as a warning of stars and exposures may be"
        ]
        assert bar == f"simulating f160w  [{'#' * 18}{'-' * 18}]  2/4"
        log.info(Part("simulating f160w", 4, 4))
        log.info("preparing")
        assert [line for line in shown() if line] == ["preparing"]


def test_a_bar_of_bytes_says_their_size_and_another_step_has_a_bar_of_its_own(terminal):
    stream, shown = terminal
    with told_to(stream):
        log.info(Part("fetching", 10, 40, "10 MB of 40 MB"))
        assert shown()[-1].endswith("]  10 MB of 40 MB")
        log.info(Part("points", 3, 40))
        assert shown()[-1].startswith("points  [##-")


def test_a_line_is_read_back():
    assert Part.read(str(Part("preparing f160w: sky", 3, 12))) == Part(
        "preparing f160w: sky", 3, 12
    )
    assert Part.read("f160w: the choice is the same in 3 of 4 phases") is None


def test_what_is_said_after_logging_has_closed_the_handler_is_not_lost(tmp_path, capsys):
    with (tmp_path / "told").open("w") as stream:
        handler = Console(stream)
        handler.close()
        handler.handle(log.makeRecord(log.name, logging.INFO, __file__, 1, "later", (), None))
    assert capsys.readouterr().err == "later\n"
