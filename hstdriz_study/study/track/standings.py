"""From the choices of a study to how the run of each point stands to them, and its colour."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hstdriz_study.choose.verdict import Stage
from hstdriz_study.contracts.metric_table import FWHM
from hstdriz_study.json_files import read_json, write_json
from hstdriz_study.study.directory.record import read_bare_record
from hstdriz_study.study.track.close_pictures import N_CLOSE, show_close
from hstdriz_study.study.track.mlflow_parts import COLOR_TAG
from hstdriz_study.study.track.payload import TAG_LENGTH, run_name
from hstdriz_study.study.track.runs import run_exists

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mlflow import MlflowClient

    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.study.directory.layout import PointDirectory, StudyDirectory

RANK = "choice/rank"
"""Metric by which the chosen run comes first, its runner-up next, inadmissible ones last."""
VERDICT_TAG = "study.verdict"
_CHOSEN, _RUNNER_UP = "chosen", "runner-up"
_MARKS = {_CHOSEN: "★ ", Stage.INADMISSIBLE.value: "✗ "}
_NOT_ADMITTED = {stage.value for stage in Stage if not stage.is_admitted}
# Dark to light, as the report draws finer to coarser scales (viridis without its palest end).
_COLORS = ("#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962")


@dataclass(frozen=True)
class Standing:
    """How a point stands to the choice of its filter.

    Attributes
    ----------
    rank : int
        0 for the chosen one.
    kind : str
        ``chosen``, ``runner-up``, or at what stage it fell out.
    reason : str
        Why it was not chosen; empty for the chosen one.
    """

    rank: int
    kind: str
    reason: str = ""

    @property
    def words(self) -> str:
        """Kind and reason."""
        return f"{self.kind}: {self.reason}" if self.reason else self.kind


def standings(
    choices: Sequence[Mapping[str, Any]], records: Sequence[PointRecord]
) -> dict[str, Standing]:
    """Return how points stand, by key.

    Parameters
    ----------
    choices : sequence of mapping
        As ``choice.json`` has them.
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        Of all filters: of equal standing the sharper comes first.
    """
    widths = {record.key: _width(record) for record in records}
    found: dict[str, Standing] = {}
    for choice in choices:
        rows = [*_taken(choice), *_rejected(choice)]
        rows.sort(key=lambda row: (_order(row[1]), widths.get(row[0], math.inf)))
        for rank, (key, kind, reason) in enumerate(rows):
            found[key] = Standing(rank, kind, reason)
    return found


def show_standings(
    client: MlflowClient, study_dir: StudyDirectory, choices: Sequence[Mapping[str, Any]]
) -> None:
    """Mark the runs of a study's points; those that are marked as they are to be stay untouched."""
    places = study_dir.points()
    records = [read_bare_record(place) for place in places]
    known, colors = standings(choices, records), _colors(records)
    for place, record in zip(places, records, strict=True):
        if place.tracked.is_file():
            _show(client, place, record, known.get(record.key), colors.get(_scale(record)))


def _show(
    client: MlflowClient,
    place: PointDirectory,
    record: PointRecord,
    standing: Standing | None,
    color: str | None,
) -> None:
    from mlflow.entities import Metric, RunTag
    from mlflow.exceptions import MlflowException

    tracked = read_json(place.tracked)
    name = f"{_MARKS.get(standing.kind, '') if standing else ''}{run_name(record)}"
    tags = {VERDICT_TAG: standing.words[:TAG_LENGTH] if standing else None, COLOR_TAG: color}
    is_close = bool(standing and standing.rank < N_CLOSE and record.images)
    shown = {"name": name, "rank": standing.rank if standing else None, "tags": tags}
    shown |= {"close": is_close}
    before = tracked.get("shown") or {}
    if before == shown:
        return
    run_id = tracked["run_id"]
    ended_ms = int(place.record.stat().st_mtime * 1000)
    # a metric shows its latest value: one that is logged again has to be later
    logged = int(tracked.get("times_shown", 0))
    metrics = [Metric(RANK, float(standing.rank), ended_ms + logged, logged)] if standing else []
    told = [RunTag(key, value) for key, value in tags.items() if value is not None]
    try:
        client.log_batch(run_id, metrics=metrics, tags=told)
        if name != before.get("name", tracked.get("name")):  # MLflow reads the whole run for it
            client.update_run(run_id, name=name)
        if is_close != before.get("close", False):
            show_close(client, run_id, place, record, close=is_close)
    except MlflowException:
        if run_exists(client, run_id):
            raise
        return  # one too many, which another copy of the study has removed
    write_json(place.tracked, tracked | {"shown": shown, "times_shown": logged + 1})


def _taken(choice: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    key = choice.get("key")
    return [(key, _CHOSEN, "")] if key else []


def _rejected(choice: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    second = (choice.get("runner_up") or {}).get("key")
    return [
        (key, _RUNNER_UP if key == second else rejection["stage"], rejection["reason"])
        for rejection in choice.get("rejected", ())
        if (key := rejection["point"].get("key"))
    ]


def _order(kind: str) -> int:
    """Return where a kind comes in the list of runs."""
    first = (_CHOSEN, _RUNNER_UP)
    return first.index(kind) if kind in first else len(first) + (kind in _NOT_ADMITTED)


def _width(record: PointRecord) -> float:
    metric = record.metrics.get(FWHM.name)
    return metric.value if metric is not None and math.isfinite(metric.value) else math.inf


def _scale(record: PointRecord) -> float | None:
    return record.settings.final_scale_arcsec


def _colors(records: Sequence[PointRecord]) -> dict[float | None, str]:
    """Give the scales of a study their colours, dark to light."""
    scales = sorted({scale for record in records if (scale := _scale(record)) is not None})
    steps = max(len(scales) - 1, 1)
    last = len(_COLORS) - 1
    return {scale: _COLORS[round(n * last / steps)] for n, scale in enumerate(scales)}
