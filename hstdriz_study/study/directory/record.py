"""The record of a point on disk: what it wrote, read back as it was."""

from __future__ import annotations

import math
import zipfile
import zlib
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from hstdriz_study.contracts import (
    Better,
    ErrorKind,
    Metric,
    MetricEntry,
    Need,
    Place,
    PointRecord,
    recorded_settings,
    settings_of_recorded,
)
from hstdriz_study.errors import StudyError
from hstdriz_study.study.directory.formats import Kind, read_stored, write_stored
from hstdriz_study.whole_files import written_whole

if TYPE_CHECKING:
    from hstdriz_study.study.directory.layout import PointDirectory, StudyDirectory


def write_record(record: PointRecord, point_dir: PointDirectory) -> None:
    """Write one point's record and its bootstrap replicates."""
    point_dir.path.mkdir(parents=True, exist_ok=True)
    replicates = {
        name: metric.replicates
        for name, metric in record.metrics.items()
        if metric.replicates is not None
    }
    if replicates:
        with written_whole(point_dir.replicates) as stream:
            np.savez_compressed(stream, allow_pickle=False, **replicates)
    bare = {name: replace(metric, replicates=None) for name, metric in record.metrics.items()}
    content = asdict(replace(record, metrics=bare)) | {"settings": recorded_settings(record)}
    del content["final_scale_asked"], content["pixels_per_psf"]
    for metric in content["metrics"].values():
        del metric["replicates"]
        metric["phases"] = None if metric["phases"] is None else metric["phases"].tolist()
    write_stored(point_dir.record, content)


def read_record(point_dir: PointDirectory) -> PointRecord:
    """Read one point's record, replicates included.

    Raises
    ------
    StudyError
        If one of the files cannot be read.
    """
    record = read_bare_record(point_dir)
    if not point_dir.replicates.is_file():
        return record
    replicates = _replicates(point_dir)
    replicated = {
        name: replace(metric, replicates=replicates[name])
        for name, metric in record.metrics.items()
        if name in replicates
    }
    return replace(record, metrics=record.metrics | replicated)


def _replicates(point_dir: PointDirectory) -> dict[str, np.ndarray]:
    try:
        # numpy leaves a file open that it was to open and cannot read
        with point_dir.replicates.open("rb") as stream, np.load(stream) as stored:
            return dict(stored)
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError) as error:
        raise StudyError(
            f"{point_dir.replicates}: cannot be read ({error}); start the study again in its "
            "directory, which runs the point again: hydra.sweep.dir=STUDY_DIR"
        ) from None


def read_bare_record(point_dir: PointDirectory) -> PointRecord:
    """Read one point's record without its replicates, which take nearly all of the time."""
    content = read_stored(point_dir.record, Kind.RECORD)
    content["metrics"] = {
        name: Metric(
            value=math.nan if metric["value"] is None else metric["value"],
            err=math.nan if metric["err"] is None else metric["err"],
            unit=metric["unit"],
            phases=_phases(metric),
        )
        for name, metric in content["metrics"].items()
    }
    content |= _settings(content, point_dir)
    content["warnings"] = tuple(content["warnings"])
    content["entries"] = {name: _entry(e) for name, e in content["entries"].items()}
    return PointRecord(**content)


def _settings(content: dict[str, Any], point_dir: PointDirectory) -> dict[str, Any]:
    """Return what a record says of its settings."""
    recorded = content["settings"]
    config = content["provenance"].get("config", {})
    try:
        settings = settings_of_recorded(recorded, config.get("drizzle", {}).get("ivm_path"))
    except KeyError as lacking:
        raise StudyError(
            f"{point_dir.record}: the record has no setting {lacking.args[0]}; "
            "run the point again with this version"
        ) from None
    return {
        "settings": settings,
        "final_scale_asked": recorded.get("final_scale_asked"),
        "pixels_per_psf": recorded.get("pixels_per_psf"),
    }


def _entry(stored: dict[str, Any]) -> MetricEntry:
    return MetricEntry(
        **stored
        | {
            "better": Better(stored["better"]),
            "error": ErrorKind(stored["error"]),
            "needs": tuple(map(Need, stored["needs"])),
            "drawn": tuple(map(Place, stored["drawn"])),
        }
    )


def _phases(stored: dict[str, Any]) -> np.ndarray | None:
    values = stored["phases"]
    return None if values is None else np.array(values, dtype=float)  # null becomes nan


def read_records(study_dir: StudyDirectory) -> list[PointRecord]:
    """All records of a study, in the order of the sweep."""
    return [read_record(point_dir) for point_dir in study_dir.points()]
