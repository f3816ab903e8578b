"""One process at a time drives a study: starts it, chooses, reports, sends, makes its products."""

from __future__ import annotations

import atexit
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from filelock import MarkerSoftFileLock, Timeout

from hstdriz_study.ended import holder_has_ended, host_of
from hstdriz_study.errors import StudyError
from hstdriz_study.guard import leaves
from hstdriz_study.whole_files import remove_unfinished

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.study.directory.layout import StudyDirectory

_DYING_S = 1.0  # of a process that was killed
# filelock takes a lock whose name was cut off after two, and never one without any
_NAMELESS_S = 3.0

_held: dict[Path, MarkerSoftFileLock] = {}
"""The locks of this process, by study; until it ends."""


def drive(study_dir: StudyDirectory) -> None:
    """Become the one process that drives a study, until this process ends; again is nothing.

    What a process that was killed has left half written is removed.

    The lock names host and process. That of a process of this machine which is dead is taken over.

    Parameters
    ----------
    study_dir : `~hstdriz_study.study.directory.layout.StudyDirectory`
        A directory that is there.

    Raises
    ------
    StudyError
        Naming the process that drives it already.
    """
    path = study_dir.path.resolve()
    if path in _held:
        return
    # no heartbeat: its thread would be there when the workers are forked
    lock = MarkerSoftFileLock(study_dir.driver)
    try:
        lock.acquire(timeout=_DYING_S)
    except Timeout:
        _take_over(study_dir, lock)
    leaves(study_dir.driver)
    _held[path] = lock
    remove_unfinished(path)
    _remove_wordless(study_dir)
    atexit.register(_release, path, os.getpid())


def _remove_wordless(study_dir: StudyDirectory) -> None:
    """Remove crash logs without a word: their processes were killed, and did not crash."""
    for point in study_dir.points():
        if point.crash_log.is_file() and not point.crash_log.stat().st_size:
            point.crash_log.unlink()


def _take_over(study_dir: StudyDirectory, lock: MarkerSoftFileLock) -> None:
    """Take the lock of a process that was killed as it wrote its name, or is not known as dead."""
    owner = lock.owner
    if owner is None:
        with suppress(Timeout):
            lock.acquire(timeout=_NAMELESS_S)
            return
        owner = lock.owner
    if owner is not None and not holder_has_ended(owner):
        raise StudyError(_busy(study_dir, f"process {owner.pid} on {host_of(owner)}"))
    lock.force_break()
    try:
        lock.acquire(timeout=_DYING_S)
    except Timeout:  # somebody was quicker
        raise StudyError(_busy(study_dir, "another process")) from None


def _busy(study_dir: StudyDirectory, who: str) -> str:
    return (
        f"{study_dir}: {who} is at work on this study; wait until it ends (if that machine is "
        f"gone, remove {study_dir.driver.name} there)"
    )


def _release(path: Path, pid: int) -> None:
    if os.getpid() == pid:  # not in a child
        _held.pop(path).release()
