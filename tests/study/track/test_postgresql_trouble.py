"""PostgreSQL on bad days: killed, restarted, of another schema, full, locked: nothing is lost."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from hstdriz_study.errors import TrackingError
from hstdriz_study.study.track import count_unsent, mlflow_parts, open_study, send_study
from hstdriz_study.study.track.client import import_mlflow
from hstdriz_study.study.track.mlflow_parts import installed_schema
from tests.study.track.sent_studies import ended_study, is_there_once

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import SimpleNamespace

    from tests.study.track.postgresql_cluster import Cluster

pytestmark = pytest.mark.postgresql
N_POINTS = 3
OLD_REVISION = "acf3f17fdcc7"  # of MLflow 2.9
N_TABLES = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
MLFLOW = """
import sys
from mlflow.store.db.utils import _initialize_tables, create_sqlalchemy_engine
_initialize_tables(create_sqlalchemy_engine(sys.argv[1]))
"""


def begun(function: Callable[..., object], *arguments: object) -> multiprocessing.Process:
    process = multiprocessing.get_context("fork").Process(target=function, args=arguments)
    process.start()
    return process


def end(process: multiprocessing.Process) -> None:
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()


@pytest.mark.parametrize("moment_s", [0.0, 0.7])
def test_store_whose_making_is_killed_is_completed(
    make_study: SimpleNamespace, postgresql: Cluster, moment_s: float
) -> None:
    name = f"killed{int(10 * moment_s)}"
    study = ended_study(make_study, postgresql.database(name), N_POINTS)
    import_mlflow(postgresql.uri(name))
    making = begun(open_study, study)
    while not postgresql.do(name, N_TABLES)[0][0]:
        assert making.is_alive()
    time.sleep(moment_s)
    end(making)
    assert send_study(study).sent == N_POINTS
    assert is_there_once(study)


def test_programs_that_make_a_store_at_once_make_one(
    make_study: SimpleNamespace, postgresql: Cluster
) -> None:
    uri = postgresql.database("together")
    import_mlflow(uri)
    studies = [ended_study(make_study, uri, N_POINTS, f"study-{n}") for n in range(2)]
    other = subprocess.Popen([sys.executable, "-c", MLFLOW, uri], stderr=subprocess.DEVNULL)
    processes = [begun(open_study, study) for study in studies]
    for process in processes:
        process.join(120)
    other.wait(timeout=120)  # it may have been refused; it would be without a study as well
    assert [process.exitcode for process in processes] == [0, 0]
    assert [send_study(study).sent for study in studies] == [N_POINTS, N_POINTS]
    assert all(is_there_once(study) for study in studies)


@pytest.mark.parametrize("moment_s", [0.1, 0.25, 0.5])
def test_sending_that_is_killed_is_taken_up(
    make_study: SimpleNamespace, new_database: Callable[[str], str], moment_s: float
) -> None:
    study = ended_study(make_study, new_database(f"stopped{int(100 * moment_s)}"), N_POINTS)
    sending = begun(send_study, study)
    time.sleep(moment_s)
    end(sending)
    assert send_study(study).failed == 0
    assert is_there_once(study)
    assert send_study(study).already == N_POINTS


@pytest.mark.parametrize("n_rows", [1, 2, 4])
def test_server_that_dies_while_a_study_is_sent_loses_and_doubles_nothing(
    make_study: SimpleNamespace,
    postgresql: Cluster,
    new_database: Callable[[str], str],
    n_rows: int,
) -> None:
    name = f"dies{n_rows}"
    study = ended_study(make_study, new_database(name), N_POINTS)
    sending = begun(send_study, study)
    while postgresql.do(name, "SELECT count(*) FROM runs")[0][0] < n_rows and sending.is_alive():
        time.sleep(0.002)
    postgresql.stop()
    sending.join(60)
    try:
        if count_unsent(study)[0]:
            with pytest.raises(TrackingError, match=r"no database answers.*send STUDY_DIR"):
                send_study(study)
    finally:
        postgresql.start()
    assert send_study(study).failed == 0
    assert is_there_once(study)


def test_server_that_was_restarted_is_used_on(
    make_study: SimpleNamespace, postgresql: Cluster, new_database: Callable[[str], str]
) -> None:
    study = ended_study(make_study, new_database("restarted"), N_POINTS)
    send_study(study)
    study.point(0).tracked.unlink()
    postgresql.stop()
    postgresql.start()
    assert send_study(study).failed == 0
    assert is_there_once(study)


def _revision(name: str) -> str:
    return f"UPDATE alembic_version SET version_num = '{name}'"  # noqa: S608 - ours


TROUBLES = {
    "newer": (_revision("ffff00001111"), "a newer MLflow .schema ffff00001111"),
    "older": (_revision(OLD_REVISION), "an older MLflow .*mlflow db upgrade"),
    "reading": (
        "ALTER DATABASE reading SET default_transaction_read_only = on",
        "only be read at present",
    ),
    "lost": ("REVOKE INSERT, UPDATE ON runs FROM guest", "use table runs; ask its owner"),
    "few": ("ALTER ROLE guest CONNECTION LIMIT 0", "takes no more connections"),
    "away": ("ALTER DATABASE away RENAME TO gone", "does not exist; make it"),
}
MENDED = {
    "newer": "head",
    "older": "head",
    "reading": "ALTER DATABASE reading RESET default_transaction_read_only",
    "lost": "GRANT INSERT, UPDATE ON runs TO guest",
    "few": "ALTER ROLE guest CONNECTION LIMIT -1",
    "away": "ALTER DATABASE gone RENAME TO away",
}


@pytest.fixture
def guest(postgresql: Cluster, new_database: Callable[[str], str]) -> str:  # noqa: ARG001
    """Return a user who may do everything with the tables that are copied."""
    if not postgresql.do("postgres", "SELECT 1 FROM pg_roles WHERE rolname = 'guest'"):
        postgresql.do(
            "whole",
            "CREATE ROLE guest LOGIN",
            "GRANT ALL ON ALL TABLES IN SCHEMA public TO guest",
            "GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO guest",
        )
    return "guest"


@pytest.mark.parametrize("trouble", TROUBLES)
def test_trouble_that_begins_meanwhile_is_a_sentence_in_seconds_and_is_sent_later(
    make_study: SimpleNamespace,
    postgresql: Cluster,
    new_database: Callable[[str], str],
    guest: str,
    trouble: str,
) -> None:
    new_database(trouble)
    study = ended_study(make_study, postgresql.uri(trouble, guest), N_POINTS)
    send_study(study)
    study.point(0).tracked.unlink()
    mlflow_parts.close_connections(postgresql.uri(trouble, guest))
    statement, words = TROUBLES[trouble]
    from_where = "postgres" if statement.startswith("ALTER") else trouble
    postgresql.do(from_where, statement)
    before = time.monotonic()
    with pytest.raises(TrackingError, match=rf"{words}.*hstdriz-study send STUDY_DIR"):
        send_study(study)
    assert time.monotonic() - before < 15
    mending = _revision(installed_schema().head) if MENDED[trouble] == "head" else MENDED[trouble]
    postgresql.do(from_where, mending)
    mlflow_parts.close_connections(postgresql.uri(trouble, guest))  # they know of the trouble
    assert send_study(study).failed == 0
    assert is_there_once(study)
    mlflow_parts.close_connections(postgresql.uri(trouble, guest))


def test_schema_of_an_older_mlflow_stays_until_somebody_upgrades_it(
    make_study: SimpleNamespace, postgresql: Cluster
) -> None:
    uri = postgresql.database("upgraded")
    import_mlflow(uri)
    begin_with_revision(uri, OLD_REVISION)
    postgresql.do(
        "upgraded", "INSERT INTO experiments (name, lifecycle_stage) VALUES ('kept', 'active')"
    )
    study = ended_study(make_study, uri, N_POINTS)
    tables = postgresql.do("upgraded", N_TABLES)
    with pytest.raises(TrackingError, match="stays as it is, because others may use it"):
        send_study(study)
    assert postgresql.do("upgraded", N_TABLES) == tables
    upgrading = subprocess.Popen(
        [sys.executable, "-m", "mlflow", "db", "upgrade", uri], stderr=subprocess.DEVNULL
    )
    while upgrading.poll() is None:
        try:
            send_study(study)
        except TrackingError as sentence:
            assert "an older MLflow" in str(sentence)  # noqa: PT017 - until it is not
        time.sleep(0.1)
    assert upgrading.returncode == 0
    assert send_study(study).failed == 0
    assert is_there_once(study)
    assert postgresql.do("upgraded", "SELECT 1 FROM experiments WHERE name = 'kept'") == [(1,)]


def begin_with_revision(uri: str, revision: str) -> None:
    """Make the tables as an MLflow of long ago did."""
    from alembic import command
    from mlflow.store.db.utils import _get_alembic_config, create_sqlalchemy_engine
    from mlflow.store.tracking.dbmodels.initial_models import Base as FirstTables

    engine = create_sqlalchemy_engine(uri)
    FirstTables.metadata.create_all(engine)
    config = _get_alembic_config(uri)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def test_table_that_another_program_keeps_locked_is_a_sentence(
    make_study: SimpleNamespace,
    postgresql: Cluster,
    new_database: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mlflow_parts, "LOCK_TIMEOUT_S", 1)
    study = ended_study(make_study, new_database("locked"), N_POINTS)
    with postgresql.connected("locked", autocommit=False) as other:
        other.execute("LOCK TABLE runs IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(TrackingError, match="another program has kept it locked"):
            send_study(study)
    assert send_study(study).failed == 0
    assert is_there_once(study)


def test_full_disk_of_the_server_is_a_sentence_and_mended_by_room(
    make_study: SimpleNamespace,
    postgresql: Cluster,
    new_database: Callable[[str], str],
    disk_of: Callable[..., Path],
) -> None:
    new_database("measured")
    size = postgresql.do("postgres", "SELECT pg_database_size('measured')")[0][0]
    # not below pytest's own directory, which only its owner may enter
    directory = disk_of(f"{size // 1024 + 200}k", below=postgresql.directory)
    space = directory / "space"
    space.mkdir()
    if os.geteuid() == 0:
        shutil.chown(space, "postgres")
    postgresql.do("postgres", f"CREATE TABLESPACE small LOCATION '{space}'")
    postgresql.do("postgres", "CREATE DATABASE small TEMPLATE whole TABLESPACE small")
    study = ended_study(make_study, postgresql.uri("small"), N_POINTS)
    postgresql.do("small", "CREATE TABLE filler (text text)")
    filling = "INSERT INTO filler SELECT repeat('x', 900) FROM generate_series(1, 9999)"
    from psycopg.errors import DiskFull

    with pytest.raises(DiskFull):
        postgresql.do("small", filling)
    with pytest.raises(TrackingError, match="its disk is full"):
        send_study(study)
    subprocess.run(["mount", "-o", "remount,size=64m,mode=0711", directory], check=True)
    assert send_study(study).failed == 0
    assert is_there_once(study)
    mlflow_parts.close_connections(postgresql.uri("small"))
    postgresql.do("postgres", "DROP DATABASE small", "DROP TABLESPACE small")
