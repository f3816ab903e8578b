"""Entries are whole or not there: made once, made anew when damaged, never half of two makers."""

import shutil
import subprocess
import sys
import threading
import time

import pytest

from hstdriz_study.cache import cached, damage, scratch_directory


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


def fill(directory):
    (directory / "deeper").mkdir()
    (directory / "deeper" / "pixels").write_bytes(bytes(range(256)) * 20)
    (directory / "described.json").write_text("{}")


def cut(entry):
    (entry / "deeper" / "pixels").write_bytes(b"x")


def flip_one_bit(entry):
    path = entry / "deeper" / "pixels"
    content = bytearray(path.read_bytes())
    content[700] ^= 4
    path.write_bytes(content)


def lose_a_file(entry):
    (entry / "described.json").unlink()


def cut_the_manifest(entry):
    path = entry / "manifest.json"
    path.write_text(path.read_text()[:30])


def be_of_an_earlier_version(entry):
    (entry / "manifest.json").unlink()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (cut, "pixels has 1 bytes, and had 5120"),
        (flip_one_bit, "pixels has another content"),
        (lose_a_file, "described.json cannot be read"),
        (cut_the_manifest, "manifest.json is gone or cannot be read"),
        (be_of_an_earlier_version, "manifest.json is gone or cannot be read"),
    ],
)
def test_a_damaged_entry_is_noticed_and_made_anew(tmp_path, caplog, spoil, said):
    entry = cached(tmp_path / "stage", "key", fill)
    assert not damage(entry)
    spoil(entry)
    assert damage(entry).startswith(said)
    assert cached(tmp_path / "stage", "key", fill) == entry
    assert f"{entry}: {said}" in caplog.text
    assert not damage(entry)
    assert (entry / "deeper" / "pixels").stat().st_size == 5120
    assert [path.name for path in entry.parent.iterdir()] == ["key"]


def test_what_was_added_to_an_entry_is_no_damage(tmp_path):
    entry = cached(tmp_path / "stage", "key", fill)
    (entry / "log").write_text("x")
    assert not damage(entry)


def test_an_entry_made_of_a_copy_of_another_is_whole(tmp_path):
    first = cached(tmp_path / "stage", "first", fill)

    def build(directory):
        shutil.copytree(first, directory, dirs_exist_ok=True)
        (directory / "more").write_text("x")

    assert not damage(cached(tmp_path / "stage", "second", build))


def test_of_two_that_make_the_same_the_first_one_stays_whole(tmp_path):
    parent = tmp_path / "stage"

    def overtaken(directory):
        with scratch_directory(parent) as other:
            fill(other)
            shutil.copytree(cached(tmp_path / "elsewhere", "key", fill), parent / "key")
        fill(directory)

    entry = cached(parent, "key", overtaken)
    assert not damage(entry)
    assert [path.name for path in parent.iterdir()] == ["key"]


MAKER = """
import os, sys, time
from pathlib import Path
from hstdriz_study.cache import cached
def build(directory):
    print("making", flush=True)
    sys.stdin.readline()
    (directory / "maker").write_text(str(os.getpid()))
cached(Path(sys.argv[1]), "key", build)
print("there", flush=True)
"""

LEASE_S = 60.0  # half of what a lease without a heartbeat is waited for


@pytest.fixture
def maker(tmp_path):
    begun = []

    def begin():
        begun.append(
            subprocess.Popen(
                [sys.executable, "-c", MAKER, str(tmp_path / "stage")],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )
        )  # fmt: skip
        return begun[-1]

    yield begin
    for process in begun:
        process.kill()
        process.communicate()


def test_a_second_maker_waits_and_takes_what_the_first_one_made(tmp_path, maker):
    first = maker()
    assert first.stdout.readline() == "making\n"
    second = maker()
    with pytest.raises(subprocess.TimeoutExpired):
        second.wait(4)
    first.stdin.write("\n")
    first.stdin.flush()
    assert first.stdout.readline() == "there\n"
    assert second.stdout.readline() == "there\n"
    assert (tmp_path / "stage" / "key" / "maker").read_text() == str(first.pid)


def test_the_lease_of_a_maker_that_was_killed_is_taken_over_at_once(tmp_path, maker):
    first = maker()
    assert first.stdout.readline() == "making\n"
    first.kill()
    first.wait()
    entry = cached(tmp_path / "stage", "key", fill)
    assert (entry / "described.json").is_file()


def test_who_waits_is_told_which_process_makes_it(tmp_path, maker, caplog):
    caplog.set_level("INFO")
    first = maker()
    assert first.stdout.readline() == "making\n"
    timer = threading.Timer(3.0, lambda: (first.stdin.write("\n"), first.stdin.flush()))
    timer.start()
    cached(tmp_path / "stage", "key", fill)
    assert f"waiting for process {first.pid} on " in caplog.text


def test_a_lease_without_a_name_is_of_a_process_that_was_killed(tmp_path):
    (tmp_path / "stage").mkdir()
    (tmp_path / "stage" / ".key.lease").touch()
    entry = cached(tmp_path / "stage", "key", lambda directory: (directory / "made").touch())
    assert (entry / "made").is_file()
    assert not (tmp_path / "stage" / ".key.lease").exists()


@pytest.mark.parametrize("holder_is", ["alive", "killed", "killed and asked for its exit code"])
def test_a_lease_beside_what_is_whole_stays_only_while_its_holder_lives(tmp_path, maker, holder_is):
    """A maker that is killed after it has put an entry into its place leaves its lease."""
    holder = maker()
    assert holder.stdout.readline() == "making\n"
    if holder_is != "alive":
        holder.kill()
        holder.stdout.read()  # to its end: it is dead
    if holder_is.endswith("code"):
        holder.wait()
    cached(tmp_path / "stage", "other", fill).rename(tmp_path / "stage" / "key")
    cached(tmp_path / "stage", "key", must_not_be_called)
    assert (tmp_path / "stage" / ".key.lease").exists() == (holder_is == "alive")


def test_the_lease_of_a_maker_that_nobody_asked_for_its_exit_code_is_taken_over(tmp_path, maker):
    first = maker()
    assert first.stdout.readline() == "making\n"
    first.kill()
    first.stdout.read()
    began = time.monotonic()
    cached(tmp_path / "stage", "key", fill)
    assert time.monotonic() - began < LEASE_S


def must_not_be_called(_):
    raise AssertionError
