"""From an ended study to the field of a filter, though its prepared exposures may be gone."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study.cache import file_checksum
from hstdriz_study.dataset.copies import copy_name
from hstdriz_study.errors import StudyError
from hstdriz_study.field import Field
from hstdriz_study.study.config import field_options, points_told, shipped_cache_dir
from hstdriz_study.study.directory.stored import stored_config
from hstdriz_study.study.run.filter_setup import (
    PreparedGoneError,
    load_field,
    recorded_inputs,
    with_prepared,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.study.config import StudyConfig
    from hstdriz_study.study.directory.layout import StudyDirectory

log = logging.getLogger(__name__)

_ROUNDED = " (another processor or NumPy rounds the last bits otherwise)"


def field_of(record: PointRecord, study_dir: StudyDirectory) -> Field:
    """Return the field of a measured point; its exposures are prepared anew when they are gone.

    What was measured stays: stars and boxes are those of the study.

    Raises
    ------
    StudyError
        If the exposures cannot be prepared anew; it names what is gone.
    """
    config = stored_config(record.provenance["config"])
    with suppress(PreparedGoneError):
        return load_field(study_dir, config)
    return _prepared_anew(record, config, study_dir)


def field_with_exposures(record: PointRecord, study_dir: StudyDirectory) -> Field:
    """Return the field of a measured point whose exposures themselves are there; as `field_of`."""
    field = field_of(record, study_dir)
    if all(path.is_file() for path in field.prepared.inputs):
        return field
    return _prepared_anew(record, stored_config(record.provenance["config"]), study_dir)


def _prepared_anew(record: PointRecord, config: StudyConfig, study_dir: StudyDirectory) -> Field:
    """Simulate and prepare, or prepare, under the present keys; the study is not written to."""
    simulated = config.dataset.kind == "synthetic"
    inputs = recorded_inputs(study_dir, record.filter)
    if not simulated:
        _check_there(inputs)
    field = Field(field_options(_with_cache(config)))
    _check_same([path.name for path in inputs], field)
    how = "simulated and prepared anew: " if simulated else "prepared anew: "
    told = f"{how}{points_told([config]).words}"
    if other := _other(record, field):
        told += f"; of other content than was measured: {', '.join(other)}"
        told += _ROUNDED if simulated else ""
    log.info("%s: the prepared exposures are gone; %s", record.filter, told)
    return with_prepared(field, study_dir)


def _with_cache(config: StudyConfig) -> StudyConfig:
    """Keep what is made anew where the study did, or, where that is gone, where studies do now."""
    if Path(config.prepare.cache_dir).is_dir():
        return config
    return replace(config, prepare=replace(config.prepare, cache_dir=shipped_cache_dir()))


def _check_there(inputs: Sequence[Path]) -> None:
    for path in inputs:
        if not path.is_file():
            raise StudyError(
                f"{path}: this exposure is gone, and so is what was prepared of it; put it back, "
                "or run a study of the exposures that there are"
            )


def _check_same(names: Sequence[str], field: Field) -> None:
    """Refuse exposures that are others than were measured."""
    found = {exposure.path.name: exposure.path for exposure in field.exposures.exposures}
    others = [str(path) for name, path in found.items() if name not in names]
    others += [name for name in names if name not in found]
    if others:
        raise StudyError(
            f"{others[0]}: the exposures of {field.name} are no longer those that were measured; "
            "run a study of the exposures that there are"
        )


def _other(record: PointRecord, field: Field) -> list[str]:
    """Return which exposures have another content than those that were measured."""
    measured = dict(record.provenance["inputs"])
    paths = [exposure.path for exposure in field.exposures.exposures]
    return [path.name for path in paths if measured.get(copy_name(path)) != file_checksum(path)]
