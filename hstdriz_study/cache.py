"""From inputs and settings to a cache entry that is complete or not there."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import tempfile
import time
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SCRATCH = ".scratch-"
_LEFT_OVER_S = 24 * 3600.0


def file_checksum(path: Path) -> str:
    """Return the SHA-256 of a file's content, hexadecimal; read once while it is the same."""
    found = path.stat()
    return _checksum(path, found.st_ino, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=4096)
def _checksum(path: Path, *_: int) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def content_key(content: Any) -> str:
    """Return a short name for a JSON-able value: equal values, equal names."""
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def cached(parent: Path, key: str, build: Callable[[Path], None]) -> Path:
    """Return the entry ``parent/key``, building it first when it is not there.

    The entry is built beside its place and renamed into it, under a lock, so
    that no process ever sees half of one and two do not build the same.

    Parameters
    ----------
    parent : `~pathlib.Path`
    key : str
    build : callable
        Fills the directory it is given.
    """
    parent.mkdir(parents=True, exist_ok=True)
    entry = parent / key
    if entry.is_dir():
        return entry
    with FileLock(parent / f".{key}.lock"), scratch_directory(parent) as scratch:
        if not entry.is_dir():
            build(scratch)
            scratch.rename(entry)
    return entry


@contextmanager
def scratch_directory(parent: Path) -> Iterator[Path]:
    """Give a directory that is gone afterwards; its name tells whose it is."""
    owner = f"{platform.node()}-{os.getpid()}"
    scratch = Path(tempfile.mkdtemp(prefix=f"{_SCRATCH}{owner}-", dir=parent))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def remove_leftovers(cache_dir: Path) -> None:
    """Remove the scratch directories of processes that were killed."""
    for scratch in cache_dir.glob(f"*/{_SCRATCH}*"):
        if _is_left_over(scratch):
            shutil.rmtree(scratch, ignore_errors=True)


def _is_left_over(scratch: Path) -> bool:
    node, pid, _ = scratch.name.removeprefix(_SCRATCH).rsplit("-", 2)
    if node != platform.node():  # of a machine that shares the file system
        return time.time() - scratch.stat().st_mtime > _LEFT_OVER_S
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False  # alive, another user's
    return False
