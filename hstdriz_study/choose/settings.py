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
    """Rule, tolerances and limits; the names are those of the keys of ``choose``.

    Attributes
    ----------
    rule : str
        Name of the rule.
    goal : str
        What the choice is for.
    fwhm_tolerance, rms_tolerance : float
        FWHM, or RMS/median of the weight map, this close are practically equal
        (fraction).
    depth_tolerance_mag : float
        5-sigma depths this close are practically equal, mag.
    paired_sigma : float
        Or within this many sigma of the paired difference, if that is larger.
    weights : mapping of str to float
        Of metrics, for the rule ``weighted``.
    max_fwhm_growth : float or None
        Widest FWHM, as a fraction above the sharpest admissible point.
    max_rms_over_median : float
        Of the EXP weight map.
    rms_over_median_shown : tuple of float
        The choice is shown for each of these limits.
    max_hole_fraction : float
        Pixels of zero weight in the full-depth region.
    min_pixels_per_fwhm : float
    common_scale : bool
        One scale for all filters.
    integer_ratio : bool
        A filter may also take 2, 3 or 4 times the common scale.
    min_stars_advised : int
        With fewer, the choice carries a warning.
    max_sample_spacing_px : float
        Dither phases that sample the sky more coarsely, in output pixels, carry
        a warning.
    max_change_probability : float
        A choice that resampling changes more often carries a warning.
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
