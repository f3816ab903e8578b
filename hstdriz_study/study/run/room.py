"""Whether disk and memory have room for the points of a study, and for how many at a time."""

from __future__ import annotations

import logging
import math
from os.path import isdir
from typing import TYPE_CHECKING

from hstdriz_study.choose.words.numbers import count
from hstdriz_study.disk import require_free, size_text
from hstdriz_study.drizzle import output_grid
from hstdriz_study.errors import StudyError
from hstdriz_study.memory import available_memory
from hstdriz_study.predict.needs import (
    point_memory,
    processes_that_fit,
    product_disk,
    study_disk,
)
from hstdriz_study.prepare.needs import working_disk
from hstdriz_study.study.config import drizzle_settings
from hstdriz_study.workers import cores

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hstdriz_study.field import Field
    from hstdriz_study.study.config import StudyConfig
    from hstdriz_study.study.directory.layout import StudyDirectory

log = logging.getLogger(__name__)

_NOTHING = (0, 0)
_IMAGE_BYTES_PX = 8  # science and weight in single precision


def require_records(points: Sequence[StudyConfig], directory: Path) -> None:
    """Refuse, before any work, a study for whose records the disk has no room.

    Parameters
    ----------
    points : sequence of `~hstdriz_study.study.config.StudyConfig`
    directory : `~pathlib.Path`
        Of the study; it need not be there yet.

    Raises
    ------
    StudyError
        With the bytes that are needed and those that are free.
    """
    n_filters = len({point.filter.name for point in points})
    above = (directory, *directory.parents)
    there = next(path for path in above if isdir(path))  # noqa: PTH112 - Path's may raise
    require_free(there, study_disk(len(points), n_filters), _purpose(points), "hydra.sweep.dir")


def _purpose(points: Sequence[StudyConfig]) -> str:
    return f"the study, of {count(len(points), 'point')},"


def require_disk(
    points: Sequence[StudyConfig], fields: Mapping[str, Field], study_dir: StudyDirectory
) -> None:
    """Refuse a study for whose records and products the disk has no room.

    Parameters
    ----------
    points : sequence of `~hstdriz_study.study.config.StudyConfig`
    fields : mapping of str to `~hstdriz_study.field.Field`
        Of the filters that could be prepared.
    study_dir : `~hstdriz_study.study.directory.layout.StudyDirectory`

    Raises
    ------
    StudyError
        With the bytes that are needed and those that are free.
    """
    wanted = points[0].report
    needed: float = study_disk(len(points), len(fields))
    if wanted.make_product or wanted.make_noise_map:
        # which is chosen is not known yet
        largest = [
            max(_shapes(points, field), key=math.prod, default=_NOTHING)
            for field in fields.values()
        ]
        needed += sum(product_disk(one, noise_map=wanted.make_noise_map) for one in largest)
        needed += sum(working_disk(field.prepared.inputs) for field in fields.values())
    require_free(study_dir.path, needed, _purpose(points), "hydra.sweep.dir")


def require_images(
    points: Sequence[StudyConfig], fields: Mapping[str, Field], available_bytes: int | None = None
) -> None:
    """Refuse scales whose image, science and weight, no memory of this machine holds.

    Parameters
    ----------
    points : sequence of `~hstdriz_study.study.config.StudyConfig`
    fields : mapping of str to `~hstdriz_study.field.Field`
        Of the filters that could be prepared.
    available_bytes : int, optional
        As in `n_workers`.

    Raises
    ------
    StudyError
        With the pixels and bytes of the first.
    """
    available = available_memory() if available_bytes is None else available_bytes
    for point in points:
        field = fields.get(point.filter.name)
        shape = _shape(point, field) if field else None
        if shape is None or available is None:
            continue
        needed = _IMAGE_BYTES_PX * math.prod(shape)
        if needed > available:
            raise StudyError(
                f"filter={point.filter.name} drizzle.final_scale={point.drizzle.final_scale}: the "
                f"image would have {shape[1]} x {shape[0]} pixels and take {size_text(needed)} of "
                f"memory, of which {size_text(available)} are left; give a larger final_scale"
            )


def _shapes(points: Sequence[StudyConfig], field: Field) -> list[tuple[int, int]]:
    shapes = [_shape(point, field) for point in points if point.filter.name == field.name]
    return [shape for shape in shapes if shape is not None]


def _shape(point: StudyConfig, field: Field) -> tuple[int, int] | None:
    """Return the shape of a point's image; None where it has no grid, of which the point fails."""
    try:
        return output_grid(field.prepared.mosaic, drizzle_settings(point)).shape
    except StudyError:
        return None


def n_workers(
    points: Sequence[StudyConfig], fields: Mapping[str, Field], available_bytes: int | None = None
) -> int:
    """Return how many processes run points: as many as cores and memory, or ``workers``, allow.

    Parameters
    ----------
    points : sequence of `~hstdriz_study.study.config.StudyConfig`
        Those to run.
    fields : mapping of str to `~hstdriz_study.field.Field`
    available_bytes : int, optional
        Memory for all of them; what the machine and its limits leave by default.
    """
    if not points:
        return 0
    wanted = min(len(points), points[0].workers or cores())
    if available_bytes is None:
        available_bytes = available_memory()
    each = max((_memory(point, fields) for point in points), default=0)
    fitting = processes_that_fit(available_bytes, each)
    if fitting is None or fitting >= wanted:
        return wanted
    log.warning(
        "warning: a process takes up to %s of memory and %s are left: points run in %d at a time, "
        "not %d%s",
        size_text(each), size_text(available_bytes or 0), max(1, fitting), wanted,
        "" if fitting else "; even one may be ended by the system",
    )  # fmt: skip
    return max(1, fitting)


def _memory(point: StudyConfig, fields: Mapping[str, Field]) -> int:
    field = fields.get(point.filter.name)
    if field is None:
        return 1  # its point fails at once
    image = _shape(point, field)
    if image is None:
        return 1
    chip = max((chip.shape for chip in field.prepared.chips), key=math.prod)
    return point_memory(point.drizzle.engine, image, chip)
