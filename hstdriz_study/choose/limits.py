"""The limits a point must keep to be admissible, and what each point says to them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from hstdriz_study.choose.points import (
    FWHM,
    HOLE_FRACTION,
    MISSING,
    PIXELS_PER_FWHM,
    RMS_OVER_MEDIAN,
    label,
    metric_of,
    settings_of,
    value,
)
from hstdriz_study.choose.wording import percent
from hstdriz_study.contracts import ENTRIES
from hstdriz_study.errors import ChoiceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.config import ChooseConfig
    from hstdriz_study.contracts import Metric, PointRecord

PHRASES = {name: entry.in_sentence for name, entry in ENTRIES.items()}
WEIGHT_LIMITS = ("max_rms_over_median", "max_hole_fraction")
GROWTH_LIMIT = "max_fwhm_growth"
LIMITS_OF_RULE = {"handbook": WEIGHT_LIMITS, "curve_break": ("max_hole_fraction",)}
"""The limits of the rules that do not keep all of them."""


@dataclass(frozen=True)
class Limit:
    """One bound on one metric.

    Attributes
    ----------
    key : str
        Name of the limit in the configuration.
    metric, phrase : str
        The metric and how a sentence names it.
    bound : float
    side : str
        ``max``: values above the bound are excluded; ``min``: below.
    """

    key: str
    metric: str
    phrase: str
    bound: float
    side: Literal["max", "min"]

    @property
    def sign(self) -> str:
        """The relation a value must have to the bound."""
        return "≤" if self.side == "max" else "≥"

    @property
    def text(self) -> str:
        """The limit in a sentence, for example ``RMS/median ≤ 0.2``."""
        return f"{self.phrase} {self.sign} {self.bound:g}"

    def excess(self, measured: float) -> float:
        """Return the factor by which a value is beyond the bound; at most 1 is inside."""
        above, below = (measured, self.bound) if self.side == "max" else (self.bound, measured)
        if above <= below:
            return 1.0
        return above / below if below > 0 else math.inf

    def counted(self, metric: Metric) -> float:
        """Return what of a metric is held against the bound: its value.

        Holes are rare and come in clumps, so that one clump in the boxes of a full
        frame would decide: their fraction counts less its sampling error, which is 0
        where the boxes are the whole region.
        """
        if self.metric == HOLE_FRACTION and math.isfinite(metric.err):
            return metric.value - metric.err
        return metric.value

    def keeps(self, metric: Metric) -> bool:
        """Tell whether a metric is inside the bound; one that is not finite is not."""
        return self.excess(self.counted(metric)) <= 1.0

    def relaxed(self, config: ChooseConfig) -> ChooseConfig:
        """Return the configuration without this limit."""
        without: dict[str, Any] = {self.key: math.inf if self.side == "max" else 0.0}
        return replace(config, **without)


@dataclass(frozen=True)
class Violation:
    """Why a point is not admissible.

    ``excess`` is the factor by which the value is beyond the bound (infinite
    when there is no value to compare).
    """

    limit: str
    sentence: str
    excess: float


def limits(config: ChooseConfig) -> tuple[Limit, ...]:
    """Return the limits of a configuration that bound a point's own values."""
    return (
        Limit(
            key="max_rms_over_median",
            metric=RMS_OVER_MEDIAN,
            phrase=PHRASES[RMS_OVER_MEDIAN],
            bound=config.max_rms_over_median,
            side="max",
        ),
        Limit(
            key="max_hole_fraction",
            metric=HOLE_FRACTION,
            phrase=PHRASES[HOLE_FRACTION],
            bound=config.max_hole_fraction,
            side="max",
        ),
        Limit(
            key="min_pixels_per_fwhm",
            metric=PIXELS_PER_FWHM,
            phrase=PHRASES[PIXELS_PER_FWHM],
            bound=config.min_pixels_per_fwhm,
            side="min",
        ),
    )


def growth_limit(config: ChooseConfig) -> Limit:
    """Return the limit on a point's FWHM relative to that of the sharpest one.

    The bound is a fraction, and infinite when the limit is off. The sharpest
    point is that of the points which keep the other limits of the rule.
    """
    growth = config.max_fwhm_growth
    return Limit(
        key=GROWTH_LIMIT,
        metric=FWHM,
        phrase="FWHM growth",
        bound=math.inf if growth is None else growth,
        side="max",
    )


def opposite_limit(config: ChooseConfig, rule: str) -> str:
    """Return the limit that holds a one-sided rule back, in words.

    Raises
    ------
    ChoiceError
        If it is not set: the rule would always take a corner of the grid.
    """
    if config.max_fwhm_growth is None:
        raise ChoiceError(
            f"choose.max_fwhm_growth is not set: the rule {rule} would run to the corner of the "
            f"grid; use choose={rule}, or give a fraction such as choose.max_fwhm_growth=0.1"
        )
    return f"a FWHM at most {percent(config.max_fwhm_growth)} above the sharpest"


def too_wide(
    record: PointRecord, sharpest: PointRecord, config: ChooseConfig
) -> tuple[Violation, ...]:
    """Return what the limit on FWHM growth has against a point."""
    limit = growth_limit(config)
    growth = value(record, FWHM) / value(sharpest, FWHM) - 1.0
    if growth <= limit.bound:
        return ()
    return (
        Violation(
            limit.key,
            f"its FWHM is {percent(growth)} wider than that of {label(sharpest)}, beyond the "
            f"limit {percent(limit.bound)}",
            (1.0 + growth) / (1.0 + limit.bound),
        ),
    )


def violations(
    record: PointRecord,
    records: Sequence[PointRecord],
    bounds: Sequence[Limit],
    needed: Sequence[str],
) -> tuple[Violation, ...]:
    """Return everything that makes a finished point inadmissible by its own values.

    Parameters
    ----------
    record : `~hstdriz_study.contracts.PointRecord`
        The point.
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        All points of the filter. The limit on RMS/median was set for EXP
        weights, so that a point with other weights is judged by the EXP point
        of the same grid and drop.
    bounds : sequence of Limit
        The limits that apply to it.
    needed : sequence of str
        Metrics that must be finite.

    Returns
    -------
    tuple of Violation
        Empty when the point is admissible.
    """
    found = [*_unknown_settings(record)]
    found += [
        _not_measured(metric, f"its {PHRASES.get(metric, metric)}")
        for metric in needed
        if not math.isfinite(value(record, metric))
    ]
    for limit in bounds:
        twin = exp_twin(record, records) if limit.metric == RMS_OVER_MEDIAN else record
        if twin is None:
            found.append(_no_exp_twin(record, limit))
        else:
            found.extend(_beyond(twin, limit, is_twin=twin is not record))
    return tuple(found)


def exp_twin(record: PointRecord, records: Sequence[PointRecord]) -> PointRecord | None:
    """Return the point with EXP weights on the same grid with the same drop; or None."""
    if record.settings["final_wht_type"] == "EXP":
        return record
    wanted = _grid_and_drop(record)
    twins = [
        other
        for other in records
        if other.status == "FINISHED"
        and settings_of(other).final_wht_type == "EXP"
        and _grid_and_drop(other) == wanted
    ]
    return min(twins, key=lambda twin: twin.key, default=None)


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
        str(record.settings.get("final_rot")),
    )


def _unknown_settings(record: PointRecord) -> list[Violation]:
    point = settings_of(record)
    swept = {"final_scale_arcsec": point.final_scale_arcsec, "final_pixfrac": point.final_pixfrac}
    return [
        Violation(name, f"its record has no value of {name}", math.inf)
        for name, number in swept.items()
        if not math.isfinite(number)
    ]


def _not_measured(metric: str, phrase: str) -> Violation:
    return Violation(metric, f"{phrase} ({metric}) was not measured or is not finite", math.inf)


def _no_exp_twin(record: PointRecord, limit: Limit) -> Violation:
    weights = settings_of(record).final_wht_type
    return Violation(
        limit.key,
        f"its weights are {weights}, and {limit.text} holds for EXP weights: sweep the same scale "
        f"and pixfrac with drizzle.final_wht_type=EXP,{weights} to have it judged",
        math.inf,
    )


def _beyond(judged: PointRecord, limit: Limit, *, is_twin: bool) -> list[Violation]:
    measured = value(judged, limit.metric)
    of_twin = " of its EXP twin" if is_twin else ""
    if not math.isfinite(measured):
        return [
            Violation(
                limit.key,
                f"the {limit.phrase}{of_twin} ({limit.metric}) was not measured or is not finite",
                math.inf,
            )
        ]
    excess = limit.excess(limit.counted(metric_of(judged, limit.metric)))
    if excess <= 1.0:
        return []
    verb = "exceeds" if limit.side == "max" else "is below"
    sentence = f"{limit.phrase}{of_twin} {measured:.3g} {verb} the limit {limit.bound:g}"
    return [Violation(limit.key, sentence, excess)]
