"""The limits a point must keep to be admissible, and what each point says to them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from hstdriz_study.choose.points import (
    FWHM,
    HOLE_FRACTION,
    PIXELS_PER_FWHM,
    RMS_OVER_MEDIAN,
    label,
    summarise,
    value,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.config import ChooseConfig
    from hstdriz_study.contracts import PointRecord


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
    """Return the limits of a configuration."""
    return (
        Limit(
            key="max_rms_over_median",
            metric=RMS_OVER_MEDIAN,
            phrase="RMS/median",
            bound=config.max_rms_over_median,
            side="max",
        ),
        Limit(
            key="max_hole_fraction",
            metric=HOLE_FRACTION,
            phrase="hole fraction",
            bound=config.max_hole_fraction,
            side="max",
        ),
        Limit(
            key="min_pixels_per_fwhm",
            metric=PIXELS_PER_FWHM,
            phrase="pixels per FWHM",
            bound=config.min_pixels_per_fwhm,
            side="min",
        ),
    )


def violations(
    record: PointRecord, records: Sequence[PointRecord], config: ChooseConfig
) -> tuple[Violation, ...]:
    """Return everything that makes a finished point inadmissible.

    Parameters
    ----------
    record : `~hstdriz_study.contracts.PointRecord`
        The point.
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        All points of the filter. The limit on RMS/median was set for EXP
        weights, so that a point with other weights is judged by the EXP point
        of the same grid and drop.
    config : `~hstdriz_study.config.ChooseConfig`

    Returns
    -------
    tuple of Violation
        Empty when the point is admissible.
    """
    found = [*_unknown_settings(record)]
    if not math.isfinite(value(record, FWHM)):
        found.append(_not_measured(FWHM, "its FWHM"))
    for limit in limits(config):
        judged = exp_twin(record, records) if limit.metric == RMS_OVER_MEDIAN else record
        if judged is None:
            found.append(_no_exp_twin(record, limit))
        else:
            found.extend(_beyond(judged, limit, is_twin=judged is not record))
    return tuple(found)


def exp_twin(record: PointRecord, records: Sequence[PointRecord]) -> PointRecord | None:
    """Return the point with EXP weights on the same grid with the same drop; or None."""
    if summarise(record).final_wht_type == "EXP":
        return record
    wanted = _grid_and_drop(record)
    twins = [
        other
        for other in records
        if other.status == "FINISHED"
        and summarise(other).final_wht_type == "EXP"
        and _grid_and_drop(other) == wanted
    ]
    return min(twins, key=lambda twin: twin.key, default=None)


def _grid_and_drop(record: PointRecord) -> tuple[float, float, str, str]:
    point = summarise(record)
    return (
        point.final_scale_arcsec,
        point.final_pixfrac,
        point.final_kernel,
        str(record.settings.get("final_rot")),
    )


def _unknown_settings(record: PointRecord) -> list[Violation]:
    point = summarise(record)
    swept = {"final_scale_arcsec": point.final_scale_arcsec, "final_pixfrac": point.final_pixfrac}
    return [
        Violation(name, f"its record has no value of {name}", math.inf)
        for name, number in swept.items()
        if not math.isfinite(number)
    ]


def _not_measured(metric: str, phrase: str) -> Violation:
    return Violation(metric, f"{phrase} ({metric}) was not measured or is not finite", math.inf)


def _no_exp_twin(record: PointRecord, limit: Limit) -> Violation:
    weights = summarise(record).final_wht_type
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
    excess = limit.excess(measured)
    if excess <= 1.0:
        return []
    verb = "exceeds" if limit.side == "max" else "is below"
    sentence = f"{limit.phrase}{of_twin} {measured:.3g} {verb} the limit {limit.bound:g}"
    return [Violation(limit.key, sentence, excess)]


def nearest_miss(excluded: dict[str, tuple[PointRecord, tuple[Violation, ...]]]) -> str:
    """Name the point that came nearest to being admissible, and what it lacks."""
    record, faults = min(
        excluded.values(),
        key=lambda item: (max(fault.excess for fault in item[1]), len(item[1]), item[0].key),
    )
    return f"{label(record)}: {'; '.join(fault.sentence for fault in faults)}"
