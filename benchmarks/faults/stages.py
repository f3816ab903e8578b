"""The commands of a small study, each begun from what those before it have left."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

CHECKOUT = Path(__file__).resolve().parents[2]
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
        Stage("sweep", _sweep(1), after="cold", without=("study", "store")),
        Stage("sweep of two workers", _sweep(2), after="cold", without=("study", "store")),
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
    _server: Any = None

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
        output = self.base / "output"
        self._ask(
            {
                "arguments": [word.replace("ROOT", str(self.root)) for word in stage.command],
                "cwd": str(self.base), "output": str(output), "environment": watched,
            }
        )  # fmt: skip
        process = int(self._answer(TIMEOUT_S))
        try:
            code = int(self._answer(TIMEOUT_S))
        except TimeoutError:
            os.killpg(process, signal.SIGKILL)
            code = HUNG + 0 * int(self._answer(TIMEOUT_S))
        return Ended(code, output.read_text(errors="replace"))

    def _ask(self, request: dict[str, Any]) -> None:
        if self._server is None:
            self._server = self._served()
        self._server.stdin.write(f"{json.dumps(request)}\n".encode())
        self._server.stdin.flush()

    def _served(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "benchmarks.faults.warm"],
            cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={
                **os.environ, "PYTHONPATH": str(CHECKOUT), "OMP_NUM_THREADS": "1",
                "HSTDRIZ_STUDY_CACHE": str(self.root / "cache"), "MPLBACKEND": "Agg",
                "TMPDIR": str(self.base / "tmp"), "LD_PRELOAD": str(self.shim),
                "FAULTS_PLACE": str(self.root),
            },
        )  # fmt: skip

    def _answer(self, seconds: float) -> bytes:
        answers = self._server.stdout
        if not select.select([answers], [], [], seconds)[0]:
            raise TimeoutError
        return answers.readline()

    def end(self) -> None:
        """End the process that is asked."""
        if self._server is not None:
            self._server.communicate()

    def processes(self) -> list[int]:
        """Return the processes of a command that still run."""
        mark, found = f"FAULTS_PLACE={self.root}".encode(), []
        for path in Path("/proc").glob("[0-9]*/environ"):
            try:
                content = path.read_bytes().split(b"\0")
            except OSError:
                continue
            found += [int(path.parent.name)] if mark in content else []
        return [pid for pid in found if pid != self._server.pid]
