"""Short names for contents: equal contents, equal names."""

from __future__ import annotations

import hashlib
import json
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

_BLOCK_BYTES = 1 << 20


def file_checksum(path: Path) -> str:
    """Return the SHA-256 of a file's content, hexadecimal; read once while it is the same."""
    found = path.stat()
    return _sha256(path, found.st_ino, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=4096)
def _sha256(path: Path, *_: int) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def file_crc32(path: Path) -> int:
    """Return the CRC-32 of a file's content; read once while it is the same.

    Three times as fast as SHA-256, and as good at damage that nobody means to hide.
    """
    found = path.stat()
    return _crc32(path, found.st_ino, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=4096)
def _crc32(path: Path, *_: int) -> int:
    value = 0
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            value = zlib.crc32(block, value)
    return value


def forget_files() -> None:
    """Read every file again that is asked for, even where it seems the same."""
    _sha256.cache_clear()
    _crc32.cache_clear()


def content_key(content: Any) -> str:
    """Return a short name for a JSON-able value: equal values, equal names."""
    text = json.dumps(content, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:20]
