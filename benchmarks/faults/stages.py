"""The commands of a small study, each begun from what those before it have left."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.warm import Warm

if TYPE_CHECKING:
    from collections.abc import Mapping

TIMEOUT_S = 300.0
HUNG = -1000
_LAID_OUT: dict[str, Any] = {"symlinks": True, "dirs_exist_ok": True}


@dataclass(frozen=True)
class Stage:
    """One command.

    Attributes
    ----------
    name : str
    command : tuple of str
        Its arguments; ``ROOT`` stands for the directory that is watched.
    after : str or None
        The stage whose study it finds.
    without : tuple of str
        What of that is taken away.
    below : str
        Where its calls are looked at: the others are another stage's.
    """

    name: str
    command: tuple[str, ...]
    after: str | None = None
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
        # to make a store takes as long as all else: `send` has to, the sweeps find one
        Stage("sweep", _sweep(1), after="cold", without=("study",)),
        Stage("sweep of two workers", _sweep(2), after="cold", without=("study",)),
        Stage("report", ("report", "ROOT/study"), after="cold"),
        Stage("products", ("products", "ROOT/study"), after="cold"),
        Stage("send", ("send", "ROOT/study"), after="cold", without=("store",)),
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

    @property
    def root(self) -> Path:
        """What is watched: study, cache and store."""
        return self.base / "root"

    def begin(self, stage: Stage) -> None:
        """Lay out what a stage finds."""
        self._clear()
        if stage.after is None:
            return
        shutil.copytree(self._left_by(STAGES[stage.after]), self.root, **_LAID_OUT)
        for name in stage.without:
            shutil.rmtree(self.root / name)

    def _left_by(self, stage: Stage) -> Path:
        """Return what an undisturbed stage leaves, run once."""
        kept = self.base / f"after {stage.name}"
        if not kept.is_dir():
            self.begin(stage)
            ended = self.run(stage, {})
            if ended.code:
                raise SystemExit(f"{stage.name}: fails without a fault\n{ended.said}")
            shutil.copytree(self.root, kept, **_LAID_OUT)
            self._clear()
        return kept

    def _clear(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)
        self.root.mkdir(parents=True)

    def run(self, stage: Stage, faults: Mapping[str, str]) -> Ended:
        """Run a command to its end, watched if `faults` says so."""
        watched = {"FAULTS_UNDER": str(self.root), **faults} if faults else {}
        (self.base / "tmp").mkdir(exist_ok=True)
        arguments = [word.replace("ROOT", str(self.root)) for word in stage.command]
        environment, output = self._environment() | watched, self.base / "output"
        try:
            code = self.warm.run(arguments, self.base, environment, (output, output), TIMEOUT_S)
        except TimeoutError:
            code = HUNG
        return Ended(code, output.read_text(errors="replace"))

    @cached_property
    def warm(self) -> Warm:
        """What runs the commands."""
        return Warm(self._environment())

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ, "OMP_NUM_THREADS": "1", "MPLBACKEND": "Agg",
            "HSTDRIZ_STUDY_CACHE": str(self.root / "cache"), "TMPDIR": str(self.base / "tmp"),
            "LD_PRELOAD": str(self.shim), "FAULTS_PLACE": str(self.root),
        }  # fmt: skip

    def end(self) -> None:
        """End the process that is asked."""
        self.warm.end()

    def processes(self) -> list[int]:
        """Return the processes of a command that still run."""
        mark, found = f"FAULTS_PLACE={self.root}".encode(), []
        for path in Path("/proc").glob("[0-9]*/environ"):
            try:
                content = path.read_bytes().split(b"\0")
            except OSError:
                continue
            found += [int(path.parent.name)] if mark in content else []
        return [pid for pid in found if pid != self.warm.pid]
