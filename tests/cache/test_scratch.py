"""Scratch directories: those of processes that were killed are removed, those of others stay."""

import os
import subprocess
import sys
import time
from pathlib import Path

from hstdriz_study.cache import remove_leftovers, scratch_directory

# Makes a scratch directory, says its name and is killed.
KILLED = """
import os, sys; from pathlib import Path; from hstdriz_study.cache import *
with scratch_directory(Path(sys.argv[1])) as scratch:
    print(scratch, flush=True); os.kill(os.getpid(), 9)
"""


def test_only_the_scratch_of_a_killed_process_is_removed(tmp_path):
    (tmp_path / "prepared").mkdir()
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path / "prepared")],
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


def test_the_scratch_of_a_process_whose_exit_code_nobody_has_asked_for_is_removed(tmp_path):
    room = tmp_path / "prepared"
    room.mkdir()
    command = [sys.executable, "-c", KILLED, str(room)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as killed:
        left = Path(killed.stdout.read().strip())  # to its end, but without waiting for it
        deadline = time.monotonic() + 10
        while left.exists() and time.monotonic() < deadline:
            remove_leftovers(tmp_path)
        assert not left.exists()
