"""What a choice is made by: the rule and its limits, as a study's configuration gives them."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

OFF: Mapping[str, Any] = MappingProxyType({"max_fwhm_growth": None, "weights": {}})
"""What rules set for themselves, where no rule sets it."""


@dataclass(frozen=True)
class ChoiceSettings:
    """Rule, tolerances and limits.

    Names, units and meanings are those of the keys of ``conf/choose/default.yaml``.
    """

    rule: str
    goal: str
    fwhm_tolerance: float
    depth_tolerance_mag: float
    rms_tolerance: float
    paired_sigma: float
    weights: Mapping[str, float]
    max_fwhm_growth: float | None
    max_rms_over_median: float
    rms_over_median_shown: tuple[float, ...]
    max_hole_fraction: float
    min_pixels_per_fwhm: float
    common_scale: bool
    integer_ratio: bool
    min_stars_advised: int
    max_sample_spacing_px: float
    max_change_probability: float

    @property
    def weights_above_zero(self) -> dict[str, float]:
        """The weights that count, in the order of the metrics' names."""
        return {
            metric: self.weights[metric]
            for metric in sorted(self.weights)
            if self.weights[metric] > 0
        }
