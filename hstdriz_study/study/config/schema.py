"""The schema of the configuration: every key, its type and what it may say.

The defaults and their reasons stand in ``conf/`` (`hstdriz_study.study.config.shipped`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from hstdriz_study.choose.goals import GOALS
from hstdriz_study.contracts import FAST_KERNELS, MIN_EXPOSURES, FindingKind
from hstdriz_study.dataset.solutions import ACTIVE, UPDATEWCS
from hstdriz_study.drizzlepac_options import (
    COMBINE_TYPES,
    FIT_GEOMETRIES,
    PREPARING_ENGINES,
    SKY_METHODS,
    WHT_TYPES,
)
from hstdriz_study.study.config.limits import (
    ANY,
    FRACTION,
    FRACTION_ABOVE_ZERO,
    KEPT_IN_OUTPUT,
    KEPT_IN_OUTPUT_OF_FILTER,
    NAME,
    ONE_LINE,
    PIXEL,
    SEED,
    SHOWN,
    SIZE,
    SOME_PATH,
    TOLERANCE,
    TWO_NOT_NEGATIVE,
    TWO_POSITIVE,
    WEIGHTS,
    WORKERS,
    Limit,
    above_zero,
    any_of,
    key,
    one_of,
    within,
)
from hstdriz_study.study.config.renamed import key_now_named

KINDS = ("synthetic", "local", "mast")
KERNELS = (*FAST_KERNELS, "lanczos3")
ENGINES = ("fast", "frame", "astrodrizzle")
PREDICTED_FROM = ("raw", "prepared")
MIN_STARS = 3  # fewer give no scatter to estimate an error from
MIN_RESAMPLES = 20
MAX_GRID_PHASES = 8  # 64 products a point
MAX_EXPERIMENT_LENGTH = 500  # MLflow's own limit
MAX_PORT = 65535
MIN_WEIGHT_AREA_ARCSEC2 = 10.0  # a hundred boxes of a few native pixels
MAX_STARS = 10_000  # more make no error smaller that is not already below those of the field
# scales and pixfracs that refine adds have three significant digits
REFINE_TOLERANCE = within(0.01, 1)


def _is_title(text: str) -> bool:
    return bool(text.strip()) and text.isprintable() and len(text) <= MAX_EXPERIMENT_LENGTH


@dataclass
class CosmicRayConfig:
    """Keywords of AstroDrizzle's cosmic-ray steps."""

    driz_cr: bool = key()
    minmed_below: int = key(within(0, 1000))
    combine_type: str = key(one_of(COMBINE_TYPES))
    driz_cr_snr: str = key(TWO_POSITIVE)
    driz_cr_scale: str = key(TWO_NOT_NEGATIVE)


@dataclass
class CosmicRayRateConfig:
    """How many pixels cosmic rays spoil, for predictions from exposures not yet prepared."""

    pixel_fraction_per_1000s: float = key(FRACTION)
    pixels_per_hit: float = key(within(1, 1000))


@dataclass
class ImageFindConfig:
    """How TweakReg finds sources on this detector."""

    computesig: bool = key()
    skysigma: float = key(within(0, ANY))
    threshold: float = key(above_zero(ANY))
    conv_width: float = key(above_zero(100, " pixels"))
    use_sharp_round: bool = key()
    sharplo: float = key(within(-ANY, ANY))
    sharphi: float = key(within(-ANY, ANY))


@dataclass
class GeometryConfig:
    """Sizes on the sky used in measuring, arcsec."""

    aperture_radius_arcsec: float = key(SIZE)
    ee_radius_arcsec: float = key(SIZE)
    fit_box_arcsec: float = key(SIZE)
    sky_box_arcsec: float = key(SIZE)
    preview_box_arcsec: float = key(SIZE)


@dataclass
class RecipeConfig:
    """What the five-filter recipe uses for this filter."""

    final_scale_arcsec: float = key(PIXEL)
    good_bits: Any = key()


@dataclass
class FilterConfig:
    """One filter on one detector."""

    name: str = key(NAME, KEPT_IN_OUTPUT_OF_FILTER)
    instrument: str = key()
    detector: str = key()
    filter: str = key()
    wavelength_nm: float = key(within(90, 3000, ", what Hubble sees"))
    native_scale_arcsec: float = key(PIXEL)
    psf_fwhm_arcsec: float = key(PIXEL)
    record: str | None = key()
    good_bits: Any = key()
    jref: str | None = key()
    iref: str | None = key()
    uref: str | None = key()
    cosmic_rays: CosmicRayConfig = field(default_factory=CosmicRayConfig)
    cosmic_ray_rate: CosmicRayRateConfig = field(default_factory=CosmicRayRateConfig)
    imagefind: ImageFindConfig = field(default_factory=ImageFindConfig)
    geometry: GeometryConfig = field(default_factory=GeometryConfig)
    recipe: RecipeConfig = field(default_factory=RecipeConfig)


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


@dataclass
class StudyConfig:
    """The whole configuration, one attribute a room."""

    name: str = key(NAME, KEPT_IN_OUTPUT)
    title: str = key()
    stop_on_failure: bool = key()
    workers: int | None = key(WORKERS.or_null())
    filter: FilterConfig = field(default_factory=FilterConfig)
    dataset: DatasetConfig = field(default_factory=DatasetConfig)
    prepare: PrepareConfig = field(default_factory=PrepareConfig)
    checks: ChecksConfig = field(default_factory=ChecksConfig)
    predict: PredictConfig = field(default_factory=PredictConfig)
    drizzle: DrizzleConfig = field(default_factory=DrizzleConfig)
    measure: MeasureConfig = field(default_factory=MeasureConfig)
    choose: ChooseConfig = field(default_factory=ChooseConfig)
    refine: RefineConfig = field(default_factory=RefineConfig)
    track: TrackConfig = field(default_factory=TrackConfig)
    report: ReportConfig = field(default_factory=ReportConfig)
