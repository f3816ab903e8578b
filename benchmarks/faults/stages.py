"""The commands of a small study, each begun from what those before it have left."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

CHECKOUT = Path(__file__).resolve().parents[2]
TIMEOUT_S = 300.0
HUNG = -1000


@dataclass(frozen=True)
class Stage:
    """One command.

    Attributes
    ----------
    name : str
    command : tuple of str
        Its arguments; ``ROOT`` stands for the directory that is watched.
    before : tuple of str
        Stages that are run before it.
    without : tuple of str
        What of theirs is taken away.
    below : str
        Where its calls are looked at: the others are another stage's.
    """

    name: str
    command: tuple[str, ...]
    before: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    below: str = ""


def _sweep(workers: int) -> tuple[str, ...]:
    return (
        "name=faults", "filter=f160w", "drizzle.final_scale=0.09,0.08",
        "drizzle.final_pixfrac=0.7", f"workers={workers}", "hydra.sweep.dir=ROOT/study",
        "track.tracking_uri=sqlite:///ROOT/store/mlflow.db",
    )  # fmt: skip


STAGES = {
    stage.name: stage
    for stage in (
        Stage("cold", _sweep(1), below="cache"),
        Stage("sweep", _sweep(1), before=("cold",), without=("study", "store")),
        Stage("sweep of two workers", _sweep(2), before=("cold",), without=("study", "store")),
        Stage("report", ("report", "ROOT/study"), before=("cold",)),
        Stage("products", ("products", "ROOT/study"), before=("cold",)),
        Stage("send", ("send", "ROOT/study"), before=("cold",), without=("store",)),
    )
}


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, minus a signal's number or `HUNG`, and its words."""

    code: int
    said: str


@dataclass
class Place:
    """A directory in which stages are run, one after the other: paths in a study are absolute."""

    base: Path
    shim: Path
    _kept: set[str] = field(default_factory=set)

    @property
    def root(self) -> Path:
        """What is watched: study, cache and store."""
        return self.base / "root"

    def begin(self, stage: Stage) -> None:
        """Lay out what a stage finds."""
        kept = self.base / stage.name.replace(" ", "-")
        if stage.name not in self._kept:
            self._clear()
            for name in stage.before:
                ended = self.run(STAGES[name], {})
                if ended.code:
                    raise SystemExit(f"{name}: fails without a fault\n{ended.said}")
            for name in stage.without:
                shutil.rmtree(self.root / name)
            shutil.copytree(self.root, kept, symlinks=True)
            self._kept.add(stage.name)
        self._clear()
        shutil.copytree(kept, self.root, symlinks=True, dirs_exist_ok=True)

    def _clear(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)
        self.root.mkdir(parents=True)

    def run(self, stage: Stage, faults: Mapping[str, str]) -> Ended:
        """Run a command to its end, watched if `faults` says so."""
        watched = {"FAULTS_UNDER": str(self.root), "LD_PRELOAD": str(self.shim), **faults}
        (self.base / "tmp").mkdir(exist_ok=True)
        process = subprocess.Popen(
            [
                sys.executable, "-m", "hstdriz_study",
                *(word.replace("ROOT", str(self.root)) for word in stage.command),
            ],
            cwd=self.base, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            stdin=subprocess.DEVNULL, start_new_session=True,
            env={
                **os.environ, "PYTHONPATH": str(CHECKOUT), "OMP_NUM_THREADS": "1",
                "HSTDRIZ_STUDY_CACHE": str(self.root / "cache"),
                "TMPDIR": str(self.base / "tmp"), **(watched if faults else {}),
                "FAULTS_PLACE": str(self.root),
            },
        )  # fmt: skip
        try:
            said, _ = process.communicate(timeout=TIMEOUT_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            said, _ = process.communicate()
            return Ended(HUNG, said)
        return Ended(process.returncode, said)

    def processes(self) -> list[int]:
        """Return the processes of a command that still run."""
        mark, found = f"FAULTS_PLACE={self.root}".encode(), []
        for path in Path("/proc").glob("[0-9]*/environ"):
            try:
                content = path.read_bytes().split(b"\0")
            except OSError:
                continue
            found += [int(path.parent.name)] if mark in content else []
        return found
