"""What a point costs a filter, against another point of the same filter."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING

from hstdriz_study.choose.points import (
    DEPTH,
    FWHM,
    RMS_OVER_MEDIAN,
    PointSummary,
    metric_of,
    n_pixels,
    summarise,
)
from hstdriz_study.choose.twins import judged
from hstdriz_study.contracts import derived

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose.verdict import Refusal
    from hstdriz_study.contracts import Metric, PointRecord


@dataclass(frozen=True)
class Price:
    """What a filter pays for a point instead of the one it takes alone.

    Attributes
    ----------
    filter : str
    point, own : PointSummary
        The point, and what the filter takes alone.
    fwhm_growth : `~hstdriz_study.contracts.Metric`
        FWHM over that of ``own``, minus 1. All errors are of paired resamples.
    depth_loss_mag : `~hstdriz_study.contracts.Metric`
        By how much the 5-sigma depth is shallower, mag.
    rms_over_median_change : `~hstdriz_study.contracts.Metric`
        RMS/median of the weight map minus that of ``own``.
    size_ratio : float
        Number of pixels, and so the size of the file, over that of ``own``.
    note : str
        Which limit the point breaks; empty when it keeps all.
    """

    filter: str
    point: PointSummary
    own: PointSummary
    fwhm_growth: Metric
    depth_loss_mag: Metric
    rms_over_median_change: Metric
    size_ratio: float
    note: str = ""


class Why(Enum):
    """Why a filter keeps a scale from being common to all."""

    NOT_SWEPT = auto()
    NO_CHOICE = auto()
    NO_FWHM = auto()
    COSTLIER = auto()
    FINER = auto()


@dataclass(frozen=True)
class Unserved:
    """A filter that keeps a scale from being common to all.

    Attributes
    ----------
    filter : str
    why : Why
    growth : float
        FWHM growth where the price is known: the scale is costlier, or practically
        as cheap as the one taken but finer.
    refusal : Refusal or None
        Why the rule takes none of its points there.
    """

    filter: str
    why: Why
    growth: float = math.nan
    refusal: Refusal | None = None


def price_of(
    record: PointRecord, own: PointRecord, records: Sequence[PointRecord], note: str = ""
) -> Price:
    """Return what a point costs against ``own``; NaN where a metric is missing.

    Parameters
    ----------
    record, own : `~hstdriz_study.contracts.PointRecord`
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        All points of the filter, among them the EXP twins.
    note : str
    """
    widths = [metric_of(record, FWHM), metric_of(own, FWHM)]
    depths = [metric_of(record, DEPTH), metric_of(own, DEPTH)]
    ratios = [judged(one, records, RMS_OVER_MEDIAN) for one in (record, own)]
    return Price(
        filter=record.filter,
        point=summarise(record),
        own=summarise(own),
        fwhm_growth=derived(lambda parts: parts[0] / parts[1] - 1.0, widths),
        depth_loss_mag=_in_mag(derived(lambda parts: parts[1] - parts[0], depths)),
        rms_over_median_change=derived(lambda parts: parts[0] - parts[1], ratios),
        size_ratio=n_pixels(record) / n_pixels(own),
        note=note,
    )


def _in_mag(metric: Metric) -> Metric:
    return replace(metric, unit="mag")
