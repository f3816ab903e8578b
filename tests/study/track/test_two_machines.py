"""Two machines that share a study, or have copies of it: each with its own name and processes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from hstdriz_study.study.directory.layout import StudyDirectory
from tests.study.track.sent_studies import ended_study, is_there_once

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import SimpleNamespace

pytestmark = [pytest.mark.server, pytest.mark.postgresql]
MACHINE = ("unshare", "--uts", "--pid", "--fork", "--mount-proc", "--kill-child")
NAMED = 'hostname "$0"; exec "$@"'
SEND = (sys.executable, "-W", "ignore", "-m", "hstdriz_study", "send")
# as whoever starts, chooses or sends a study, until it is told to end
DRIVE = """
import sys
from pathlib import Path
from hstdriz_study.study.directory.driver import drive
from hstdriz_study.study.directory.layout import StudyDirectory
drive(StudyDirectory(Path(sys.argv[1])))
print("drives", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def begin() -> Callable[..., subprocess.Popen[str]]:
    """Begin a command on a machine of its own: a host name, and processes of its own."""
    tried = subprocess.run([*MACHINE, "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"no machine can be made: {tried.stderr.strip()}")

    def begun(name: str, *command: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*MACHINE, "sh", "-c", NAMED, name, *map(str, command)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    return begun


def ended(process: subprocess.Popen[str], typed: str | None = None) -> tuple[int, str]:
    """Return the exit code of a command, and what it said of trouble."""
    _, said = process.communicate(typed, timeout=240)
    return process.returncode, said


@pytest.fixture(params=["server", "postgresql"])
def uri(request: pytest.FixtureRequest) -> str:
    if request.param == "server":
        return str(request.getfixturevalue("server").uri)
    return str(request.getfixturevalue("new_database")("machines"))


def test_two_machines_that_send_copies_of_a_study_make_each_run_once(
    make_study: SimpleNamespace,
    begin: Callable[..., subprocess.Popen[str]],
    uri: str,
    tmp_path: Path,
) -> None:
    study = ended_study(make_study, uri, name=f"copies-{uri.partition(':')[0]}")
    copy = StudyDirectory(shutil.copytree(study.path, tmp_path / "elsewhere"))
    for _ in range(2):  # again is nothing
        sending = [begin(name, *SEND, one) for name, one in (("first", study), ("second", copy))]
        assert [ended(process) for process in sending] == [(0, ""), (0, "")]
        assert is_there_once(study)


def test_machine_that_shares_a_study_is_refused_while_another_drives_it(
    make_study: SimpleNamespace, begin: Callable[..., subprocess.Popen[str]], sqlite_uri: str
) -> None:
    study = ended_study(make_study, sqlite_uri, name="shared")
    driving = begin("first", sys.executable, "-c", DRIVE, study)
    assert driving.stdout is not None
    assert driving.stdout.readline() == "drives\n"
    code, said = ended(begin("second", *SEND, study))
    assert code == 2
    assert "on first is at work on this study; wait until it ends" in said
    assert "Traceback" not in said
    ended(driving, "\n")
    assert ended(begin("second", *SEND, study)) == (0, "")
    assert is_there_once(study)


def test_lock_of_a_machine_that_is_gone_is_told_with_the_way_on(
    make_study: SimpleNamespace, begin: Callable[..., subprocess.Popen[str]], sqlite_uri: str
) -> None:
    study = ended_study(make_study, sqlite_uri, name="gone")
    driving = begin("first", sys.executable, "-c", DRIVE, study)
    assert driving.stdout is not None
    assert driving.stdout.readline() == "drives\n"
    driving.kill()
    driving.wait()  # before its input is closed, at which it would end by itself
    ended(driving)
    code, said = ended(begin("second", *SEND, study))
    assert (code, study.driver.name in said) == (2, True)
    study.driver.unlink()  # as it was told
    assert ended(begin("second", *SEND, study)) == (0, "")
    assert is_there_once(study)
