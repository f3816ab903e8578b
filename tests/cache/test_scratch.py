"""Scratch directories: those of processes that were killed are removed, those of others stay."""

import os
import subprocess
import sys
import time
from pathlib import Path

from hstdriz_study.cache import remove_leftovers, scratch_directory


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
