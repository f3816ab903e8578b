"""Keys of what becomes of the points: the choice, points beside it, MLflow and the report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hstdriz_study.choose.goals import GOALS
from hstdriz_study.study.config.limits import (
    ANY,
    FRACTION,
    FRACTION_ABOVE_ZERO,
    SHOWN,
    TOLERANCE,
    WEIGHTS,
    Limit,
    above_zero,
    key,
    one_of,
    within,
)
from hstdriz_study.study.config.schema.points import MAX_STARS

MAX_EXPERIMENT_LENGTH = 500  # MLflow's own limit
MAX_PORT = 65535
# scales and pixfracs that refine adds have three significant digits
REFINE_TOLERANCE = within(0.01, 1)


def _is_title(text: str) -> bool:
    return bool(text.strip()) and text.isprintable() and len(text) <= MAX_EXPERIMENT_LENGTH


@dataclass
class ChooseConfig:
    """The rule that turns the table of points into a choice."""

    rule: str = key()
    goal: str = key(one_of(tuple(GOALS)))
    fwhm_tolerance: float = key(TOLERANCE)
    depth_tolerance_mag: float = key(within(0, 10))
    rms_tolerance: float = key(TOLERANCE)
    paired_sigma: float = key(within(0, 100))
    weights: dict[str, float] = key(WEIGHTS)
    max_fwhm_growth: float | None = key(above_zero(100).or_null())
    max_rms_over_median: float = key(above_zero(ANY))
    rms_over_median_shown: list[float] = key(SHOWN)
    max_hole_fraction: float = key(FRACTION)
    min_pixels_per_fwhm: float = key(within(0, 100))
    common_scale: bool = key()
    integer_ratio: bool = key()
    min_stars_advised: int = key(within(0, MAX_STARS))
    max_sample_spacing_px: float = key(above_zero(100))
    max_change_probability: float = key(FRACTION)


@dataclass
class RefineConfig:
    """Points added around the choice after the sweep."""

    enabled: bool = key()
    scale_tolerance: float = key(REFINE_TOLERANCE)
    pixfrac_tolerance: float = key(REFINE_TOLERANCE)
    max_points: int = key(within(1, 10_000))
    max_rounds: int = key(within(1, 1000))
    finest_scale: Any = key()
    coarsest_scale: Any = key()
    smallest_pixfrac: float = key(FRACTION_ABOVE_ZERO)


@dataclass
class TrackConfig:
    """MLflow."""

    tracking_uri: str = key()
    experiment: str = key(
        Limit(_is_title, f"a title of 1 to {MAX_EXPERIMENT_LENGTH} printable characters")
    )
    ui_port: int = key(within(1, MAX_PORT))
    patience_s: float = key(within(0, 86_400))


@dataclass
class ReportConfig:
    """What is made at the end of a study."""

    make_product: bool = key()
    make_noise_map: bool = key()
    make_psf: bool = key()
    between: bool = key()
    what_if: list[str] = key()
