"""What living processes use is never removed, and all of it can be told apart from the rest."""

import os
import signal
import subprocess
import sys
import time

import pytest

from hstdriz_study.cache import cached, entries, prune, remove_leftovers

KEY = "f160w-" + "0123456789" * 2

USER = """
import os, sys, time
from pathlib import Path
from hstdriz_study.cache import cached
cached(Path(sys.argv[1]), sys.argv[2], lambda directory: (directory / "a").write_text("abc"))
child = os.fork() if sys.argv[3] == "forks" else -1
if child == 0:
    os.setsid()
else:
    print(child, flush=True)
time.sleep(600)
"""


def begin_user(cache_dir, *, forks=False):
    process = subprocess.Popen(
        [sys.executable, "-c", USER, str(cache_dir / "prepared"), KEY, "forks" if forks else ""],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return process, int(process.stdout.readline())


def end(process):
    process.kill()
    process.wait()
    process.stdout.close()


def everything(found):
    return found


def test_an_entry_is_in_use_until_the_process_that_took_it_is_gone(tmp_path):
    process, _ = begin_user(tmp_path)
    try:
        assert [entry.is_in_use for entry in entries(tmp_path)] == [True]
        assert prune(tmp_path, everything) == []
    finally:
        end(process)
    (entry,) = entries(tmp_path)
    assert not entry.is_in_use
    assert prune(tmp_path, everything) == [entry]
    assert not entry.path.exists()
    assert entries(tmp_path) == []


def test_an_entry_is_in_use_as_long_as_a_worker_of_a_dead_study_lives(tmp_path):
    process, worker = begin_user(tmp_path, forks=True)
    end(process)
    try:
        assert [entry.is_in_use for entry in entries(tmp_path)] == [True]
    finally:
        os.kill(worker, signal.SIGKILL)
    deadline = time.monotonic() + 60
    while entries(tmp_path)[0].is_in_use:
        assert time.monotonic() < deadline


def test_signs_of_ended_processes_are_removed_and_those_of_living_stay(tmp_path):
    living, _ = begin_user(tmp_path)
    dead, _ = begin_user(tmp_path)
    end(dead)
    try:
        remove_leftovers(tmp_path)
        signs = [path.name for path in (tmp_path / ".in-use").iterdir()]
        assert sum(f"-{living.pid}-" in name for name in signs) == 1
        assert not any(f"-{dead.pid}-" in name for name in signs)
        assert entries(tmp_path)[0].is_in_use
    finally:
        end(living)


def test_entries_say_what_they_are_and_the_one_used_last_comes_first(tmp_path):
    for stage, name in (("prepared", "f160w"), ("regions", "f814w-b")):
        key = f"{name}-{'0123456789' * 2}"
        path = cached(tmp_path / stage, key, lambda at: (at / "a").write_bytes(b"1234"))
        os.utime(path / "manifest.json", (1e9, 1e9) if stage == "prepared" else (2e9, 2e9))
    first, second = entries(tmp_path)
    assert (first.stage, first.name) == ("regions", "f814w-b")
    assert (second.stage, second.name, second.used.timestamp()) == ("prepared", "f160w", 1e9)
    manifest = (second.path / "manifest.json").stat().st_size
    assert second.n_bytes == manifest + 4


@pytest.mark.parametrize("name", ["holiday", "a-0123", ".scratch-host-1-0123456789abcdef0123"])
def test_what_is_no_entry_is_left_alone(tmp_path, name):
    (tmp_path / "prepared" / name).mkdir(parents=True)
    (tmp_path / "prepared" / f"file-{'0' * 20}").touch()
    assert entries(tmp_path) == []
    assert prune(tmp_path, everything) == []
    assert (tmp_path / "prepared" / name).is_dir()


def test_looking_into_a_cache_that_is_not_there_makes_none(tmp_path):
    assert entries(tmp_path / "none") == []
    assert not (tmp_path / "none").exists()
