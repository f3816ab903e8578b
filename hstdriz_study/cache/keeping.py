"""What a cache holds: how much of it, used when, and taking out what is not wanted any more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hstdriz_study.cache.damage import MANIFEST_NAME
from hstdriz_study.cache.scratch import scratch_directory
from hstdriz_study.cache.use import in_use

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_ENTRY = re.compile(r"(?P<name>[^.].*)-[0-9a-f]{20}")  # `content_key` ends every name


@dataclass(frozen=True)
class Entry:
    """What one stage has made of its inputs.

    Attributes
    ----------
    path : `~pathlib.Path`
    n_bytes : int
    used : `~datetime.datetime`
        When a study took it last; UTC.
    is_in_use : bool
        Whether a process that uses it is alive.
    """

    path: Path
    n_bytes: int
    used: datetime
    is_in_use: bool

    @property
    def stage(self) -> str:
        """What made it, such as ``prepared``."""
        return self.path.parent.name

    @property
    def name(self) -> str:
        """What it was made for: a filter's name in most stages."""
        found = _ENTRY.fullmatch(self.path.name)
        return found["name"] if found else self.path.name


def entries(cache_dir: Path) -> list[Entry]:
    """Return the entries of a cache, the one used last first.

    Raises
    ------
    NotKnownInUseError
        If the file system does not tell what is in use.
    """
    if not cache_dir.is_dir():
        return []
    with in_use(cache_dir) as used:
        return _entries(cache_dir, used)


def prune(cache_dir: Path, unwanted: Callable[[list[Entry]], list[Entry]]) -> list[Entry]:
    """Remove entries that no living process uses.

    Parameters
    ----------
    cache_dir : `~pathlib.Path`
    unwanted : callable
        Gives those to remove of the entries that are not in use, the one used last first.

    Returns
    -------
    list of Entry
        Those that were removed.

    Raises
    ------
    NotKnownInUseError
        If the file system does not tell what is in use; nothing is removed.
    """
    with in_use(cache_dir) as used:
        removed = unwanted([entry for entry in _entries(cache_dir, used) if not entry.is_in_use])
        for entry in removed:
            # gone from its place at once: half an entry is never seen
            with scratch_directory(entry.path.parent) as scratch:
                entry.path.rename(scratch / entry.path.name)
    return removed


def _entries(cache_dir: Path, used: frozenset[Path]) -> list[Entry]:
    paths = [path for path in cache_dir.glob("*/*") if _is_entry(path)]
    found = [Entry(path, _n_bytes(path), _used(path), path in used) for path in paths]
    return sorted(found, key=lambda entry: (entry.used, entry.path), reverse=True)


def _is_entry(path: Path) -> bool:
    """Tell an entry from whatever else lies in a directory that a user names."""
    return _ENTRY.fullmatch(path.name) is not None and path.is_dir() and not path.is_symlink()


def _n_bytes(path: Path) -> int:
    return sum(file.lstat().st_size for file in path.rglob("*") if not file.is_dir())


def _used(path: Path) -> datetime:
    manifest = path / MANIFEST_NAME
    seconds = (manifest if manifest.exists() else path).stat().st_mtime
    return datetime.fromtimestamp(seconds, UTC)
