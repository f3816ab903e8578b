"""What every refusal has to be, and what must not have changed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MAX_LETTERS = 1200


def assert_one_sentence(told: str, said: str) -> None:
    """Check a sentence that is printed behind ``error: ``."""
    assert said in told, told
    assert told.isprintable(), repr(told)
    assert len(told) <= MAX_LETTERS
    assert "Traceback" not in told


def tree(directory: Path) -> dict[str, str]:
    """Return the content of every file below a directory, and what the others are."""
    return {str(path.relative_to(directory)): _content(path) for path in directory.rglob("*")}


def _content(path: Path) -> str:
    if path.is_symlink():
        return f"link to {path.readlink()}"
    if not path.is_file():
        return f"mode {path.stat().st_mode}"
    return hashlib.sha256(path.read_bytes()).hexdigest()
