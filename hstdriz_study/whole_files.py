"""Files that are there whole or not at all: made aside, put into their place when on the disk."""

from __future__ import annotations

import io
import os
import re
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from hstdriz_study.errors import StudyError
from hstdriz_study.guard import left_by_death

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from astropy.table import Table

ELSEWHERE = "run from a directory of your own"

_UNFINISHED = re.compile(r"\..+\.\d+")


@contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """Write a file aside and put it into its place when it is on the disk.

    Whatever happens meanwhile, a power failure included, the place holds what it held before or
    all that was written.

    Raises
    ------
    OSError
        What the disk refuses, with the name of the file.
    """
    temporary = unfinished(path)
    with left_by_death(temporary):
        try:
            with temporary.open("wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(path)
        except BaseException as error:
            temporary.unlink(missing_ok=True)
            if isinstance(error, OSError) and error.filename is None:
                error.filename = str(path)
            raise


def require_writable(directory: Path, way_on: str) -> None:
    """Refuse, before any work, a directory that its result cannot be written to; make it.

    Parameters
    ----------
    directory : `~pathlib.Path`
    way_on : str
        What to do where it is refused.

    Raises
    ------
    StudyError
        Naming the directory and what the disk says of it.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
        probe = directory / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise StudyError(
            f"{directory}: cannot be written ({error.strerror or error}); {way_on}"
        ) from error


@contextmanager
def written_here(path: Path) -> Iterator[None]:
    """Say in a sentence that a page for the directory one works in cannot be written.

    Raises
    ------
    StudyError
        Naming the page.
    """
    try:
        yield
    except OSError as error:
        raise StudyError(
            f"{path}: cannot be written ({error.strerror or error}); {ELSEWHERE}"
        ) from error


def write_bytes(path: Path, content: bytes) -> None:
    """Write what is made in memory."""
    with written_whole(path) as stream:
        stream.write(content)


def write_text(path: Path, text: str) -> None:
    """Write text in UTF-8."""
    write_bytes(path, text.encode())


def write_ecsv(path: Path, table: Table) -> None:
    """Write a table of astropy."""
    text = io.StringIO()
    table.write(text, format="ascii.ecsv")
    write_text(path, text.getvalue())


def unfinished(path: Path) -> Path:
    """Return where this process makes what is to be somewhere."""
    return path.with_name(f".{path.name}.{os.getpid()}")


def remove_unfinished(directory: Path) -> None:
    """Remove what processes that were killed have made aside, below a directory of one's own."""
    for path in [*directory.rglob(".*")]:
        if not _UNFINISHED.fullmatch(path.name):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
