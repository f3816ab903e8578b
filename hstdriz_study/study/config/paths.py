"""From paths as they were typed to paths that hold in any directory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hstdriz_study.study.config.schema import StudyConfig


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
    return str(Path(path).expanduser().absolute())
