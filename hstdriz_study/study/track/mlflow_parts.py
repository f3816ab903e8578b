"""MLflow's private parts: nothing else imports them, and pyproject.toml bounds its version.

All are in MLflow 3.5.0 and were read in 3.17.2. Nothing here imports MLflow before it
is called.

``_initialize_tables``, ``_upgrade_db``, ``create_sqlalchemy_engine`` (``mlflow.store.db.utils``)
    A store made or upgraded in a file beside its name. `mlflow.MlflowClient` makes one under
    its name, where a stopped process leaves it half made, and upgrades none.
``_get_alembic_config`` (``mlflow.store.db.utils``), with Alembic's ``ScriptDirectory``
    The revisions of the schema that the installed MLflow knows.
``_get_store`` (``mlflow.tracking._tracking_service.utils``)
    The connections that MLflow keeps open for a URI; only its engine can close them.
``mlflow.store.tracking.sqlalchemy_store``
    Imported ahead, with what SQLAlchemy brings, while a process waits anyway.
``get_artifact_repository`` (``mlflow.store.artifact.artifact_repository_registry``)
    Artifacts sent without asking the store for the run again, as the client does each time.
``SQLAlchemyError`` (``sqlalchemy.exc``)
    What MLflow does not turn into an exception of its own.
``create_engine``, ``NullPool``, ``inspect``, ``select``, ``table``, ``text`` (``sqlalchemy``)
    A look at a database on a server before MLflow is let to it, which would upgrade some older
    schemas without a word, and asks for a minute and a half where it cannot connect.
``event`` (``sqlalchemy``)
    Bounds of waiting, on every connection to PostgreSQL that MLflow makes here.

The constants are names of tables and tags that no documentation has. Three more modules
follow what MLflow's pages read: ``view.py`` a saved view, ``images.py`` the names of
pictures, ``link.py`` addresses.
"""

from __future__ import annotations

import os
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from hstdriz_study.study.track.uri import SQLITE

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

    from mlflow.store.artifact.artifact_repo import ArtifactRepository
    from sqlalchemy import Connection, Dialect, Engine, Inspector

REVISION_TABLE = "alembic_version"
REVISION_COLUMN = "version_num"
# The table that MLflow makes first, and columns that it has had from the first version on.
FIRST_TABLE = "experiments"
FIRST_COLUMNS = {"experiment_id", "artifact_location", "lifecycle_stage"}
# Making the tables leaves a row in these; in the others there is none until the store is used.
FILLED_BY_MAKING = {REVISION_TABLE, "workspaces"}
IMAGES_TAG = "mlflow.loggedImages"
VIEW_TAG = "mlflow.sharedViewState."
COLOR_TAG = "mlflow.runColor"
EXPERIMENT_KIND_TAG = "mlflow.experimentKind"
_RUNS_ENDED = "SELECT run_uuid FROM runs WHERE lifecycle_stage = 'active' AND status <> 'RUNNING'"
_LIBPQ_DRIVERS = ("psycopg", "psycopg2")
CONNECT_TIMEOUT_S = 10
LOCK_TIMEOUT_S = 30  # as SQLite's (`hstdriz_study.study.track.database`)


@dataclass(frozen=True)
class Schema:
    """The revisions that the installed MLflow knows, and the one it works with."""

    head: str
    known: frozenset[str]


@lru_cache(maxsize=1)
def installed_schema() -> Schema:
    """Return the schema of the installed MLflow: reading its migrations takes 15 ms."""
    from alembic.script import ScriptDirectory
    from mlflow.store.db.utils import _get_alembic_config

    scripts = ScriptDirectory.from_config(_get_alembic_config(db_url=""))
    known = frozenset(script.revision for script in scripts.walk_revisions())
    return Schema(str(scripts.get_current_head()), known)


def runs_ended(connection: sqlite3.Connection) -> set[str]:
    """Return the ids of the runs of a SQLite store that have ended and were not deleted."""
    return {str(run_id) for (run_id,) in connection.execute(_RUNS_ENDED)}


def make_tables(uri: str) -> None:
    """Make a store in a database that holds none, or was left with the first tables."""
    from mlflow.store.db.utils import _initialize_tables

    with _engine(uri) as engine:
        _initialize_tables(engine)


def upgrade_tables(path: Path) -> None:
    """Bring a SQLite file to the schema of the installed MLflow."""
    from mlflow.store.db.utils import _upgrade_db

    with _engine(f"{SQLITE}{path}") as engine:
        _upgrade_db(engine)


@contextmanager
def _engine(uri: str) -> Iterator[Engine]:
    from mlflow.store.db.utils import create_sqlalchemy_engine

    engine = create_sqlalchemy_engine(uri)
    try:
        yield engine
    finally:
        engine.dispose()


@dataclass(frozen=True)
class OpenDatabase:
    """A connection to a database on a server, and what tells its tables."""

    _connection: Connection
    _inspector: Inspector

    def tables(self) -> list[str]:
        """Return the names of its tables."""
        return self._inspector.get_table_names()

    def columns(self, table: str) -> set[str]:
        """Return the names of a table's columns."""
        return {str(column["name"]) for column in self._inspector.get_columns(table)}

    def first_row(self, name: str) -> dict[str, Any] | None:
        """Return any row of a table, None where there is none."""
        from sqlalchemy import select, table, text

        query = select(text("*")).select_from(table(name)).limit(1)
        row = self._connection.execute(query).mappings().first()
        return None if row is None else {str(key): value for key, value in row.items()}


@contextmanager
def database_at(uri: str) -> Iterator[OpenDatabase]:
    """Give a database, of which nothing is kept open afterwards."""
    from sqlalchemy import NullPool, create_engine, inspect

    # each look by itself: one that kept several tables would lock out who upgrades them
    engine = create_engine(uri, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield OpenDatabase(connection, inspect(connection))


@lru_cache(maxsize=1)
def bound_waits() -> None:
    """Let no connection to PostgreSQL that is made from now on wait for minutes.

    What the URI or PGCONNECT_TIMEOUT says of connecting stays.
    """
    from sqlalchemy import Engine, event

    event.listen(Engine, "do_connect", _connected)


def _connected(dialect: Dialect, _record: Any, given: list[Any], named: dict[str, Any]) -> Any:
    if dialect.name != "postgresql" or dialect.driver not in _LIBPQ_DRIVERS:
        return None  # SQLAlchemy connects
    if "PGCONNECT_TIMEOUT" not in os.environ:
        named.setdefault("connect_timeout", CONNECT_TIMEOUT_S)
    connection = dialect.connect(*given, **named)
    with closing(connection.cursor()) as cursor:
        cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT_S}s'")
    connection.commit()
    return connection


def import_database_store() -> None:
    """Import what a store in a database needs."""
    import_module("mlflow.store.tracking.sqlalchemy_store")


def close_connections(uri: str) -> None:
    """Close what MLflow keeps open of a database; it opens it anew when it needs it."""
    from mlflow.tracking._tracking_service.utils import _get_store

    _get_store(uri).engine.dispose()


def artifact_repository(artifact_uri: str, tracking_uri: str) -> ArtifactRepository:
    """Return where a run's artifacts are sent."""
    from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository

    return get_artifact_repository(artifact_uri, tracking_uri=tracking_uri)


def store_errors() -> tuple[type[Exception], ...]:
    """Return what MLflow raises where a store fails, beside Python's own exceptions."""
    from mlflow.exceptions import MlflowException
    from sqlalchemy.exc import SQLAlchemyError

    return MlflowException, SQLAlchemyError
