"""Keys of a point: what is foreseen of it, how it is drizzled and how it is measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hstdriz_study.contracts import FAST_KERNELS
from hstdriz_study.drizzlepac_options import WHT_TYPES
from hstdriz_study.study.config.limits import (
    ANY,
    FRACTION,
    FRACTION_ABOVE_ZERO,
    SEED,
    Limit,
    above_zero,
    key,
    one_of,
    within,
)

KERNELS = (*FAST_KERNELS, "lanczos3")
ENGINES = ("fast", "frame", "astrodrizzle")
PREDICTED_FROM = ("raw", "prepared")
MIN_STARS = 3  # fewer give no scatter to estimate an error from
MIN_RESAMPLES = 20
MAX_GRID_PHASES = 8  # 64 products a point
MIN_WEIGHT_AREA_ARCSEC2 = 10.0  # a hundred boxes of a few native pixels
MAX_STARS = 10_000  # more make no error smaller that is not already below those of the field


@dataclass
class PredictConfig:
    """The weight map foreseen, without drizzling an image."""

    exposures: str = key(one_of(PREDICTED_FROM))
    seed: int = key(SEED)
    skip: bool = key()
    max_rms_over_median: float = key(above_zero(ANY))
    max_hole_fraction: float = key(FRACTION)


@dataclass
class DrizzleConfig:
    """AstroDrizzle's final step, and what carries it out."""

    engine: str = key(one_of(ENGINES))
    final_scale: Any = key()
    final_pixfrac: float | None = key(FRACTION_ABOVE_ZERO)
    final_kernel: str = key(one_of(KERNELS))
    final_wht_type: str = key(one_of(WHT_TYPES))
    final_rot: float | None = key(within(-360, 360, " degrees"))
    final_refimage: str | None = key()
    final_bits: Any = key()
    ivm_path: str | None = key()


@dataclass
class MeasureConfig:
    """How a point is measured."""

    metrics: list[str] = key(Limit(bool, "at least one metric"))
    own_metrics: list[str] = key()
    min_stars: int = key(within(MIN_STARS, MAX_STARS))
    max_stars: int = key(within(1, MAX_STARS))
    min_star_snr: float = key(above_zero(ANY))
    n_sky_boxes: int = key(within(1, 10_000))
    weight_area_arcsec2: float = key(within(MIN_WEIGHT_AREA_ARCSEC2, 100_000))
    region: str | None = key()
    leave_out: str | None = key()
    stars: str | None = key()
    n_bootstrap: int = key(within(MIN_RESAMPLES, 100_000))
    grid_phases: int = key(within(1, MAX_GRID_PHASES, ", along each axis"))
    inject_stars: int = key(
        Limit(lambda v: v == 0 or MIN_STARS <= v <= MAX_STARS, f"0 (none), or 3 to {MAX_STARS}")
    )
    inject_snr: float = key(above_zero(ANY))
    seed: int = key(SEED)
