"""From paths as they were typed to paths that hold in any directory."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study.contracts.sky import CIRCLE
from hstdriz_study.errors import ConfigError
from hstdriz_study.names import is_name, shown

if TYPE_CHECKING:
    from hstdriz_study.study.config.schema import StudyConfig


_MAX_BYTES = 255  # of a name, on every usual file system


def with_absolute_paths(config: StudyConfig) -> StudyConfig:
    """Make the paths absolute that are read again later, when the directory may be another."""
    dataset, drizzle, prepare = config.dataset, config.drizzle, config.prepare
    measure = config.measure
    return replace(
        config,
        dataset=replace(dataset, path=_absolute(dataset.path) if dataset.path else None),
        prepare=replace(
            prepare,
            cache_dir=_absolute(prepare.cache_dir),
            shifts=_absolute(prepare.shifts) if prepare.shifts else None,
            align_to=_of_file(prepare.align_to),
        ),
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


def _of_file(align_to: str | None) -> str | None:
    """Make the path of a file absolute; a name without one here is that of a filter."""
    if not align_to or (is_name(align_to) and not Path(align_to).is_file()):
        return align_to
    return _absolute(align_to)


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
