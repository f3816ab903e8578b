"""A study that is ended by a signal, at any stage, is told how to go on, and goes on."""

from __future__ import annotations

import os
import re
import shlex
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

GRID = ("filter=f160w", "drizzle.final_scale=0.09,0.08", "drizzle.final_pixfrac=0.7", "workers=2")
INTERRUPTIBLE = (
    "import signal\n"
    "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a shell's background has none
    "from hstdriz_study.cli.main import main\n"
    "main()\n"
)


class Run:
    """A command that is under way in a directory."""

    def __init__(self, directory, cache, *arguments):
        self.directory, self.cache = directory, cache
        self.process = subprocess.Popen(
            [sys.executable, "-c", INTERRUPTIBLE, *arguments],
            cwd=directory, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True, stdin=subprocess.DEVNULL,
            env={**os.environ, "HSTDRIZ_STUDY_CACHE": str(cache), "MARK": str(directory)},
        )  # fmt: skip

    def until(self, line):
        while line not in (said := self.process.stdout.readline()):
            assert said, f"ended before {line}"

    def until_tracked(self):
        deadline = time.monotonic() + 120
        while "RUNNING" not in statuses(self.directory):
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def until_in_astrodrizzle(self):
        """Wait until the process that prepares has run AstroDrizzle's compiled code."""
        deadline = time.monotonic() + 120
        while not [*self.cache.glob("prepared/.scratch-*/**/*_sci*.fits")]:
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def end(self, number):
        """Send a signal to the whole terminal; return the command that goes on."""
        began = time.monotonic()
        os.killpg(self.process.pid, number)
        said, _ = self.process.communicate(timeout=60)
        seconds = time.monotonic() - began
        print(f"{number.name}: ended in {seconds:.2f} s")  # noqa: T201 - the figure
        assert seconds < 2.0 + os.getloadavg()[0]
        assert self.process.returncode == 128 + number
        assert "Traceback" not in said
        last = said.splitlines()[-1]
        name, _, command = last.partition("; to go on: hstdriz-study ")
        assert name == f"interrupted by {number.name}"
        assert not self._processes()
        assert not self._scratch()
        return shlex.split(command)

    def _processes(self):
        mark, found = f"MARK={self.directory}".encode(), []
        for path in Path("/proc").glob("[0-9]*/environ"):
            try:
                found += [path] if mark in path.read_bytes().split(b"\0") else []
            except OSError:
                continue
        return found

    def _scratch(self):
        hidden = [*self.directory.rglob(".*"), *self.cache.rglob(".*")]
        cut_off = re.compile(r"\.scratch-.*|.*\.lease|\.driver\.lock|\..+\.\d+")
        return [path for path in hidden if cut_off.fullmatch(path.name)]


@pytest.fixture
def store(tmp_path):
    return f"track.tracking_uri=sqlite:///{tmp_path}/mlflow.db"


def statuses(directory):
    store = directory / "mlflow.db"
    if not store.is_file():
        return []
    with closing(sqlite3.connect(store, timeout=60)) as connection:
        return [status for (status,) in connection.execute("SELECT status FROM runs")]


def test_before_the_first_point(tmp_path, store):
    cache = tmp_path / "cache"
    imports = Run(tmp_path, cache, *GRID, store)
    time.sleep(0.4)
    again = imports.end(signal.SIGHUP)
    assert again[: len(GRID)] == list(GRID)
    simulating = Run(tmp_path, cache, *again)
    simulating.until("simulating")
    again = simulating.end(signal.SIGINT)
    assert again[-1].startswith(f"hydra.sweep.dir={tmp_path}/hstdriz-runs/")
    preparing = Run(tmp_path, cache, *again)
    preparing.until("preparing")
    preparing.until_in_astrodrizzle()
    assert preparing.end(signal.SIGTERM) == again


def test_after_the_first_point_and_to_the_end(tmp_path, store, cache_dir, program):
    points = Run(tmp_path, cache_dir, *GRID, store)
    points.until_tracked()
    again = points.end(signal.SIGTERM)
    assert "KILLED" in statuses(tmp_path)
    reporting = Run(tmp_path, cache_dir, *again)
    reporting.until("2/2] ")
    assert reporting.end(signal.SIGHUP) == again
    assert "RUNNING" not in statuses(tmp_path)
    done = program(tmp_path, *again)
    assert done.code == 0, done.stderr
    assert sorted(statuses(tmp_path)) == ["FINISHED"] * 3
    for command in ("report", "send", "products"):
        ended = Run(tmp_path, cache_dir, command, str(done.study_dir))
        time.sleep(0.7)
        assert ended.end(signal.SIGINT) == [command, str(done.study_dir)]
        assert program(tmp_path, command, str(done.study_dir)).code == 0
