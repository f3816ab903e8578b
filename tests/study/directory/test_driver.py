"""One process drives a study; the next one is told which, and takes over from one that is dead."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from hstdriz_study.errors import StudyError
from hstdriz_study.study.directory.driver import drive
from hstdriz_study.study.directory.layout import StudyDirectory

DRIVER = """
import os, sys, time
from pathlib import Path
from hstdriz_study.study.directory.driver import drive
from hstdriz_study.study.directory.layout import StudyDirectory
drive(StudyDirectory(Path(sys.argv[1])))
print("drives", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def other(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(tmp_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout.readline() == "drives\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_process_is_told_which_one_drives_the_study(other, tmp_path):
    with pytest.raises(StudyError) as raised:
        drive(StudyDirectory(tmp_path))
    assert str(raised.value).startswith(f"{tmp_path}: process {other.pid} on {os.uname().nodename}")


def test_the_study_of_a_process_that_ended_or_was_killed_can_be_driven_again(other, tmp_path):
    other.kill()
    other.wait()
    drive(StudyDirectory(tmp_path))
    drive(StudyDirectory(tmp_path))  # again is nothing
    again = subprocess.run(
        [sys.executable, "-c", DRIVER, str(tmp_path)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert f"process {os.getpid()} on " in again.stderr


def test_the_study_of_a_process_that_was_killed_and_not_asked_for_its_exit_code_can_be_driven(
    other, tmp_path
):
    other.kill()
    drive(StudyDirectory(tmp_path))


def test_a_lock_without_a_name_is_of_a_process_that_was_killed(tmp_path):
    StudyDirectory(tmp_path).driver.touch()
    drive(StudyDirectory(tmp_path))
    assert str(os.getpid()) in StudyDirectory(tmp_path).driver.read_text()


def test_a_file_that_was_half_written_is_removed_by_the_next_who_drives(tmp_path):
    (tmp_path / "points" / "0").mkdir(parents=True)
    (tmp_path / "points" / "0" / ".record.json.77").touch()
    (tmp_path / "points" / "0" / ".tracked.lock").touch()
    drive(StudyDirectory(tmp_path))
    assert [path.name for path in tmp_path.glob("points/0/.*")] == [".tracked.lock"]


def test_a_process_that_ends_leaves_no_lock(other, tmp_path):
    study_dir = StudyDirectory(tmp_path)
    assert study_dir.driver.exists()
    other.communicate("\n")
    assert not study_dir.driver.exists()


@pytest.mark.parametrize(("said", "stays"), [("", False), ("Fatal Python error", True)])
def test_a_crash_log_without_a_word_is_of_a_process_that_was_killed(tmp_path, said, stays):
    point = StudyDirectory(tmp_path).point("0")
    point.path.mkdir(parents=True)
    point.record.write_text("{}")
    point.crash_log.write_text(said)
    drive(StudyDirectory(tmp_path))
    assert point.crash_log.exists() == stays
