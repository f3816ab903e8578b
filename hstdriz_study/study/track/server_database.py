"""A database on a server, such as PostgreSQL's, to a sound store of the installed MLflow.

Others may use it, of other versions: none is upgraded here. One that holds no store is made one in
transactions, by as many programs at once as there are; what a killed one has left is completed.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

from hstdriz_study.errors import TrackingError
from hstdriz_study.study.track.condition import State, StoreNotReadyError, state_of
from hstdriz_study.study.track.database import Database
from hstdriz_study.study.track.mlflow_parts import (
    FILLED_BY_MAKING,
    FIRST_COLUMNS,
    FIRST_TABLE,
    REVISION_COLUMN,
    REVISION_TABLE,
    database_at,
    installed_schema,
    make_tables,
    store_errors,
)
from hstdriz_study.study.track.uri import without_password

if TYPE_CHECKING:
    from hstdriz_study.study.track.mlflow_parts import OpenDatabase

ATTEMPTS = 4  # two that make the same tables at once disturb each other a few times
LOOK_AGAIN_S = 0.5
_CAN_BE_MADE = (State.ABSENT, State.HALF_MADE)


def require_ready(uri: str, *, create: bool) -> None:
    """See that a database is a sound store; MLflow must have been imported.

    Parameters
    ----------
    uri : str
    create : bool
        Whether one that holds nothing, or was left half made, is made a store.

    Raises
    ------
    StoreNotReadyError
        If it has to be made first, and may not.
    TrackingError
        If it holds something else, or the schema of another MLflow; it stays as it is.
    """
    state, found = _made(uri) if create else _look(uri)
    if state in _CAN_BE_MADE:
        raise StoreNotReadyError(
            f"{without_password(uri)}: the database holds no runs of MLflow, or was left half "
            "made; run `hstdriz-study send STUDY_DIR` to make it again from the records"
        )
    _refuse(uri, state, found)


def _made(uri: str) -> tuple[State, Database]:
    """Make the tables where there are none, unless another program does so meanwhile."""
    for _ in range(ATTEMPTS - 1):
        with suppress(*store_errors()):
            return _made_now(uri)
        time.sleep(LOOK_AGAIN_S)
    return _made_now(uri)


def _made_now(uri: str) -> tuple[State, Database]:
    state, found = _look(uri)
    if state not in _CAN_BE_MADE:
        return state, found
    make_tables(uri)
    return _look(uri)


def _refuse(uri: str, state: State, found: Database) -> None:
    if state is not State.SOUND:
        words = _REFUSED[state].format(revision=found.revision, content=found.content)
        raise TrackingError(
            f"{without_password(uri)}: {words}, or set track.tracking_uri to another database; "
            "then run `hstdriz-study send STUDY_DIR`"
        )


_REFUSED = {
    State.OLDER: "the database has the schema of an older MLflow ({revision}) and stays as it is, "
    "because others may use it; back it up and run `mlflow db upgrade URI`",
    State.NEWER: "the database was made or upgraded by a newer MLflow (schema {revision}) than the "
    "one installed, and stays as it is; install that MLflow",
    State.FOREIGN: "the database holds something else than MLflow's runs ({content}), and stays as "
    "it is; make a database of its own (createdb)",
}


def _look(uri: str) -> tuple[State, Database]:
    schema = installed_schema()
    with database_at(uri) as database:
        found = _described(database, schema.head)
    if not found.tables:
        return State.ABSENT, found
    return state_of(found, schema), found


def _described(database: OpenDatabase, head: str) -> Database:
    names = database.tables()
    tables = tuple(name for name in names if name != REVISION_TABLE)
    if FIRST_TABLE not in tables:  # whatever else lies there does not meet MLflow's
        return Database()
    row = database.first_row(REVISION_TABLE) if REVISION_TABLE in names else None
    revision = None if row is None else row.get(REVISION_COLUMN)
    if revision == head:  # as nearly always: nothing else is asked
        return Database(tables, revision)
    if not database.columns(FIRST_TABLE) >= FIRST_COLUMNS:
        return Database(tables, is_foreign=True)
    others = {*tables} - FILLED_BY_MAKING - {FIRST_TABLE}
    is_used = any(database.first_row(name) for name in (FIRST_TABLE, *sorted(others)))
    return Database(tables, revision, is_used=is_used)
