"""Run the program as a person would, in a directory of the test's own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pytest

from benchmarks.warm import Warm
from hstdriz_study.cli.command_kinds import OfOverrides
from hstdriz_study.cli.commands import hstdriz_study
from hstdriz_study.progress import Part
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.directory.record import read_records

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.contracts import PointRecord

TIMEOUT_S = 900.0


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    stdout: str
    stderr: str
    directory: Path

    @property
    def said(self) -> list[str]:
        """The lines of stderr, without how far steps are: a slow machine says that too."""
        return [line for line in self.stderr.splitlines() if line and not Part.read(line)]

    @property
    def study_dir(self) -> Path:
        (found,) = self.directory.glob("hstdriz-runs/*/*/study.json")
        return found.parent

    @property
    def records(self) -> list[PointRecord]:
        return read_records(StudyDirectory(self.study_dir))


# commands that take no overrides of a study
WITHOUT_STORE = {
    name for name, one in hstdriz_study.commands.items() if not isinstance(one, OfOverrides)
} | {"validate"}


SECRET = "hunter2-must-not-be-kept"  # noqa: S105 - no password of anybody
SECRETS = (
    "AWS_SECRET_ACCESS_KEY", "MAST_API_TOKEN", "MLFLOW_TRACKING_PASSWORD", "MLFLOW_TRACKING_TOKEN",
    "PGPASSWORD",
)  # fmt: skip


@pytest.fixture(scope="session")
def secret():
    """Return what every command finds in its environment as a password."""
    return SECRET


@pytest.fixture(scope="session")
def warm(tmp_path_factory):
    """Yield what runs a command without importing anything, and the files for its output."""
    directory = tmp_path_factory.mktemp("warm")
    server = Warm(os.environ)
    yield server, (directory / "stdout", directory / "stderr")
    server.end()


@pytest.fixture(scope="session")
def program(cache_dir, warm):
    """Run ``hstdriz-study`` with arguments in a directory.

    Imports take most of the time of a small command: they are made once, unless `starts_with`
    names how Python is to be started.
    """

    # making a store costs seven seconds: one for all, but where the default itself is tested
    store = f"track.tracking_uri=sqlite:///{cache_dir}/mlflow.db"
    server, outputs = warm

    def run(
        directory: Path,
        *arguments: str,
        tracks: bool = True,
        starts_with: tuple[str, ...] = (),
    ) -> Outcome:
        directory.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "HSTDRIZ_STUDY_CACHE": str(cache_dir)}
        environment |= dict.fromkeys(SECRETS, SECRET)
        for variable in ("iref", "jref"):
            environment.pop(variable, None)
        tracks = tracks and WITHOUT_STORE.isdisjoint(arguments[:1])
        if tracks and not any("track." in a for a in arguments):
            arguments = (*arguments, store)
        if not starts_with:
            code = server.run(arguments, directory, environment, outputs, TIMEOUT_S)
            return Outcome(code, *(output.read_text() for output in outputs), directory)
        done = subprocess.run(
            [sys.executable, *starts_with, *arguments],
            cwd=directory, env=environment, capture_output=True, text=True, check=False,
            stdin=subprocess.DEVNULL, timeout=TIMEOUT_S,
        )  # fmt: skip
        return Outcome(done.returncode, done.stdout, done.stderr, directory)

    return run


@pytest.fixture(scope="session")
def program_anew(program):
    """Likewise, in a process that imports all that it needs in the environment of the test."""
    return partial(program, starts_with=("-m", "hstdriz_study"))


@pytest.fixture(scope="session")
def small_sweep(program_anew, tmp_path_factory) -> Outcome:
    """One sweep of both detectors that several tests look at."""
    return program_anew(
        tmp_path_factory.mktemp("sweep"),
        "name=small", "filter=f814w,f160w", "drizzle.final_scale=native,psf/2",
        "drizzle.final_pixfrac=0.6,1.0", "track=sqlite",
        "track.tracking_uri=sqlite:///hstdriz-runs/mlflow.db",
    )  # fmt: skip
