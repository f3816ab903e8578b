"""Sending that is killed, or meets a lock, a full disk or another schema: nothing is lost."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from hstdriz_study.errors import TrackingError
from hstdriz_study.study.track import count_unsent, send_study
from hstdriz_study.study.track.database import read_database
from tests.study.track.sent_studies import ended_study, is_there_once

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import SimpleNamespace

    from hstdriz_study.study.directory.layout import StudyDirectory

N_POINTS = 4


@pytest.fixture
def full_store(store: Path, empty_database: Path) -> Path:
    shutil.copy(empty_database, store)
    return store


@pytest.fixture
def study(make_study: SimpleNamespace, full_store: Path) -> StudyDirectory:
    return ended_study(make_study, f"sqlite:///{full_store}", N_POINTS)


@pytest.mark.parametrize("seed", range(6))
def test_sending_that_is_killed_is_taken_up_and_each_run_is_there_once(
    study: StudyDirectory, seed: int
) -> None:
    context = multiprocessing.get_context("fork")
    process = context.Process(target=send_study, args=(study,))
    process.start()
    time.sleep(0.12 * seed)
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    assert send_study(study).failed == 0
    assert count_unsent(study) == (0, N_POINTS)
    assert is_there_once(study)


def test_store_that_another_writer_locks_is_a_sentence_and_is_sent_to_later(
    study: StudyDirectory, full_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_database, "__defaults__", (0.2,))
    send_study(study)
    study.point(0).tracked.unlink()
    with closing(sqlite3.connect(full_store, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(TrackingError, match="keeps the tracking store locked"):
            send_study(study)
        other.execute("ROLLBACK")
    assert send_study(study).sent == 1
    assert is_there_once(study)


def test_store_that_a_newer_mlflow_upgrades_meanwhile_is_a_sentence_and_stays(
    study: StudyDirectory, full_store: Path
) -> None:
    send_study(study)
    with closing(sqlite3.connect(full_store)) as other:
        (before,) = other.execute("SELECT version_num FROM alembic_version").fetchone()
        other.execute("UPDATE alembic_version SET version_num = 'ffff00001111'")
        other.commit()
    study.point(1).tracked.unlink()
    content = full_store.read_bytes()
    with pytest.raises(TrackingError, match="was made by a newer MLflow"):
        send_study(study)
    assert full_store.read_bytes() == content
    assert count_unsent(study) == (1, N_POINTS)
    with closing(sqlite3.connect(full_store)) as other:
        other.execute("UPDATE alembic_version SET version_num = ?", [before])
        other.commit()
    assert send_study(study).sent == 1
    assert is_there_once(study)


def test_disk_that_is_full_while_sending_is_a_sentence_and_mended_by_room(
    make_study: SimpleNamespace, disk_of: Callable[[str], Path], empty_database: Path
) -> None:
    size_kb = empty_database.stat().st_size // 1024 + 40
    directory = disk_of(f"{size_kb}k")
    shutil.copy(empty_database, directory / "mlflow.db")
    study = ended_study(make_study, f"sqlite:///{directory}/mlflow.db", N_POINTS)
    with pytest.raises(TrackingError, match=r"disk is full|disk I/O error|No space left"):
        send_study(study)
    subprocess.run(["mount", "-o", "remount,size=32m", directory], check=True)
    assert send_study(study).failed == 0
    assert is_there_once(study)
