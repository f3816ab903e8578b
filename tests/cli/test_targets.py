"""What a configuration names to be called is refused unless it is known; nothing is called."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

MINE = "from pathlib import Path\n\n\ndef note(**_):\n    Path('called').touch()\n"


@pytest.fixture
def refused(tmp_path: Path):
    """Run the command beside a module of the user's, and return its one line."""

    def run(study: str, *arguments: str) -> str:
        (tmp_path / "mine.py").write_text(MINE)
        (tmp_path / "study").mkdir()
        (tmp_path / "study" / "sent.yaml").write_text(f"# @package _global_\n{study}\n")
        done = subprocess.run(
            [sys.executable, "-m", "hstdriz_study", "study=sent", *arguments],
            cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 2, done.stderr
        assert not (tmp_path / "called").exists()
        assert not (tmp_path / "hstdriz-runs").exists()
        (line,) = done.stderr.splitlines()
        return line

    return run


@pytest.mark.parametrize(
    ("study", "key"),
    [
        ("hydra: {callbacks: {more: {_target_: mine.note}}}", "hydra.callbacks.more._target_"),
        ("hydra: {callbacks: {study: {_target_: mine.note}}}", "hydra.callbacks.study._target_"),
        ("hydra: {launcher: {_target_: mine.note}}", "hydra.launcher._target_"),
        ("hydra: {sweeper: {_target_: mine.note}}", "hydra.sweeper._target_"),
        (
            "hydra: {hydra_logging: {handlers: {more: {(): mine.note}}}}",
            "hydra.hydra_logging.handlers.more.()",
        ),
        (
            "hydra: {job_logging: {handlers: {more: {class: mine.note}}}}",
            "hydra.job_logging.handlers.more.class",
        ),
    ],
)
def test_foreign_callable_of_a_study_file_is_refused_by_its_key(refused, study, key) -> None:
    told = refused(study, "drizzle.final_pixfrac=0.6,1.0")
    assert told.startswith(f"error: {key}=mine.note: a configuration may only name")


def test_foreign_callable_is_refused_by_every_command_that_composes(refused) -> None:
    study = "hydra: {callbacks: {more: {_target_: mine.note}}}"
    assert "hydra.callbacks.more._target_=mine.note" in refused(study, "--cfg", "job")
