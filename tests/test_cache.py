"""The cache: entries are whole or not there, and nothing is left by those who were killed."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hstdriz_study.cache import cached, remove_leftovers, scratch_directory


def test_entry_is_built_once(tmp_path):
    calls = []

    def build(directory):
        calls.append(directory)
        (directory / "file").write_text("x")

    first = cached(tmp_path, "key", build)
    assert cached(tmp_path, "key", build) == first == tmp_path / "key"
    assert (first / "file").read_text() == "x"
    assert len(calls) == 1


def test_entry_that_cannot_be_built_leaves_nothing(tmp_path):
    def build(directory):
        (directory / "file").write_text("half")
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        cached(tmp_path, "key", build)
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]


def test_only_the_scratch_of_a_killed_process_is_removed(tmp_path):
    (tmp_path / "prepared").mkdir()
    code = (
        "import os, sys; from pathlib import Path; from hstdriz_study.cache import *\n"
        "with scratch_directory(Path(sys.argv[1])) as scratch:\n"
        "    print(scratch, flush=True); os.kill(os.getpid(), 9)\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "prepared")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    left = Path(killed.stdout.strip())
    assert left.is_dir()
    other = tmp_path / "prepared" / ".scratch-other-machine-1-abc"
    old = tmp_path / "prepared" / ".scratch-other-machine-1-old"
    for path in (other, old):
        path.mkdir()
    os.utime(old, (time.time() - 2 * 86400,) * 2)
    with scratch_directory(tmp_path / "prepared") as mine:
        remove_leftovers(tmp_path)
        assert mine.is_dir()
    assert not left.exists()
    assert other.is_dir()
    assert not old.exists()
