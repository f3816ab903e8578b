"""A point's record to what MLflow shows of it: names, parameters, metrics, tags."""

from __future__ import annotations

import hashlib
import json
import math
from typing import TYPE_CHECKING, Any

from hstdriz_study.contracts import recorded_settings

if TYPE_CHECKING:
    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.study.config import DataTold

KIND_TAG = "study.kind"
KEY_TAG = "study.key"
STUDY_TAG = "study.id"
FILTER_TAG = "study.filter"
STATUS_TAG = "study.status"
# Why a point has no numbers; at most one of them stands on a run.
REASON_TAGS = {"FAILED": "study.error", "SKIPPED": "study.skip_reason"}
DIGEST_TAG = "study.record_digest"
PARENT_TAG = "mlflow.parentRunId"
NOTE_TAG = "mlflow.note.content"
POINT_KIND = "point"
SWEEP_KIND = "sweep"

ERR_SUFFIX = "_err"
PHASE_SUFFIX = "_phase_std"
# MLflow offers parameters as the axes of its plots, the first two numeric ones by
# default: what is hardly ever swept would stand in the way, and is a tag.
PARAMS = ("final_scale_arcsec", "final_pixfrac", "pixels_per_psf", "final_kernel", "final_wht_type")
# MLflow has no word for a point that was not run; FINISHED and FAILED say that it was.
RUN_STATUS = {"FINISHED": "FINISHED", "FAILED": "FAILED", "SKIPPED": "KILLED"}
TAG_LENGTH = 5000
SIGNIFICANT_DIGITS = 6
DATASET_DIGEST_LENGTH = 36


def run_name(record: PointRecord) -> str:
    """Readable name of a point, for example ``f160w 0.065″ pf 0.6``.

    Short, because a column of the image grid shows some twenty letters. What is
    the same in nearly every study (square kernel, EXP weights) is left out.
    """
    settings = record.settings
    words = [record.filter, scale_text(settings.final_scale_arcsec)]
    if settings.final_pixfrac is not None:
        words.append(f"pf {settings.final_pixfrac:g}")
    if settings.final_kernel != "square":
        words.append(settings.final_kernel)
    if settings.final_wht_type != "EXP":
        words.append(f"{settings.final_wht_type} weights")
    if settings.final_rot:
        words.append(f"rot {settings.final_rot:g}°")
    return " ".join(words)


def scale_text(scale_arcsec: Any) -> str:
    """Return a scale with its unit, or what no scale at all means to AstroDrizzle."""
    if not isinstance(scale_arcsec, (int, float)):
        return "default scale"
    return f"{scale_arcsec:.3g}″"


def params_of(record: PointRecord) -> dict[str, str]:
    """Return the filter and the settings that a plot may have as an axis."""
    settings = _settings_text(record)
    return {
        "filter": record.filter,
        **{name: settings[name] for name in PARAMS if name in settings},
    }


def _settings_text(record: PointRecord) -> dict[str, str]:
    return {
        name: format(value, ".10g") if isinstance(value, float) else str(value)
        for name, value in recorded_settings(record).items()
        if isinstance(value, (str, int, float))
    }


def metrics_of(record: PointRecord) -> dict[str, float]:
    """Return every finite value and the timing.

    The uncertainty is ``<name>_err``, the spread over the phases of the output
    grid ``<name>_phase_std``.

    A value that could not be measured is left out: MLflow would sort it as a
    number. The pages print every digit there is, so there are six; the record
    has all of them.
    """
    values: dict[str, float] = {}
    for name, metric in record.metrics.items():
        values[name] = metric.value
        values[name + ERR_SUFFIX] = metric.err
        values[name + PHASE_SUFFIX] = metric.phase_std
    values.update({f"time/{stage}_s": seconds for stage, seconds in record.timing_s.items()})
    return {
        name: float(f"{value:.{SIGNIFICANT_DIGITS}g}")
        for name, value in values.items()
        if math.isfinite(value)
    }


def tags_of(record: PointRecord, note: str) -> dict[str, str]:
    """Return the tags of a point's run, all but what it was created with."""
    others = {
        f"study.{name}": value
        for name, value in _settings_text(record).items()
        if name not in PARAMS
    }
    tags = {
        **others,
        NOTE_TAG: note,
        KEY_TAG: record.key,
        FILTER_TAG: record.filter,
        STATUS_TAG: record.status.lower(),
        "study.warnings": str(len(record.warnings)),
    }
    if record.error is not None:
        tags[REASON_TAGS[record.status]] = record.error
    return {name: value[:TAG_LENGTH] for name, value in tags.items()}


def data_tags(data: DataTold) -> dict[str, str]:
    """Return the tags that say whose exposures a run is about; none when that is not known."""
    if not data.kinds:
        return {}
    return {"study.dataset": ", ".join(data.kinds), "study.exposures": data.words[:TAG_LENGTH]}


def dataset_of(record: PointRecord) -> dict[str, str] | None:
    """Name, digest and source of the exposures, None when the record does not tell.

    Read from ``provenance["dataset"]`` (optional keys ``name``, ``digest``,
    ``source`` or ``path``, ``kind``) and ``provenance["inputs"]``.
    """
    described = record.provenance.get("dataset")
    inputs = record.provenance.get("inputs")
    if described is None and inputs is None:
        return None
    dataset = described if isinstance(described, dict) else {"name": described}
    content = json.dumps([described, inputs], sort_keys=True, default=str)
    digest = str(dataset.get("digest") or hashlib.sha256(content.encode()).hexdigest())
    source = dataset.get("source") or dataset.get("path") or dataset.get("kind") or "unknown"
    return {
        "name": f"{dataset.get('name') or dataset.get('kind') or 'exposures'} {record.filter}",
        "digest": digest.removeprefix("sha256:")[:DATASET_DIGEST_LENGTH],
        "source": json.dumps({"uri": str(source)}),
        "profile": json.dumps({"exposures": len(inputs)}) if inputs else "{}",
    }
