"""Keys of the exposures: where they come from, how they are prepared, what is warned of."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from hstdriz_study.contracts import MIN_EXPOSURES, FindingKind
from hstdriz_study.dataset.solutions import ACTIVE, UPDATEWCS
from hstdriz_study.drizzlepac_options import FIT_GEOMETRIES, PREPARING_ENGINES, SKY_METHODS
from hstdriz_study.study.config.limits import (
    ANY,
    FRACTION,
    ONE_LINE,
    SEED,
    SOME_PATH,
    Limit,
    above_zero,
    any_of,
    key,
    one_of,
    within,
)
from hstdriz_study.study.config.renamed import key_now_named

KINDS = ("synthetic", "local", "mast")


def _are_obs_ids(given: list[str]) -> bool:
    return all(re.fullmatch(r"[A-Za-z0-9]{9}", one) for one in given)


@dataclass
class MastConfig:
    """What is fetched from the archive, and how patiently."""

    proposal: int | None = key(within(1, 99_999).or_null())
    obs_ids: list[str] = key(
        Limit(_are_obs_ids, "names of exposures or associations, nine letters and digits each")
    )
    target: str | None = key(
        Limit(lambda text: text.strip() and text.isprintable(), "a name or a place, or null")
    )
    radius_arcmin: float = key(above_zero(120))
    attempts: int = key(within(1, 100))
    silence_s: float = key(within(1, 3600))
    wait_s: float = key(within(0, 3600))
    crds_server: str | None = key(
        Limit(lambda text: re.fullmatch(r"https?://[^/\s]+/?", text), "http(s)://HOST, or null")
    )
    crds_cache: str = key(Limit(bool, "a directory"))


@dataclass
class DatasetConfig:
    """Where the exposures come from; the kind is settled by `hstdriz_study.study.config.data`."""

    kind: str | None = key(Limit(lambda v: v in KINDS, f"one of {', '.join(KINDS)}, or null"))
    path: str | None = key()
    exclude: list[str] = key()
    seed: int = key(SEED)
    full_frame: bool = key()
    n_exposures: int = key(within(MIN_EXPOSURES, 1000))
    pointing_error_px: float = key(within(0, 100))
    mast: MastConfig = field(default_factory=MastConfig)


@dataclass
class PrepareConfig:
    """What is done once per filter."""

    cache_dir: str = key(SOME_PATH)
    engine: str = key(one_of(PREPARING_ENGINES))
    wcs: str = key(ONE_LINE)
    tweakreg: bool = key()
    align_to: str | None = key()
    align_to_threshold: float = key(above_zero(ANY))
    expand_refcat: bool = key()
    shifts: str | None = key()
    tweakreg_fitgeometry: str = key(one_of(FIT_GEOMETRIES))
    tweakreg_searchrad_arcsec: float = key(above_zero(600))
    tweakreg_minobj: int = key(within(1, 100_000))
    tweakreg_max_rms_px: float = key(above_zero(100))
    tweakreg_max_shift_px: float = key(above_zero(10_000))
    driz_sep_bits: Any = key()
    skymethod: str = key(one_of(SKY_METHODS))
    updatewcs: bool | None = key_now_named("prepare.wcs", {True: UPDATEWCS, False: ACTIVE})
    max_star_core_flagged: float | None = key_now_named("checks.max_star_core_flagged")


@dataclass
class ChecksConfig:
    """When to warn of what was found in the exposures of a filter."""

    accept: list[str] = key(any_of(tuple(FindingKind)))
    max_star_core_flagged: float = key(FRACTION)
    max_misalignment_px: float = key(above_zero(1000))
    max_saturated_fraction: float = key(FRACTION)
    max_shallow_fraction: float = key(FRACTION)
    max_cosmic_ray_fraction: float = key(FRACTION)
    min_good_fraction: float = key(FRACTION)
    max_noise_over_error: float = key(within(1, ANY))
    max_noise_ratio: float = key(within(1, ANY))
    max_sky_ratio: float = key(within(1, ANY))
    max_flux_difference: float = key(above_zero(ANY))
    max_width_difference: float = key(above_zero(ANY))
    max_ellipticity_difference: float = key(FRACTION)
    min_star_coverage: float = key(FRACTION)
