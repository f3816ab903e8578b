"""From inputs and settings to a cache entry that is complete or not there."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def file_checksum(path: Path) -> str:
    """Return the SHA-256 of a file's content, hexadecimal."""
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
    with FileLock(parent / f".{key}.lock"), _scratch(parent, key) as scratch:
        if not entry.is_dir():
            build(scratch)
            scratch.rename(entry)
    return entry


@contextmanager
def _scratch(parent: Path, key: str) -> Iterator[Path]:
    scratch = Path(tempfile.mkdtemp(prefix=f".{key}.", dir=parent))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
