"""A command is ended where it stands, also in compiled code; what it was at is removed."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

NUMBERS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]
HEAD = f"""
import ctypes, os, signal, subprocess, sys, time
from pathlib import Path
for number in {[int(number) for number in NUMBERS]}:
    signal.signal(number, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)
from hstdriz_study import guard
from hstdriz_study.cli.guardian import guarded
here = Path(sys.argv[1])
"""
# two more processes, a scratch directory and a lock; then C code that keeps the interpreter's lock
BUSY = """
def work():
    guard.goes_on_with(f"hydra.sweep.dir={here}/one two")
    (here / "lock").touch()
    guard.leaves(here / "lock")
    with guard.left_by_death(here / "gone already"):
        pass
    (here / "gone already").touch()
    with guard.temporary_directory("test") as scratch:
        (scratch / "large").touch()
        grandchild = "import subprocess, sys; subprocess.run(['sleep', '600'])"
        subprocess.Popen([sys.executable, "-c", grandchild], start_new_session=True)
        os.fork()
        print("at work", os.getpid(), flush=True)
        while True:
            ctypes.PyDLL(None).sleep(600)
guarded(work)
"""


def begin(directory, program, *, before=()):
    process = subprocess.Popen(
        [*before, sys.executable, "-c", HEAD + program, directory, "hydra.sweep.dir=other", "x=1"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "TMPDIR": str(directory)},
    )  # fmt: skip
    assert "at work" in process.stdout.readline()
    return process


def alive_in(directory):
    """Return the processes that were begun in a test."""
    mark = f"TMPDIR={directory}".encode()
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in path.read_bytes().split(b"\0"):
                found.append(path.parent.name)
        except OSError:
            continue
    return found


pytestmark = pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="what is left is looked for in /proc"
)


@pytest.mark.parametrize("whole_terminal", [True, False])
@pytest.mark.parametrize("number", NUMBERS)
def test_a_signal_ends_compiled_code_and_every_process_and_the_last_line_goes_on(
    number, whole_terminal, tmp_path
):
    process = begin(tmp_path, BUSY)
    sent = time.monotonic()
    (os.killpg if whole_terminal else os.kill)(process.pid, number)
    _, said = process.communicate(timeout=60)
    assert time.monotonic() - sent < 2.0 + os.getloadavg()[0]
    assert process.returncode == 128 + number
    typed = shlex.join([str(tmp_path), "x=1", f"hydra.sweep.dir={tmp_path}/one two"])
    assert said == f"interrupted by {number.name}; to go on: hstdriz-study {typed}\n"
    assert not alive_in(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["gone already"]


def test_a_process_that_dies_is_told_and_what_it_left_is_removed(tmp_path):
    process = begin(tmp_path, BUSY)
    (child,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    os.kill(int(child), signal.SIGKILL)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGKILL
    assert said.startswith("error: ended by SIGKILL (as the system does when memory runs out); to")
    assert not alive_in(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["gone already"]


def test_a_disk_that_takes_no_word_changes_neither_exit_code_nor_clean_up(tmp_path):
    program = BUSY.replace("guarded(work)", "sys.stderr = open('/dev/full', 'w')\nguarded(work)")
    program = "os.dup2(os.open('/dev/full', os.O_WRONLY), 2)\n" + program
    process = begin(tmp_path, program)
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM
    assert [path.name for path in tmp_path.iterdir()] == ["gone already"]


def test_the_work_ends_with_a_guardian_that_is_killed(tmp_path):
    program = """
def work():
    print("at work", flush=True)
    ctypes.PyDLL(None).sleep(600)
guarded(work)
"""
    process = begin(tmp_path, program)
    process.kill()
    process.communicate(timeout=60)  # until nobody holds its output
    assert not alive_in(tmp_path)


def test_what_is_ignored_stays_ignored():
    program = """
def work():
    print("at work", flush=True)
    sys.exit(int(sys.stdin.readline()))
guarded(work)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", HEAD.replace("signal.SIG_DFL)", "signal.SIG_IGN)") + program, "."],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    process.stdout.readline()
    os.killpg(process.pid, signal.SIGHUP)
    process.communicate("7\n", timeout=60)
    assert process.returncode == 7


def test_work_that_ends_by_itself_when_told_has_its_own_exit_code(tmp_path):
    program = """
def work():
    def leave(*_):
        raise SystemExit(3)
    signal.signal(signal.SIGTERM, leave)
    print("at work", flush=True)
    time.sleep(600)
guarded(work)
"""
    process = begin(tmp_path, program)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (3, "")


def test_output_and_exit_functions_happen_once(tmp_path):
    program = """
import atexit
atexit.register(print, "the end")
print("at work")
def work():
    print("done")
guarded(work)
"""
    command = [sys.executable, "-c", HEAD + program, tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (0, "at work\ndone\nthe end\n")
