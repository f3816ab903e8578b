"""JSON files: strict, written in one step, read with a sentence for what is wrong."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path
from typing import Any

import numpy as np

from hstdriz_study.errors import StudyError


def write_json(path: Path, content: Any) -> None:
    """Write strict JSON in one step, so that no reader ever sees half a file."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(json.dumps(_strict(content), indent=1, allow_nan=False) + "\n")
    temporary.replace(path)


def read_json(path: Path) -> Any:
    """Read a JSON file of this package.

    Raises
    ------
    StudyError
        If the file is missing or is not JSON.
    """
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        raise StudyError(
            f"{path}: no such file; name the directory of a study (it holds study.json)"
        ) from None
    except json.JSONDecodeError as error:
        raise StudyError(
            f"{path}: not valid JSON ({error}); restore the file, or run what wrote it again"
        ) from None


def update_json(path: Path, changes: dict[str, Any]) -> None:
    """Set some keys of a JSON object and keep the others."""
    write_json(path, read_json(path) | changes)


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
