"""What a SQLite file is to MLflow, and which files stay as they are."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hstdriz_study.errors import ConfigError, TrackingError
from hstdriz_study.study.track import refuse_foreign_file
from hstdriz_study.study.track.client import connect
from hstdriz_study.study.track.condition import State, look
from hstdriz_study.study.track.database import open_database, read_database
from hstdriz_study.study.track.making import _hold, make_ready
from hstdriz_study.study.track.mlflow_parts import installed_schema

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from types import SimpleNamespace


def executed(path: Path, script: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)


@pytest.mark.parametrize(
    ("content", "state"),
    [
        (b"", State.HALF_MADE),
        (bytes(4096), State.DAMAGED),
        (b"SQLite format 3", State.DAMAGED),
        (b"my precious notes", State.FOREIGN),
    ],
)
def test_file_that_is_no_database_is_recognised(store: Path, content: bytes, state: State) -> None:
    store.write_bytes(content)
    assert look(store).state is state


@pytest.mark.parametrize(
    "script", ["CREATE TABLE t (x); DROP TABLE t", "CREATE TABLE alembic_version (version_num)"]
)
def test_database_without_tables_is_half_made(store: Path, script: str) -> None:
    executed(store, script)
    assert look(store).state is State.HALF_MADE


@pytest.mark.parametrize("revision", [None, "451aebb31d03", "df50e92ffc5e"])
def test_store_whose_migrations_were_stopped_is_half_made(
    store: Path, mlflow_tables: Callable[[Path, str | None], None], revision: str | None
) -> None:
    mlflow_tables(store, revision)
    assert look(store).state is State.HALF_MADE


def test_making_is_half_done_until_the_last_revision_is_written(
    store: Path, empty_database: Path
) -> None:
    shutil.copy(empty_database, store)
    executed(store, "DELETE FROM experiments; DELETE FROM alembic_version")
    assert look(store).state is State.HALF_MADE
    with closing(sqlite3.connect(store)) as connection:
        connection.execute("INSERT INTO alembic_version VALUES (?)", [installed_schema().head])
        connection.commit()
    assert look(store).state is State.SOUND


@settings(max_examples=40)
@given(part=st.floats(0, 1, exclude_max=True))
def test_store_cut_off_anywhere_is_broken(
    tmp_path_factory: pytest.TempPathFactory, empty_database: Path, part: float
) -> None:
    content = empty_database.read_bytes()
    path = tmp_path_factory.getbasetemp() / "cut.db"
    path.write_bytes(content[: int(part * len(content))])
    assert look(path).state in (State.HALF_MADE, State.DAMAGED)


OTHERS = {
    "stars.db": "CREATE TABLE stars (x); INSERT INTO stars VALUES (1)",
    "empty.db": "CREATE TABLE stars (x)",
    "lab.db": "CREATE TABLE experiments (id, name); INSERT INTO experiments VALUES (1, 'a')",
}


@pytest.mark.parametrize("name", OTHERS)
def test_database_of_something_else_stays_as_it_is(
    make_study: SimpleNamespace, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    executed(path, OTHERS[name])
    os.utime(path, (0, 0))  # nobody writes to it
    stay_as_it_is(make_study, path, "holds something else than MLflow's runs (tables ")


def test_file_of_another_kind_stays_as_it_is(make_study: SimpleNamespace, tmp_path: Path) -> None:
    path = tmp_path / "catalog.fits"
    path.write_text("SIMPLE  =                    T")
    stay_as_it_is(
        make_study, path, "holds something else than MLflow's runs (file is not a database)"
    )


def stay_as_it_is(make_study: SimpleNamespace, path: Path, sentence: str) -> None:
    before = path.read_bytes(), path.stat().st_ino, sorted(path.parent.iterdir())
    with pytest.raises(ConfigError) as told:
        refuse_foreign_file(f"sqlite:///{path.name}", path.parent)
    assert sentence in str(told.value)
    with pytest.raises(TrackingError) as told:
        make_ready(path)
    assert f"{path}: {sentence}" in str(told.value)
    assert before == (path.read_bytes(), path.stat().st_ino, sorted(path.parent.iterdir()))
    with pytest.raises(TrackingError):
        make_study.open(f"sqlite:///{path}")


def test_half_made_store_that_holds_rows_of_another_program_is_not_set_aside(
    store: Path, mlflow_tables: Callable[[Path, None], None]
) -> None:
    mlflow_tables(store, None)
    executed(store, "CREATE TABLE stars (x); INSERT INTO stars VALUES (1)")
    executed(store, "ALTER TABLE metrics ADD COLUMN step BIGINT")  # half of the first migration
    assert look(store).state is State.OLDER
    before = store.read_bytes()
    with pytest.raises(TrackingError, match="could not be upgraded"):
        make_ready(store)
    assert store.read_bytes() == before
    assert [path.name for path in store.parent.iterdir()] == ["mlflow.db"]


LOCKED = "another program keeps the tracking store locked"


@pytest.mark.parametrize(
    ("lock", "read"),
    [("EXCLUSIVE", pytest.raises(TrackingError, match=LOCKED)), ("IMMEDIATE", nullcontext())],
)
def test_store_that_another_program_keeps_locked_is_not_half_made(
    store: Path,
    mlflow_tables: Callable[[Path, None], None],
    lock: str,
    read: AbstractContextManager[object],
) -> None:
    mlflow_tables(store, None)
    with (
        closing(open_database(store)) as other,
        closing(open_database(store, patience_s=0.1)) as own,
    ):
        other.execute(f"BEGIN {lock}")
        with pytest.raises(TrackingError, match=LOCKED):
            _hold(own, store)
        with read:
            read_database(store, patience_s=0.1)
    assert [path.name for path in store.parent.iterdir()] == ["mlflow.db"]


def test_store_that_may_not_be_read_is_a_sentence() -> None:
    program = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from hstdriz_study.errors import TrackingError\n"
        "from hstdriz_study.study.track.condition import look\n"
        "if os.geteuid() == 0: os.seteuid(65534)\n"  # to whom no permission is forgiven
        "try: look(Path(sys.argv[1]))\n"
        "except TrackingError as error: print(error)\n"
    )
    # not below pytest's own directory, which only its owner may enter
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)
        store = Path(directory) / "mlflow.db"
        store.touch(mode=0)
        told = subprocess.run(
            [sys.executable, "-c", program, str(store)], check=True, capture_output=True, text=True
        ).stdout
        assert [path.name for path in store.parent.iterdir()] == ["mlflow.db"]
    assert told.startswith(f"{store}: the tracking store cannot be opened")
    assert "make the file and its directory readable and writable" in told


def test_store_of_a_newer_mlflow_stays_as_it_is(
    make_study: SimpleNamespace, store: Path, empty_database: Path
) -> None:
    shutil.copy(empty_database, store)
    executed(store, "UPDATE alembic_version SET version_num = 'ffff00001111'")
    before = store.read_bytes()
    with pytest.raises(TrackingError, match=r"made by a newer MLflow \(schema ffff00001111\)"):
        make_study.open(f"sqlite:///{store}")
    assert store.read_bytes() == before


def test_half_made_store_is_not_made_by_who_only_reads_it(store: Path) -> None:
    store.touch()
    with pytest.raises(TrackingError, match=r"half made; run `hstdriz-study send STUDY_DIR`"):
        connect(f"sqlite:///{store}")
    assert store.stat().st_size == 0
