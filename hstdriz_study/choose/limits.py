"""The limits a point must keep to be admissible."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from hstdriz_study.choose.points import FWHM, HOLE_FRACTION, PIXELS_PER_FWHM, RMS_OVER_MEDIAN
from hstdriz_study.contracts import ENTRIES
from hstdriz_study.errors import ChoiceError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.contracts import Metric, MetricEntry

Side = Literal["max", "min"]

HOLE_LIMIT = "max_hole_fraction"
WEIGHT_LIMITS = ("max_rms_over_median", HOLE_LIMIT)
POINT_LIMITS = (*WEIGHT_LIMITS, "min_pixels_per_fwhm")
"""Those on a point's own values; that on growth is relative to the sharpest."""
GROWTH_LIMIT = "max_fwhm_growth"
# Which metric each limit bounds, how a sentence names it, and on which side the bound lies.
_LIMITS: dict[str, tuple[str, str, Side]] = {
    "max_rms_over_median": (RMS_OVER_MEDIAN, ENTRIES[RMS_OVER_MEDIAN].in_sentence, "max"),
    HOLE_LIMIT: (HOLE_FRACTION, ENTRIES[HOLE_FRACTION].in_sentence, "max"),
    "min_pixels_per_fwhm": (PIXELS_PER_FWHM, ENTRIES[PIXELS_PER_FWHM].in_sentence, "min"),
    GROWTH_LIMIT: (FWHM, "FWHM growth", "max"),
}
EVERY_LIMIT = tuple(_LIMITS)


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
    side: Side

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

    def relaxed(self, settings: ChoiceSettings) -> ChoiceSettings:
        """Return the settings without this limit."""
        without: dict[str, Any] = {self.key: math.inf if self.side == "max" else 0.0}
        return replace(settings, **without)


def limits_of(settings: ChoiceSettings, keys: Collection[str] = EVERY_LIMIT) -> tuple[Limit, ...]:
    """Return the limits of some keys.

    The last, on the growth of the FWHM, is relative to the sharpest of the points that
    keep the others: its bound is a fraction, and infinite when the limit is off.
    """
    return tuple(
        Limit(key, metric, phrase, math.inf if bound is None else bound, side)
        for key, (metric, phrase, side) in _LIMITS.items()
        if key in keys
        for bound in (getattr(settings, key),)
    )


def limited_metrics(keys: Collection[str]) -> tuple[str, ...]:
    """Return the metrics that the limits of some keys bound."""
    return tuple(metric for key, (metric, _, _) in _LIMITS.items() if key in keys)


def demand_growth_limit(settings: ChoiceSettings, _: Mapping[str, MetricEntry]) -> None:
    """Refuse a one-sided rule that nothing holds back.

    Raises
    ------
    ChoiceError
        If ``max_fwhm_growth`` is not set: the rule would always take a corner of the grid.
    """
    if settings.max_fwhm_growth is None:
        rule = settings.rule
        raise ChoiceError(
            f"choose.max_fwhm_growth is not set: the rule {rule} would run to the corner of the "
            f"grid; use choose={rule}, or give a fraction such as choose.max_fwhm_growth=0.1"
        )
