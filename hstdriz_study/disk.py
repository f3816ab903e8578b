"""Room on a disk, looked at before it is needed."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from hstdriz_study.errors import StudyError

if TYPE_CHECKING:
    from pathlib import Path

_KB, _MB, _GB = 1e3, 1e6, 1e9


def require_free(directory: Path, n_bytes: float, purpose: str, key: str) -> None:
    """Refuse work for whose files a disk has no room.

    Parameters
    ----------
    directory : `~pathlib.Path`
        One that is there.
    n_bytes : float
        What will be written.
    purpose : str
        What for, as the subject of a sentence.
    key : str
        The key that names another directory.

    Raises
    ------
    StudyError
        With both numbers.
    """
    free = shutil.disk_usage(directory).free
    if n_bytes > free:
        raise StudyError(
            f"{directory}: {purpose} will take {size_text(n_bytes)} there and {size_text(free)} "
            f"are free; make room, or name another disk with {key}=DIR"
        )


def size_text(n_bytes: float) -> str:
    """Return a size as it is told, such as ``1.5 GB`` (10^9 bytes)."""
    if n_bytes < _MB:
        return f"{n_bytes / _KB:.0f} kB"
    return f"{n_bytes / _MB:.0f} MB" if n_bytes < _GB else f"{n_bytes / _GB:.1f} GB"
