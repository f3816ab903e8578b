"""From what fills a directory to an entry of the cache, built in a process of its own."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hstdriz_study.ahead import import_ahead, import_quietly
from hstdriz_study.apart import apart
from hstdriz_study.cache import cached, is_whole, remove_leftovers
from hstdriz_study.errors import LostProcessError, StudyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

log = logging.getLogger(__name__)

_CRASH_LOG = "crashed.log"


def cached_apart(
    entry: Path,
    build: Callable[[Path], None],
    *,
    name: str,
    what: str,
    imports: Sequence[str] = (),
    ahead: Sequence[str] = (),
) -> Path:
    """Return an entry of the cache; one that is not there is built in a process of its own.

    Parameters
    ----------
    entry : `~pathlib.Path`
    build : callable
        Fills the directory it is given, with all that is wanted of it: nothing else comes back.
    name : str
        Of the filter.
    what : str
        What is done.
    imports : sequence of str
        Modules that it needs and that take long to import: this process imports them, so that no
        process for another filter has to.
    ahead : sequence of str
        Modules that are needed afterwards: this process imports them while the other builds.

    Raises
    ------
    LostProcessError
        If the process ends before its work is done; it names the log.
    """
    if is_whole(entry):
        return cached(entry.parent, entry.name, build)
    for module in imports:
        import_quietly(module)
    with apart(build, f"filter={name}: {what} was not finished") as build_apart:

        def built(directory: Path) -> None:
            with _logs_kept(directory, entry.parents[1] / f"failed-{name}.log"):
                # beside it: what is there when it is built belongs to the entry
                build_apart(directory, directory.parent / _CRASH_LOG)

        # after the fork, for these are threads, and its lease is kept alive by another
        import_ahead(ahead)
        return cached(entry.parent, entry.name, built)


@contextmanager
def _logs_kept(directory: Path, kept: Path) -> Iterator[None]:
    """Save the logs of what fails: their directory is about to be removed."""
    try:
        yield
    except LostProcessError as error:
        remove_leftovers(kept.parent)
        told = f"; {kept} has its last words" if _keep_logs(directory, kept) else ""
        raise LostProcessError(f"{error}{told}") from None
    except StudyError:
        if _keep_logs(directory, kept):
            log.error("the log of what failed is %s", kept)  # noqa: TRY400 - the reason follows
        raise


def _keep_logs(directory: Path, kept: Path) -> bool:
    """Return whether there was anything to keep."""
    logs = [*sorted(directory.glob("*.log")), directory.parent / _CRASH_LOG]
    said = b"".join(path.read_bytes() for path in logs if path.is_file())
    if said:
        kept.write_bytes(said)
    return bool(said)
