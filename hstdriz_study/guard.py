"""What a process tells the one that guards it: how to go on, and what to remove if it dies.

Whoever is ended by a signal, perhaps in the middle of compiled code, neither removes nor says
anything any more. Its guardian does (`hstdriz_study.cli.guardian`), and is told here what. Without
a guardian, as in a study run from Python, nothing is told.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

GO_ON, LEAVES, REMOVED = ">", "+", "-"
END = "\0"

_guardian: list[int] = []


def report_to(descriptor: int) -> None:
    """Tell all that follows to a pipe; forked processes do as well."""
    _guardian[:] = [descriptor]


def goes_on_with(override: str) -> None:
    """Tell what is to be added to the command that was typed, to go on after an end."""
    _tell(GO_ON, override)


def leaves(path: Path) -> None:
    """Tell of a file or directory that this process removes, unless it dies before."""
    _tell(LEAVES, str(path))


@contextmanager
def left_by_death(path: Path) -> Iterator[None]:
    """Tell of a file or directory that is removed when the context ends."""
    leaves(path)
    try:
        yield
    finally:
        _tell(REMOVED, str(path))


@contextmanager
def temporary_directory(purpose: str) -> Iterator[Path]:
    """Give a directory where the system keeps such; it is gone afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix=f"hstdriz-{purpose}-") as name,
        left_by_death(Path(name)),
    ):
        yield Path(name)


_PR_SET_PDEATHSIG = 1  # linux/prctl.h: what Python has no name for


def die_with(parent: int) -> None:
    """Die when the parent is killed, for nobody else would tell this process; on Linux alone."""
    control(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if sys.platform == "linux" and os.getppid() != parent:
        os._exit(128 + signal.SIGKILL)


def control(option: int, value: int) -> None:
    """Set what the system does with this process and its children; on Linux alone."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _tell(kind: str, what: str) -> None:
    for descriptor in _guardian:
        with suppress(OSError):  # the guardian was killed
            os.write(descriptor, f"{kind}{what}{END}".encode())
