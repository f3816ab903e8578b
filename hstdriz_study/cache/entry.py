"""From inputs and settings to a cache entry that is whole or not there."""

from __future__ import annotations

import errno
import logging
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from filelock import SoftFileLease, Timeout

from hstdriz_study.cache.damage import MANIFEST_NAME, damage, write_manifest
from hstdriz_study.cache.scratch import scratch_directory
from hstdriz_study.cache.use import use
from hstdriz_study.ended import holder_has_ended, host_of
from hstdriz_study.errors import StudyError
from hstdriz_study.guard import left_by_death

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

log = logging.getLogger(__name__)

_SILENT_S = 2.0  # of waiting for another process
# The heartbeat is a thread's, which foreign code may keep from running for some seconds.
_HEARTBEAT_S, _LEASE_S = 15.0, 120.0
_THERE = (errno.ENOTEMPTY, errno.EEXIST)


def cached(parent: Path, key: str, build: Callable[[Path], None]) -> Path:
    """Return the entry ``parent/key``, building it first when it is not there or damaged.

    The entry is built beside its place and renamed into it, so that no process ever sees half
    of one; under a lease, so that two do not build the same: two that do waste work and
    damage nothing. It is in use until the process ends.

    Parameters
    ----------
    parent : `~pathlib.Path`
        A stage's room in the cache directory.
    key : str
    build : callable
        Fills the directory it is given.
    """
    _make_room(parent)
    entry = parent / key
    use(entry)
    if not is_whole(entry):
        with _building_alone(entry):
            _build(entry, build)
    elif _lease_file(entry).exists():
        _end_lease_of_the_dead(entry)
    with suppress(OSError):  # of a cache that may only be read
        os.utime(entry / MANIFEST_NAME)  # when it was used last
    return entry


def _make_room(parent: Path) -> None:
    try:
        parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, FileNotFoundError, NotADirectoryError) as error:
        raise StudyError(
            f"prepare.cache_dir={parent.parent}: no directory can be made there "
            f"({error.strerror}); name another with prepare.cache_dir=DIR or HSTDRIZ_STUDY_CACHE"
        ) from None


def is_whole(entry: Path) -> bool:
    """Tell whether an entry is there and undamaged."""
    return entry.is_dir() and not damage(entry)


def _build(entry: Path, build: Callable[[Path], None]) -> None:
    """Build an entry unless another process has done it meanwhile."""
    with scratch_directory(entry.parent) as scratch:
        if entry.is_dir():
            if not (found := damage(entry)):
                return
            log.warning("warning: %s: %s; it is made anew", entry, found)
            entry.rename(scratch / "damaged")
        made = scratch / "made"
        made.mkdir()
        build(made)
        write_manifest(made)
        try:
            made.rename(entry)
        except OSError as error:
            if error.errno not in _THERE:
                raise


@contextmanager
def _building_alone(entry: Path) -> Iterator[None]:
    """Hold an entry's lease, which names host, process and start of its holder.

    One whose holder has died is taken over: at once on the same machine, on a shared file system
    after heartbeats were missed. A holder that was only slow goes on, and finds the entry there.
    """
    lease = _lease(entry)
    _acquire(lease, entry)
    with left_by_death(_lease_file(entry)):
        try:
            yield
        finally:
            lease.release()


def _end_lease_of_the_dead(entry: Path) -> None:
    """Remove what a process left that was killed between making an entry and giving up its lease.

    Nobody else would: what is there is not made again.
    """
    lease = _lease(entry)
    with suppress(Timeout, OSError):  # held by a living process, or in a cache that is only read
        _break_if_dead(lease)
        lease.acquire(timeout=0)
        lease.release()


def _break_if_dead(lease: SoftFileLease) -> bool:
    is_dead = lease.owner is not None and holder_has_ended(lease.owner)
    if is_dead:
        lease.force_break()
    return is_dead


def _lease(entry: Path) -> SoftFileLease:
    return SoftFileLease(
        _lease_file(entry), lease_duration=_LEASE_S, heartbeat_interval=_HEARTBEAT_S
    )


def _lease_file(entry: Path) -> Path:
    return entry.with_name(f".{entry.name}.lease")


def _acquire(lease: SoftFileLease, entry: Path) -> None:
    """Wait for a lease, but not for that of a process which was killed before it wrote its name.

    filelock holds such a lease for one of an old version, for ever.
    """
    is_told = False
    while True:
        try:
            lease.acquire(timeout=_SILENT_S)
        except Timeout:
            if lease.owner is None:
                lease.force_break()
            elif not _break_if_dead(lease) and not is_told:
                log.info("%s: waiting for %s, which makes it", entry, _holder(lease))
                is_told = True
        else:
            return


def _holder(lease: SoftFileLease) -> str:
    owner = lease.owner
    return f"process {owner.pid} on {host_of(owner)}" if owner else "another process"
