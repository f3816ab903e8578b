"""A SQLite store is whole under its name, whatever stopped its making, and whoever began it."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest

from hstdriz_study.errors import TrackingError
from hstdriz_study.json_files import read_json
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.track import open_study, register_study, send_study
from hstdriz_study.study.track.client import connect
from hstdriz_study.study.track.making import make_ready
from hstdriz_study.study.track.mlflow_parts import installed_schema

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import SimpleNamespace

# as a study makes its store: in a process beside it, which Ctrl-C ends
STUDY = """
import sys
from pathlib import Path
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.track import begin_tracking, open_tracking
begin_tracking("sqlite:///any.db")
open_tracking(StudyDirectory(Path(sys.argv[1])))
"""
# as MLflow's own pages make one, under its name
MLFLOW = """
import sys
from mlflow.store.db.utils import _initialize_tables, create_sqlalchemy_engine
_initialize_tables(create_sqlalchemy_engine(sys.argv[1]))
"""
# as `mlflow db upgrade` does
UPGRADE = """
import sys
from mlflow.store.db.utils import _upgrade_db, create_sqlalchemy_engine
_upgrade_db(create_sqlalchemy_engine(sys.argv[1]))
"""
# from nothing to nearly all; the whole is 0.95 MB
MOMENTS = (
    (signal.SIGKILL, 0),
    (signal.SIGINT, 60_000),
    (signal.SIGKILL, 200_000),
    (signal.SIGINT, 600_000),
)
OLD_REVISION = "acf3f17fdcc7"  # of MLflow 2.9
LATER_S = 3600.0


@pytest.fixture
def study(make_study: SimpleNamespace, store: Path) -> StudyDirectory:
    """A study with three points whose store was not touched yet."""
    return registered(make_study, store, "grid")


def registered(make_study: SimpleNamespace, store: Path, name: str) -> StudyDirectory:
    directory = StudyDirectory(make_study.root / name)
    register_study(directory, make_study.config(f"sqlite:///{store}"), name=name)
    make_study.points(directory, 3)
    return directory


def started(program: str, argument: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", program, str(argument)],
        start_new_session=True, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def wait_for(path: Path, size: int, process: subprocess.Popen[bytes]) -> None:
    while not path.exists() or path.stat().st_size < size:
        assert process.poll() is None, f"{path.name} was not found at {size} bytes"
        time.sleep(0.002)


def stopped(program: str, argument: object, path: Path, number: int, size: int) -> None:
    """Run a program until a file has a size, then end its processes by a signal."""
    process = started(program, argument)
    wait_for(path, size, process)
    os.killpg(process.pid, number)
    process.wait(timeout=60)


def making(store: Path) -> Path:
    return store.with_name(".mlflow.db.making")


def files(store: Path) -> set[str]:
    """Names of the files of a store, without the moment they were set aside."""
    names = {path.name for path in store.parent.glob("*mlflow.db*") if path.suffix != ".lock"}
    return {name.split("-20")[0] for name in names}


def keys(store: Path) -> list[str]:
    """Keys of the points that a whole store holds; one that is there twice is named twice."""
    with closing(sqlite3.connect(store)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        revision = connection.execute("SELECT version_num FROM alembic_version").fetchall()
        assert revision == [(installed_schema().head,)]
        rows = connection.execute("SELECT value FROM tags WHERE key = 'study.key' ORDER BY value")
        return [value for (value,) in rows]


def keys_of(*studies: StudyDirectory) -> list[str]:
    records = [path for study in studies for path in study.path.glob("points/*/record.json")]
    return sorted(read_json(path)["key"] for path in records)


def aged(path: Path) -> None:
    """Let a file be one that nobody has written to for an hour."""
    moment = time.time() - LATER_S
    os.utime(path, (moment, moment))


def test_store_whose_making_is_stopped_again_and_again_is_whole_in_the_end(
    study: StudyDirectory, store: Path
) -> None:
    for number, size in MOMENTS:
        stopped(STUDY, study, making(store), number, size)
        if files(store) == {"mlflow.db"}:
            break  # on a busy machine the last signal can come too late: the store is whole
        assert files(store) <= {".mlflow.db.making", ".mlflow.db.making-journal"}
    assert send_study(study).sent == 3
    assert send_study(study).already == 3
    assert files(store) == {"mlflow.db"}
    assert keys(store) == keys_of(study)


def test_store_that_mlflow_left_half_made_is_set_aside_and_made_anew(
    make_study: SimpleNamespace,
    study: StudyDirectory,
    store: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    stopped(MLFLOW, f"sqlite:///{store}", store, signal.SIGKILL, 250_000)
    aged(store)
    other = registered(make_study, store, "other")
    assert send_study(study).sent == 3
    assert files(store) == {"mlflow.db", "mlflow.db.half-made"}
    # a journal that was hot goes with it
    aside = min(store.parent.glob("mlflow.db.half-made-*"), key=lambda path: len(path.name))
    (told,) = [record.getMessage() for record in caplog.records]
    assert f"{store}: was half made and is now {aside.name}" in told
    assert "other studies are sent to by: hstdriz-study send STUDY_DIR" in told
    assert send_study(other).sent == 3
    assert keys(store) == keys_of(study, other)


def test_store_that_another_program_is_making_is_waited_for(
    study: StudyDirectory, store: Path
) -> None:
    process = started(MLFLOW, f"sqlite:///{store}")
    wait_for(store, 50_000, process)
    begun = store.stat().st_ino
    open_study(study)
    assert process.wait(timeout=60) == 0
    assert store.stat().st_ino == begun
    assert files(store) == {"mlflow.db"}


def test_studies_that_begin_together_make_one_store(
    make_study: SimpleNamespace, study: StudyDirectory, store: Path
) -> None:
    studies = study, registered(make_study, store, "other")
    processes = [started(STUDY, directory) for directory in studies]
    assert [process.wait(timeout=120) for process in processes] == [0, 0]
    assert [send_study(directory).sent for directory in studies] == [3, 3]
    assert files(store) == {"mlflow.db"}
    assert keys(store) == keys_of(*studies)


def test_damaged_store_is_set_aside_and_its_studies_are_sent_anew_once(
    study: StudyDirectory, store: Path, empty_database: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copy(empty_database, store)
    send_study(study)
    first = read_json(study.description)["tracking"]["parent_run_id"]
    with store.open("r+b") as stream:
        stream.truncate(store.stat().st_size // 2)
    aged(store)
    assert send_study(study).sent == 3
    assert send_study(study).already == 3
    assert read_json(study.description)["tracking"]["parent_run_id"] != first
    assert files(store) == {"mlflow.db", "mlflow.db.damaged"}
    assert keys(store) == keys_of(study)
    (told,) = [record.getMessage() for record in caplog.records]
    assert "was damaged (database disk image is malformed) and is now mlflow.db.damaged-" in told


def executed(path: Path, script: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)


@pytest.fixture
def old_store(store: Path, mlflow_tables: Callable[[Path, str], None]) -> Path:
    """A store of MLflow 2.9 with a run."""
    mlflow_tables(store, OLD_REVISION)
    executed(
        store,
        """
        INSERT INTO experiments (experiment_id, name, artifact_location, lifecycle_stage)
            VALUES (0, 'Default', '/nowhere/0', 'active'), (1, 'old', '/nowhere/1', 'active');
        INSERT INTO runs (run_uuid, name, experiment_id, status, lifecycle_stage, user_id,
                          start_time, end_time, artifact_uri)
            VALUES ('0123456789abcdef0123456789abcdef', 'earlier', 1, 'FINISHED', 'active', 'me',
                    1, 2, '/nowhere/1/0');
        INSERT INTO latest_metrics (key, value, timestamp, step, is_nan, run_uuid)
            VALUES ('fwhm', 0.2, 1, 0, 0, '0123456789abcdef0123456789abcdef');
        INSERT INTO tags (key, value, run_uuid)
            VALUES ('who', 'me', '0123456789abcdef0123456789abcdef');
        """,
    )
    store.chmod(0o664)
    return store


def test_store_of_an_older_mlflow_is_kept_and_a_copy_upgraded_however_often_it_is_killed(
    study: StudyDirectory, old_store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = old_store.read_bytes()
    for size in (
        0,
        200_000,
        350_000,
    ):  # after SIGINT it may be completed in the second that is left
        stopped(STUDY, study, making(old_store), signal.SIGKILL, size)
        assert old_store.read_bytes() == before
        assert files(old_store) <= {"mlflow.db", ".mlflow.db.making", ".mlflow.db.making-journal"}
    assert send_study(study).sent == 3
    assert files(old_store) == {"mlflow.db", f"mlflow.db.schema-{OLD_REVISION}"}
    (kept,) = old_store.parent.glob("mlflow.db.schema-*")
    assert kept.read_bytes() == before
    (told,) = [record.getMessage() for record in caplog.records]
    assert (
        f"older MLflow ({OLD_REVISION}) and is upgraded; as it was it is kept in {kept.name}"
        in told
    )
    run = connect(f"sqlite:///{old_store}").get_run("0123456789abcdef0123456789abcdef")
    assert (run.data.metrics, run.data.tags["who"]) == ({"fwhm": 0.2}, "me")
    assert keys(old_store) == keys_of(study)
    assert old_store.stat().st_mode & 0o777 == 0o664


@pytest.mark.parametrize("begun", [0, 1])
def test_store_that_another_program_upgrades_while_a_study_begins_is_whole_and_has_all(
    study: StudyDirectory, old_store: Path, begun: int
) -> None:
    upgrading = started(UPGRADE, f"sqlite:///{old_store}")
    while begun and revision_of(old_store) == OLD_REVISION and upgrading.poll() is None:
        time.sleep(0.002)
    with suppress(TrackingError):  # what it found half upgraded stays until it is sent again
        open_study(study)
    upgrading.wait(timeout=60)  # it fails where its file was taken away under it
    assert send_study(study).failed == 0
    assert send_study(study).already == 3
    run = connect(f"sqlite:///{old_store}").get_run("0123456789abcdef0123456789abcdef")
    assert (run.data.metrics, run.data.tags["who"]) == ({"fwhm": 0.2}, "me")
    assert keys(old_store) == keys_of(study)


def revision_of(store: Path) -> str:
    with closing(sqlite3.connect(store)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def test_store_with_a_write_ahead_log_is_upgraded_with_what_the_log_holds(old_store: Path) -> None:
    with closing(sqlite3.connect(old_store)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("UPDATE tags SET value = 'you'")
        writer.commit()
        # a program that is killed leaves its log
        for suffix in ("", "-wal", "-shm"):
            shutil.copy(f"{old_store}{suffix}", old_store.with_name(f"copy.db{suffix}"))
    copy = old_store.with_name("copy.db")
    assert copy.with_name("copy.db-wal").stat().st_size > 0
    make_ready(copy)
    with closing(sqlite3.connect(copy)) as reader:
        assert reader.execute("SELECT value FROM tags").fetchall() == [("you",)]
    assert not list(copy.parent.glob("copy.db-*"))


def test_full_disk_leaves_nothing_half_made_and_is_mended_by_room(
    make_study: SimpleNamespace, disk_of: Callable[[str], Path]
) -> None:
    directory = disk_of("600k")
    study = registered(make_study, directory / "mlflow.db", "grid")
    with pytest.raises(TrackingError, match=r"disk is full|disk I/O error"):
        send_study(study)
    assert files(directory / "mlflow.db") == set()
    subprocess.run(["mount", "-o", "remount,size=16m", directory], check=True)
    assert send_study(study).sent == 3
    assert keys(directory / "mlflow.db") == keys_of(study)


def test_points_go_to_the_file_that_has_the_name_now(
    study: StudyDirectory, store: Path, empty_database: Path
) -> None:
    shutil.copy(empty_database, store)
    assert send_study(study).sent == 3
    store.rename(store.with_name("moved.db"))
    shutil.copy(empty_database, store)
    assert send_study(study).sent == 3
    assert keys(store) == keys(store.with_name("moved.db")) == keys_of(study)


def test_journal_that_a_lost_store_left_does_not_reach_the_new_one(
    study: StudyDirectory, store: Path
) -> None:
    store.with_name("mlflow.db-journal").write_bytes(
        b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(504)
    )
    assert send_study(study).sent == 3
    assert files(store) == {"mlflow.db", "mlflow.db.gone"}
