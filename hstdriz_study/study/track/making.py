"""A SQLite store that is complete under its name: made or upgraded beside it, then renamed.

MLflow makes a store by some seventy migrations, in seconds. One that is stopped on the way can
never be used again, so nobody finds it under the name of the store.
"""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import time
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING

from hstdriz_study.errors import TrackingError, first_line
from hstdriz_study.study.track.condition import State, look
from hstdriz_study.study.track.database import open_database, revision_of, unusable
from hstdriz_study.study.track.mlflow_parts import make_tables, upgrade_tables
from hstdriz_study.study.track.uri import SQLITE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hstdriz_study.study.track.condition import Condition

log = logging.getLogger(__name__)

# A migration takes a tenth of a second: whoever makes a store writes to it more often than this.
QUIET_S = 10.0
LOOK_AGAIN_S = 0.2
# What SQLite keeps beside a file. A new file that finds the journal of an old one is ruined by it.
SIDE_FILES = ("-journal", "-wal", "-shm")


def make_directory(path: Path) -> None:
    """Make the directory of a store.

    Raises
    ------
    TrackingError
        If it cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TrackingError(
            f"{path.parent}: cannot hold the tracking database ({error.strerror}); set "
            "track.tracking_uri=sqlite:///DIR/mlflow.db to a directory you can write"
        ) from error


def make_ready(path: Path) -> None:
    """Leave a sound store of the installed MLflow under a name, whatever is there.

    One that is half made or damaged is set aside and made anew; one with an older
    schema is kept beside a copy that is upgraded. Both are told in a line. To be
    called by one process at a time; MLflow must have been imported.

    Parameters
    ----------
    path : `~pathlib.Path`
        Its directory is there.

    Raises
    ------
    TrackingError
        If the file holds something else, was made by a newer MLflow, is locked,
        cannot be upgraded or may not be used; it stays as it is.
    """
    _remove(_making(path))  # of a process that was stopped
    while not _is_made_ready(_settled(path)):
        time.sleep(LOOK_AGAIN_S)


def _is_made_ready(condition: Condition) -> bool:
    """Do what a file needs; tell whether it was still what it had seemed to be."""
    condition.refuse()
    if condition.state is State.OLDER:
        return _upgrade(condition)
    if condition.state is not State.SOUND:
        _set_aside(condition)
        _make(condition.path)
    return True


def _settled(path: Path) -> Condition:
    """Look at a file until it is whole, or nobody writes to it any more."""
    while True:
        is_written_to = _is_written_to(path)  # before: to look may take back what was not finished
        condition = look(path)
        if condition.state not in (State.HALF_MADE, State.DAMAGED) or not is_written_to:
            return condition
        time.sleep(LOOK_AGAIN_S)


def _is_written_to(path: Path) -> bool:
    try:
        return abs(time.time() - path.stat().st_mtime) < QUIET_S
    except FileNotFoundError:
        return False


def _make(path: Path) -> None:
    with _removed_after(path) as making:
        make_tables(f"{SQLITE}{making}")
        making.replace(path)


def _upgrade(condition: Condition) -> bool:
    """Upgrade a copy; nobody can write to the original meanwhile."""
    path, revision = condition.path, condition.found.revision
    kept = _free_name(path, f"schema-{revision}")
    with closing(open_database(path)) as holder, _removed_after(path) as making:
        _hold(holder, path)
        if revision_of(holder) != revision:
            return False  # another program has begun to upgrade it
        log.warning(
            "warning: %s: has the schema of an older MLflow (%s) and is upgraded; as it was it is "
            "kept in %s",
            path, revision, kept.name,
        )  # fmt: skip
        _copy(path, making)
        _migrate(making, condition)
        shutil.copymode(path, making)
        _keep(path, kept)
        making.replace(path)
    return True


def _migrate(making: Path, condition: Condition) -> None:
    try:
        upgrade_tables(making)
    except Exception as error:
        raise TrackingError(
            f"{condition.path}: its schema, of an older MLflow ({condition.found.revision}), could "
            f"not be upgraded ({first_line(error)}) and stays as it is; set "
            "track.tracking_uri=sqlite:///DIR/mlflow.db to another file, or move this one away and "
            "run `hstdriz-study send STUDY_DIR`"
        ) from error


@contextmanager
def _removed_after(path: Path) -> Iterator[Path]:
    """Give a file in which a store is completed, to be renamed then."""
    making = _making(path)
    try:
        yield making
    finally:
        _remove(making)


def _making(path: Path) -> Path:
    return path.with_name(f".{path.name}.making")


def _remove(path: Path) -> None:
    for suffix in ("", *SIDE_FILES, "-kept"):
        _beside(path, suffix).unlink(missing_ok=True)


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(f"{path.name}{suffix}")


def _free_name(path: Path, label: str) -> Path:
    moment = datetime.now().astimezone()
    return path.with_name(f"{path.name}.{label}-{moment:%Y-%m-%dT%H-%M-%S-%f}")


def _set_aside(condition: Condition) -> None:
    """Move away what cannot be used, and what an absent file has left beside its name."""
    path, state = condition.path, condition.state
    place = _free_name(path, state.value)
    if state is State.HALF_MADE:
        with closing(open_database(path)) as connection:
            _hold(connection, path)
    # its journal first: the new file must never meet it
    for suffix in (*SIDE_FILES, ""):
        with suppress(FileNotFoundError):
            _beside(path, suffix).rename(_beside(place, suffix))
    if state is not State.ABSENT:
        log.warning(
            "warning: %s: was %s%s and is now %s; a new store is made, which other studies are "
            "sent to by: hstdriz-study send STUDY_DIR",
            path, state.value.replace("-", " "),
            f" ({condition.found.damage})" if condition.found.damage else "", place.name,
        )  # fmt: skip


def _hold(connection: sqlite3.Connection, path: Path) -> None:
    """Let nobody else write to a file while the connection lasts."""
    try:
        # what a write-ahead log holds must come into the file before that is moved
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        raise unusable(path, error) from error


def _copy(path: Path, place: Path) -> None:
    """Copy through SQLite: to open the file otherwise would give up the hold on it."""
    # the connection that holds it cannot be copied from: SQLite would wait for it
    with closing(open_database(path)) as original, closing(sqlite3.connect(place)) as copy:
        original.backup(copy)


def _keep(path: Path, kept: Path) -> None:
    """Give the file a second name, or a copy where the file system has no such thing."""
    try:
        os.link(path, kept)
    except OSError:
        part = _beside(_making(path), "-kept")
        _copy(path, part)
        part.rename(kept)
