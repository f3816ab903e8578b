"""Points with other weights are judged by the point with EXP weights on the same grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.choose.points import MISSING, RMS_OVER_MEDIAN, BySettings, metric_of, settings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.contracts import Metric, PointRecord

JUDGED_WEIGHTS = "EXP"
"""The limit on RMS/median was set for these."""


def exp_twin(record: PointRecord, records: Sequence[PointRecord]) -> PointRecord | None:
    """Return the point with EXP weights on the same grid with the same drop; or None."""
    if record.settings.final_wht_type == JUDGED_WEIGHTS:
        return record
    wanted = _grid_and_drop(record)
    twins = [
        other
        for other in records
        if other.status == "FINISHED"
        and settings_of(other).final_wht_type == JUDGED_WEIGHTS
        and _grid_and_drop(other) == wanted
    ]
    return min(twins, key=BySettings, default=None)


def judged(record: PointRecord, records: Sequence[PointRecord], metric: str) -> Metric:
    """Return the metric by which a point is judged: RMS/median is that of its EXP twin."""
    twin = exp_twin(record, records) if metric == RMS_OVER_MEDIAN else record
    return MISSING if twin is None else metric_of(twin, metric)


def _grid_and_drop(record: PointRecord) -> tuple[float, float, str, str]:
    point = settings_of(record)
    return (
        point.final_scale_arcsec,
        point.final_pixfrac,
        point.final_kernel,
        str(record.settings.final_rot),
    )
