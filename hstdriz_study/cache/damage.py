"""Whether an entry is still what was written: the size and checksum of each of its files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hstdriz_study.cache.checksums import file_crc32

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST_NAME = "manifest.json"


def write_manifest(entry: Path) -> None:
    """Keep size and checksum of every file of an entry, in the entry.

    A manifest that came with a copy of another entry is not counted: it is written over.
    """
    files = {
        str(path.relative_to(entry)): [path.stat().st_size, file_crc32(path)]
        for path in sorted(entry.rglob("*"))
        if path.is_file() and path != entry / MANIFEST_NAME
    }
    (entry / MANIFEST_NAME).write_text(json.dumps(files, indent=1) + "\n", "utf-8")


def damage(entry: Path) -> str:
    """Say what is not as it was written, empty where nothing is.

    Sizes are looked at every time; a file is read once in a process, unless it changes.

    Parameters
    ----------
    entry : `~pathlib.Path`
        A directory that is there.
    """
    try:
        files = json.loads((entry / MANIFEST_NAME).read_text("utf-8"))
        written = [(entry / name, int(size), int(crc)) for name, (size, crc) in files.items()]
    except (OSError, ValueError, TypeError, AttributeError):
        return f"{MANIFEST_NAME} is gone or cannot be read"
    said = (_damage_of_file(*of_file) for of_file in written)
    return next(filter(None, said), "")


def _damage_of_file(path: Path, n_bytes: int, crc32: int) -> str:
    try:
        found = path.stat().st_size
        if found != n_bytes:
            return f"{path.name} has {found} bytes, and had {n_bytes}"
        return "" if file_crc32(path) == crc32 else f"{path.name} has another content"
    except OSError as error:
        return f"{path.name} cannot be read ({error.strerror})"
