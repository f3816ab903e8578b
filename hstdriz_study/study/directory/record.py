"""The local record of a study: what every point wrote, and where it lies.

Layout of a study's directory::

    study.json                 what the study is, its points and its MLflow ids
    plan.json                  overrides of every point of a sweep, and which job runs which
    jobs/<n>/                  Hydra's own files of one job
    filters/<filter>/          star table and figure, dither table and figures
    points/<n>/record.json     one point: settings, metrics, timing, provenance
    points/<n>/replicates.npz  bootstrap replicates of the metrics
    points/<n>/images/         the images of the cross-run grid
    superseded/<n>-<key>/      a point before it was run anew with other code, libraries or inputs
    refinement.json            which points were added around the choice, and why it ended
    products/                  on request: the chosen images, their noise maps and PSFs
    what_if/                   pages and tables of ``hstdriz-study what-if``
    points.ecsv choice.json report.md report.html make_product_<filter>.py
"""

from __future__ import annotations

import math
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
from hstdriz_study.json_files import read_json, write_json

if TYPE_CHECKING:
    from pathlib import Path

RECORD_NAME = "record.json"
REPLICATES_NAME = "replicates.npz"
STUDY_NAME = "study.json"
REFINEMENT_NAME = "refinement.json"
SUPERSEDED_NAME = "superseded"


def write_record(record: PointRecord, directory: Path) -> None:
    """Write one point's record and its bootstrap replicates."""
    directory.mkdir(parents=True, exist_ok=True)
    replicates = {
        name: metric.replicates
        for name, metric in record.metrics.items()
        if metric.replicates is not None
    }
    if replicates:
        np.savez_compressed(directory / REPLICATES_NAME, allow_pickle=False, **replicates)
    bare = {name: replace(metric, replicates=None) for name, metric in record.metrics.items()}
    content = asdict(replace(record, metrics=bare)) | {"settings": recorded_settings(record)}
    del content["final_scale_asked"], content["pixels_per_psf"]
    for metric in content["metrics"].values():
        del metric["replicates"]
        metric["phases"] = None if metric["phases"] is None else metric["phases"].tolist()
    write_json(directory / RECORD_NAME, content)


def read_record(directory: Path) -> PointRecord:
    """Read one point's record, replicates included."""
    record = read_bare_record(directory)
    if not (directory / REPLICATES_NAME).is_file():
        return record
    with np.load(directory / REPLICATES_NAME) as stored:
        replicated = {
            name: replace(record.metrics[name], replicates=stored[name])
            for name in stored.files
            if name in record.metrics
        }
    return replace(record, metrics=record.metrics | replicated)


def read_bare_record(directory: Path) -> PointRecord:
    """Read one point's record without its replicates, which take nearly all of the time."""
    content = read_json(directory / RECORD_NAME)
    content["metrics"] = {
        name: Metric(
            value=math.nan if metric["value"] is None else metric["value"],
            err=math.nan if metric["err"] is None else metric["err"],
            unit=metric["unit"],
            phases=_phases(metric),
        )
        for name, metric in content["metrics"].items()
    }
    content |= _settings(content, directory)
    content["warnings"] = tuple(content["warnings"])
    content["entries"] = {name: _entry(e) for name, e in content.get("entries", {}).items()}
    return PointRecord(**content)


def _settings(content: dict[str, Any], directory: Path) -> dict[str, Any]:
    """Return what a record says of its settings."""
    recorded = content["settings"]
    config = content["provenance"].get("config", {})
    try:
        settings = settings_of_recorded(recorded, config.get("drizzle", {}).get("ivm_path"))
    except KeyError as lacking:
        raise StudyError(
            f"{directory / RECORD_NAME}: the record has no setting {lacking.args[0]}; "
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
    values = stored.get("phases")
    return None if values is None else np.array(values, dtype=float)  # null becomes nan


def point_directories(study_dir: Path) -> list[Path]:
    """Directories of a study that hold a record, in the order of the sweep."""
    found = [path.parent for path in (study_dir / "points").glob(f"*/{RECORD_NAME}")]
    return sorted(found, key=lambda path: (len(path.name), path.name))


def read_records(study_dir: Path) -> list[PointRecord]:
    """All records of a study, in the order of the sweep."""
    return [read_record(directory) for directory in point_directories(study_dir)]
