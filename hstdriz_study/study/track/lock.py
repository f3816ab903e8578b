"""One process at a time, with a sentence for the others when the wait is too long."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from hstdriz_study.errors import TrackingError
from hstdriz_study.study.track.making import make_directory
from hstdriz_study.study.track.uri import sqlite_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

TIMEOUT_S = 300.0


def alone(uri: str) -> AbstractContextManager[object]:
    """Let one process at a time make a SQLite store ready, its first experiment included."""
    path = sqlite_path(uri)
    if path is None:
        return nullcontext()
    make_directory(path)
    return locked(path.with_name(f".{path.name}.lock"))


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock file.

    Raises
    ------
    TrackingError
        If another process holds it for minutes, or the file cannot be written.
    """
    lock = FileLock(path)
    try:
        lock.acquire(timeout=TIMEOUT_S)
    except Timeout:
        raise TrackingError(
            f"{path}: another process has held this lock for {TIMEOUT_S:.0f} s; let it finish, "
            "then run `hstdriz-study send STUDY_DIR`"
        ) from None
    except OSError as error:
        raise TrackingError(
            f"{path}: cannot be written ({error.strerror}); make {path.parent} writable"
        ) from error
    try:
        yield
    finally:
        lock.release()
