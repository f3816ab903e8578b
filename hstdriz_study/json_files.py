"""JSON files: strict, written in one step, read with a sentence for what is wrong."""

from __future__ import annotations

import fcntl
import json
import math
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hstdriz_study.errors import StudyError
from hstdriz_study.whole_files import write_text

if TYPE_CHECKING:
    from collections.abc import Callable


class UnreadableError(StudyError):
    """A file was cut off, or is no JSON for another reason."""


def write_json(path: Path, content: Any) -> None:
    """Write strict JSON in one step, so that no reader ever sees half a file."""
    text = json.dumps(_strict(content), indent=1, allow_nan=False) + "\n"
    write_text(path, text)


def read_json(path: Path) -> Any:
    """Read a JSON file of this package.

    Raises
    ------
    StudyError
        If the file is missing; an `UnreadableError` if it is not JSON.
    """
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise StudyError(
            f"{path}: no such file; name the directory of a study (it holds study.json)"
        ) from None
    except ValueError as error:
        raise UnreadableError(
            f"{path}: not valid JSON ({error}); restore the file, or start the study again in its "
            "directory, which makes it anew: hydra.sweep.dir=STUDY_DIR"
        ) from None


def update_json(path: Path, changes: dict[str, Any]) -> None:
    """Set some keys of a JSON object and keep the others; it is made where there is none."""
    rewrite_json(path, lambda content: content | changes)


def rewrite_json(path: Path, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Read a JSON object and write what it is to be; one process at a time.

    Its directory is locked: the file itself is another one afterwards. Where the file system
    has no locks, two that write in the same millisecond lose the change of one.
    """
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(directory, fcntl.LOCK_EX)
        write_json(path, change(read_json(path) if path.is_file() else {}))
    finally:
        os.close(directory)


def _strict(content: Any) -> Any:
    """Replace NaN and infinity, which JSON does not have, by null."""
    if isinstance(content, dict):
        return {str(key): _strict(value) for key, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [_strict(value) for value in content]
    if isinstance(content, (float, np.floating)):
        return float(content) if math.isfinite(content) else None
    if isinstance(content, np.integer):
        return int(content)
    if isinstance(content, Path):
        return str(content)
    return content
