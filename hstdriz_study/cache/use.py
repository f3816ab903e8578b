"""Which entries a process uses, for as long as it or a child of it lives.

A process writes the entries that it uses into a file of its own, which it keeps locked; the system
lets go of the lock when the process ends, however it ends.
"""

from __future__ import annotations

import fcntl
import os
import platform
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from hstdriz_study.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import TextIO

_SIGNS = ".in-use"
_GATE = "gate"

_mine: dict[Path, TextIO] = {}
"""The file of this process in each cache directory; children inherit it, and its lock."""


class NotKnownInUseError(StudyError):
    """The file system does not tell whether another process uses an entry."""


def use(entry: Path) -> None:
    """Keep an entry from being pruned; where nothing can be written nothing can be pruned."""
    cache_dir = entry.parent.parent
    with suppress(OSError), _gate(cache_dir, fcntl.LOCK_SH):
        sign = _mine.get(cache_dir) or _mine.setdefault(cache_dir, _new_sign(cache_dir))
        sign.write(f"{entry.relative_to(cache_dir)}\n")
        sign.flush()


def _new_sign(cache_dir: Path) -> TextIO:
    name = f"{platform.node()}-{os.getpid()}-{time.time_ns()}"
    sign = (cache_dir / _SIGNS / name).open("a+", encoding="utf-8")  # NFS: a shared lock reads
    fcntl.flock(sign, fcntl.LOCK_SH | fcntl.LOCK_NB)
    return sign


@contextmanager
def in_use(cache_dir: Path) -> Iterator[frozenset[Path]]:
    """Give the entries that living processes use; meanwhile none begins to use one.

    Raises
    ------
    NotKnownInUseError
        If the file system has no locks.
    """
    try:
        with _gate(cache_dir, fcntl.LOCK_EX):
            living = [sign for sign in _signs(cache_dir) if not _has_ended(sign)]
            names = {name for sign in living for name in sign.read_text("utf-8").splitlines()}
            yield frozenset(cache_dir / name for name in names)
    except OSError as error:
        raise NotKnownInUseError(
            f"{cache_dir}: cannot tell what running studies use ({error.strerror}); nothing was "
            "removed"
        ) from error


def forget_ended(cache_dir: Path) -> None:
    """Remove the signs of processes that have ended."""
    with suppress(OSError), _gate(cache_dir, fcntl.LOCK_EX):
        for sign in _signs(cache_dir):
            if _has_ended(sign):
                sign.unlink(missing_ok=True)


def _signs(cache_dir: Path) -> list[Path]:
    return [path for path in (cache_dir / _SIGNS).glob("*") if path.name != _GATE]


def _has_ended(sign: Path) -> bool:
    with sign.open("r+") as stream:  # NFS: an exclusive lock writes
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@contextmanager
def _gate(cache_dir: Path, kind: int) -> Iterator[None]:
    """Let those who begin to use entries pass together, and who removes them alone."""
    (cache_dir / _SIGNS).mkdir(parents=True, exist_ok=True)
    with (cache_dir / _SIGNS / _GATE).open("a+") as gate:
        fcntl.flock(gate, kind)
        yield
