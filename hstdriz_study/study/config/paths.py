"""From paths as they were typed to paths that hold in any directory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study.contracts.sky import CIRCLE

if TYPE_CHECKING:
    from hstdriz_study.study.config.schema import StudyConfig


def with_absolute_paths(config: StudyConfig) -> StudyConfig:
    """Make the paths absolute that are read again later, when the directory may be another."""
    dataset, drizzle, prepare = config.dataset, config.drizzle, config.prepare
    measure = config.measure
    return replace(
        config,
        dataset=replace(dataset, path=_absolute(dataset.path) if dataset.path else None),
        prepare=replace(prepare, cache_dir=_absolute(prepare.cache_dir)),
        drizzle=replace(
            drizzle,
            final_refimage=_absolute(drizzle.final_refimage) if drizzle.final_refimage else None,
            ivm_path=_absolute(drizzle.ivm_path) if drizzle.ivm_path else None,
        ),
        measure=replace(
            measure,
            region=_absolute_area(measure.region),
            leave_out=_absolute_area(measure.leave_out),
            stars=_absolute(measure.stars) if measure.stars else None,
        ),
    )


def _absolute_area(text: str | None) -> str | None:
    """Leave a circle in words as it is."""
    return _absolute(text) if text and not CIRCLE.match(text) else text


def _absolute(path: str) -> str:
    return str(Path(path).expanduser().absolute())
