"""The process that uses the store: what it is asked, what it answers, how it ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hstdriz_study.errors import TrackingError
from hstdriz_study.study.directory.layout import PointDirectory, StudyDirectory
from hstdriz_study.study.directory.record import read_bare_record
from hstdriz_study.study.track import PointSender
from hstdriz_study.study.track import courier as courier_module
from hstdriz_study.study.track.courier import Courier


def write(path: Path, text: str) -> None:
    path.write_text(text)


def fail(sentence: str) -> None:
    raise TrackingError(sentence)


def end_at_once() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_requests_are_done_in_turn_and_beside_the_work(tmp_path: Path) -> None:
    courier = Courier()
    for number in range(3):
        courier.ask(write, tmp_path / "last", str(number))
    for _ in range(3):
        courier.answer()
    assert not courier.has_answer()
    assert (tmp_path / "last").read_text() == "2"


def test_failure_is_told_and_the_next_request_is_done(tmp_path: Path) -> None:
    courier = Courier()
    courier.ask(fail, "the store is away")
    courier.ask(write, tmp_path / "there", "")
    with pytest.raises(TrackingError, match=r"^the store is away$"):
        courier.answer()
    courier.answer()
    assert (tmp_path / "there").is_file()


def test_record_that_is_not_there_is_told_in_its_sentence(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    courier = Courier()
    courier.ask(read_bare_record, PointDirectory(tmp_path))
    with pytest.raises(TrackingError, match=rf"^{tmp_path}/record\.json: no such file"):
        courier.answer()
    assert "Traceback" not in capfd.readouterr().err


def test_defect_is_told_too() -> None:
    courier = Courier()
    courier.ask(write, None, "")
    with pytest.raises(TrackingError, match=r"^AttributeError: 'NoneType'"):
        courier.answer()


def test_process_that_dies_is_told_and_nothing_waits_for_it() -> None:
    courier = Courier()
    courier.ask(end_at_once)
    with pytest.raises(TrackingError, match="has ended"):
        courier.answer()
    with pytest.raises(TrackingError, match="has ended"):
        courier.ask(fail, "")


def test_study_goes_on_when_the_process_has_died(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(courier_module, "_begun", [])
    courier = courier_module.begin()
    courier.ask(end_at_once)
    with pytest.raises(TrackingError):
        courier.answer()
    with PointSender(StudyDirectory(tmp_path), opens_store=True) as sender:
        sender.send(StudyDirectory(tmp_path).point(0))
        sender.send(StudyDirectory(tmp_path).point(1))
    (told,) = [record.getMessage() for record in caplog.records]
    assert f"has ended; send it later: hstdriz-study send {tmp_path}; the study goes on" in told


def test_process_ends_when_the_one_that_began_it_is_killed(tmp_path: Path) -> None:
    program = (
        "import multiprocessing, time\n"
        "from hstdriz_study.study.track.courier import Courier\n"
        "courier = Courier()\n"
        "print(multiprocessing.active_children()[0].pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=tmp_path
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    deadline = time.monotonic() + 60
    while _runs(pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _runs(pid)


def test_program_ends_under_a_launcher_that_takes_no_notice_of_sigterm(tmp_path: Path) -> None:
    program = (
        "import signal\n"
        "from hstdriz_study.study.track.courier import Courier\n"
        "signal.signal(signal.SIGTERM, lambda *_: None)\n"
        "courier = Courier()\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True, timeout=60)


def _runs(pid: int) -> bool:
    """Tell whether a process runs; one that has ended may wait for its parent to ask."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
