"""Directories in which entries are made, aside of those that are whole."""

from __future__ import annotations

import os
import platform
import shutil
import time
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hstdriz_study.cache.use import forget_ended
from hstdriz_study.ended import has_ended
from hstdriz_study.guard import left_by_death

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SCRATCH = ".scratch-"
_LEFT_OVER_S = 24 * 3600.0


@contextmanager
def scratch_directory(parent: Path) -> Iterator[Path]:
    """Give a directory that is gone afterwards; its name tells whose it is."""
    _remove_left_over(parent)
    owner = f"{platform.node()}-{os.getpid()}"
    scratch = parent / f"{_SCRATCH}{owner}-{uuid.uuid4().hex[:8]}"
    with left_by_death(scratch):
        scratch.mkdir(mode=0o700)
        try:
            yield scratch
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def remove_leftovers(cache_dir: Path) -> None:
    """Remove what processes that were killed have left: scratch directories, signs of use."""
    for room in cache_dir.glob("*"):
        _remove_left_over(room)
    forget_ended(cache_dir)


def _remove_left_over(room: Path) -> None:
    for scratch in room.glob(f"{_SCRATCH}*"):
        if _is_left_over(scratch):
            shutil.rmtree(scratch, ignore_errors=True)


def _is_left_over(scratch: Path) -> bool:
    node, pid, _ = scratch.name.removeprefix(_SCRATCH).rsplit("-", 2)
    if node != platform.node():  # of a machine that shares the file system
        return time.time() - scratch.stat().st_mtime > _LEFT_OVER_S
    return has_ended(int(pid))
