"""A SQLite file to what it holds: MLflow's tables, part of them, or something else.

Nothing here needs MLflow, so that any process can look, in a millisecond.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from hstdriz_study.errors import TrackingError
from hstdriz_study.study.track.mlflow_parts import (
    FILLED_BY_MAKING,
    FIRST_COLUMNS,
    FIRST_TABLE,
    REVISION_COLUMN,
    REVISION_TABLE,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

BUSY_S = 30.0
TABLES_NAMED = 5
# Any other name is that of a file which holds something else.
MAGIC = b"SQLite format 3\0"  # what a database begins with
DATABASE_SUFFIXES = {"", ".db", ".db3", ".sqlite", ".sqlite3"}


@dataclass(frozen=True)
class Database:
    """What a SQLite file holds.

    Attributes
    ----------
    tables : tuple of str
        Without that of the revision.
    revision : str or None
        Of MLflow's schema, None where there is none.
    is_used : bool
        Whether it holds a row that making the tables does not put there.
    is_foreign : bool
        Whether it, or the file, holds something that is not MLflow's.
    damage : str or None
        Why the file is no database.
    """

    tables: tuple[str, ...] = ()
    revision: str | None = None
    is_used: bool = False
    is_foreign: bool = False
    damage: str | None = None

    @property
    def content(self) -> str:
        """What is in it, for a sentence."""
        more = "" if len(self.tables) <= TABLES_NAMED else ", …"
        return self.damage or f"tables {', '.join(self.tables[:TABLES_NAMED])}{more}"


def read_database(path: Path, patience_s: float = BUSY_S) -> Database:
    """Look at a file without changing it.

    Parameters
    ----------
    path : `~pathlib.Path`
        A file that is there.
    patience_s : float
        How long to wait for a program that keeps it locked, s.

    Raises
    ------
    TrackingError
        If it stays locked, or may not be read.
    """
    try:
        with closing(open_database(path, patience_s)) as connection:
            connection.execute("BEGIN")  # nobody writes while this one reads
            if _is_cut_off(connection, path):
                return Database(damage="its last page is cut off")
            return _described(connection)
    except sqlite3.Error as error:
        if _code(error) not in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            raise unusable(path, error) from error
        is_foreign = path.suffix not in DATABASE_SUFFIXES or _is_something_else(path, error)
        return Database(damage=str(error), is_foreign=is_foreign)


def _is_something_else(path: Path, error: sqlite3.Error) -> bool:
    """Tell a file that never was a database from one that was cut off or left empty by a crash."""
    with path.open("rb") as stream:
        head = stream.read(len(MAGIC))
    return _code(error) == sqlite3.SQLITE_NOTADB and any(head) and not MAGIC.startswith(head)


def open_database(path: Path, patience_s: float = BUSY_S) -> sqlite3.Connection:
    """Connect to a file that is there; transactions are begun by hand."""
    uri = f"file:{quote(str(path))}?mode=rw"  # a file that may only be read is opened for that
    return sqlite3.connect(uri, timeout=patience_s, isolation_level=None, uri=True)


def unusable(path: Path, error: sqlite3.Error) -> TrackingError:
    """Return the sentence for a file that is locked or may not be used."""
    if _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return TrackingError(
            f"{path}: another program keeps the tracking store locked; let it finish, then run "
            "`hstdriz-study send STUDY_DIR`"
        )
    return TrackingError(
        f"{path}: the tracking store cannot be opened ({error}); make the file and its directory "
        "readable and writable, then run `hstdriz-study send STUDY_DIR`"
    )


def _code(error: sqlite3.Error) -> int:
    """Return SQLite's primary code of an error."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _is_cut_off(connection: sqlite3.Connection, path: Path) -> bool:
    """Tell whether part of a page is missing, which SQLite would take for zeros."""
    connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    (page_bytes,) = connection.execute("PRAGMA page_size").fetchone()
    return bool(path.stat().st_size % page_bytes)


def _described(connection: sqlite3.Connection) -> Database:
    names = [name for (name,) in connection.execute(_TABLES)]
    tables = tuple(name for name in names if name != REVISION_TABLE)
    return Database(
        tables=tables,
        revision=revision_of(connection) if REVISION_TABLE in names else None,
        is_used=_is_used(connection, sorted({*tables} - FILLED_BY_MAKING, key=_first_table_first)),
        is_foreign=bool(tables) and not _columns(connection, FIRST_TABLE) >= FIRST_COLUMNS,
    )


_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'"


def revision_of(connection: sqlite3.Connection) -> str | None:
    """Return the revision of MLflow's schema; the table that holds it is there."""
    if REVISION_COLUMN not in _columns(connection, REVISION_TABLE):
        return None
    query = f"SELECT {REVISION_COLUMN} FROM {REVISION_TABLE}"  # noqa: S608 - constants
    row = connection.execute(query).fetchone()
    return None if row is None else str(row[0])


def _columns(connection: sqlite3.Connection, table: str) -> set[str]:
    rows = connection.execute("SELECT name FROM pragma_table_info(?)", [table])
    return {name for (name,) in rows}


def _first_table_first(table: str) -> bool:
    """Sort the table that tells at once that a store is used before the others."""
    return table != FIRST_TABLE


def _is_used(connection: sqlite3.Connection, tables: Iterable[str]) -> bool:
    names = (table.replace('"', '""') for table in tables)
    return any(
        connection.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone()  # noqa: S608 - quoted
        for name in names
    )
