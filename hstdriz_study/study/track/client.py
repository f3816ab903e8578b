"""A tracking URI to a connected MLflow client; every failure to one sentence.

MLflow takes 3-4 s to import, so nothing imports it before it is needed.
"""

from __future__ import annotations

import logging
import os
import socket
import sqlite3
import warnings
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hstdriz_study.errors import TrackingError
from hstdriz_study.study.track.condition import look
from hstdriz_study.study.track.making import make_ready
from hstdriz_study.study.track.mlflow_parts import (
    bound_waits,
    close_connections,
    import_database_store,
    installed_schema,
    store_errors,
)
from hstdriz_study.study.track.refusals import what_is_wrong
from hstdriz_study.study.track.server_database import require_ready
from hstdriz_study.study.track.uri import (
    DATABASE_PORTS,
    SERVERS,
    sqlite_path,
    uri_family,
    without_password,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mlflow import MlflowClient

# MLflow's own defaults keep a sweep waiting minutes for a server that is away.
# A value the user has set stays.
ENVIRONMENT = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
}
PROBE_TIMEOUT_S = 10.0
# The SQLite files that MLflow keeps open here, by URI: device and inode.
_opened: dict[str, tuple[int, int]] = {}


def connect(uri: str, *, create: bool = False) -> MlflowClient:
    """Connect to a store.

    Parameters
    ----------
    uri : str
        Absolute tracking URI (`~hstdriz_study.study.track.absolute_uri`).
    create : bool
        Whether a database that is not a sound store is made one: a SQLite file
        (`~hstdriz_study.study.track.making.make_ready`), and an empty or half-made one on a server
        (`~hstdriz_study.study.track.server_database.require_ready`). Only the process that opens
        a study may.

    Raises
    ------
    StoreNotReadyError
        If the database has to be made a sound store first.
    TrackingError
        If the store is away, or cannot be used.
    """
    probe(uri)
    with failures_as_sentences(uri), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as in `import_mlflow`
        import_mlflow()
        from hstdriz_study.study.track.shared_client import SharedClient

        path = sqlite_path(uri)
        if path is not None:
            _ready_file(uri, path, create=create)
        elif uri_family(uri) not in SERVERS:
            bound_waits()
            require_ready(uri, create=create)
        return SharedClient(tracking_uri=uri, registry_uri=uri)


def import_mlflow(uri: str | None = None) -> None:
    """Import MLflow, with what it needs for a store: for databases that is half as much again."""
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    with warnings.catch_warnings():
        # MLflow's use of SQLAlchemy is deprecated; no astronomer can mend that.
        warnings.simplefilter("ignore")
        import_module("mlflow")
        if uri is not None and uri_family(uri) not in SERVERS:
            import_database_store()
            installed_schema()
    # One line a migration, a hundred of them, says nothing to an astronomer.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("mlflow").setLevel(logging.WARNING)
    # It gives every failure with its traceback, and raises it, which becomes a sentence.
    logging.getLogger("mlflow.store.db.utils").setLevel(logging.CRITICAL)
    # What the store has refused is raised as well.
    logging.getLogger("psycopg").setLevel(logging.CRITICAL)
    # The sentence at the end says what each retry would.
    logging.getLogger("urllib3").setLevel(logging.ERROR)


def _ready_file(uri: str, path: Path, *, create: bool) -> None:
    """See that a SQLite file is a sound store, and that MLflow uses this very file."""
    if create:
        make_ready(path)
    look(path).require_sound()
    found = path.stat()
    present = found.st_dev, found.st_ino
    if _opened.setdefault(uri, present) != present:
        # it would go on with the file that had this name before
        close_connections(uri)
        _opened[uri] = present


@contextmanager
def failures_as_sentences(uri: str) -> Iterator[None]:
    """Turn whatever a store raises into a `TrackingError`."""
    try:
        yield
    except TrackingError:
        raise
    except Exception as error:
        if not _is_store_failure(error):
            raise
        raise TrackingError(
            f"{without_password(uri)}: the tracking store cannot be used ({what_is_wrong(error)}); "
            "the records on disk are complete: mend the store, then run "
            "`hstdriz-study send STUDY_DIR`"
        ) from error


def _is_store_failure(error: Exception) -> bool:
    """Tell what a store raises from a defect of this package."""
    # OSError covers requests' exceptions, full disks and missing permissions.
    return isinstance(error, (*store_errors(), sqlite3.Error, OSError, ModuleNotFoundError))


def probe(uri: str) -> None:
    """Find out in seconds what SQLAlchemy's retries would find out in minutes.

    Raises
    ------
    TrackingError
        If no database answers.
    """
    host, port = _database_address(uri)
    if host is None:
        return
    try:
        socket.create_connection((host, port), timeout=PROBE_TIMEOUT_S).close()
    except OSError as error:
        raise TrackingError(
            f"{without_password(uri)}: no database answers there ({error}); start it, then run "
            "`hstdriz-study send STUDY_DIR`"
        ) from error


def _database_address(uri: str) -> tuple[str | None, int]:
    """Host and port of a database; (None, 0) where there is nothing to probe."""
    family = uri_family(uri)
    if family not in DATABASE_PORTS:
        return None, 0
    parts = urlsplit(uri)
    return parts.hostname, parts.port or DATABASE_PORTS[family]
