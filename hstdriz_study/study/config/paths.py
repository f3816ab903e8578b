"""From paths as they were typed to paths that hold in any directory."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study.errors import ConfigError
from hstdriz_study.names import shown

if TYPE_CHECKING:
    from hstdriz_study.study.config.schema import StudyConfig


_MAX_BYTES = 255  # of a name, on every usual file system


def with_absolute_paths(config: StudyConfig) -> StudyConfig:
    """Make the paths absolute that are read again later, when the directory may be another."""
    dataset, drizzle, prepare = config.dataset, config.drizzle, config.prepare
    return replace(
        config,
        dataset=replace(dataset, path=_absolute(dataset.path) if dataset.path else None),
        prepare=replace(prepare, cache_dir=_absolute(prepare.cache_dir)),
        drizzle=replace(
            drizzle,
            final_refimage=_absolute(drizzle.final_refimage) if drizzle.final_refimage else None,
            ivm_path=_absolute(drizzle.ivm_path) if drizzle.ivm_path else None,
        ),
    )


def _absolute(path: str) -> str:
    """Return a path that holds in any directory.

    Raises
    ------
    ConfigError
        If no file system takes it, or ``~`` is nobody's.
    """
    try:
        absolute = Path(path).expanduser().absolute()
    except RuntimeError as error:
        raise ConfigError(f"{shown(path)}: {error}; write the directory out") from None
    if any(len(os.fsencode(part)) > _MAX_BYTES for part in absolute.parts):
        raise ConfigError(f"{shown(path)}: a name in it is longer than {_MAX_BYTES} bytes")
    return str(absolute)
