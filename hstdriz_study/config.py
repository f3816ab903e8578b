"""The schema of the configuration: every key, its type and its allowed range.

The defaults and their reasons stand in ``conf/``; this module only says what is
legal. `validate` checks one fully composed configuration and raises
`~hstdriz_study.errors.ConfigError` naming the key.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from omegaconf import MISSING

from hstdriz_study.errors import ConfigError

FAST_KERNELS = ("square", "point", "turbo", "gaussian")
KERNELS = (*FAST_KERNELS, "lanczos3")
ENGINES = ("fast", "frame", "astrodrizzle")
PREDICTED_FROM = ("raw", "prepared")
WHT_TYPES = ("EXP", "ERR", "IVM")
MIN_EXPOSURES = 2  # one exposure leaves nothing to combine and no cosmic-ray rejection
MIN_STARS = 3  # fewer give no scatter to estimate an error from
MIN_RESAMPLES = 20
MAX_GRID_PHASES = 8  # 64 products a point
MIN_WEIGHT_AREA_ARCSEC2 = 10.0  # a hundred boxes of a few native pixels
MAX_SCALE_ARCSEC = 5.0  # a larger number is milliarcsec


@dataclass
class CosmicRayConfig:
    """Keywords of AstroDrizzle's cosmic-ray steps."""

    combine_type: str = MISSING
    driz_cr_snr: str = MISSING
    driz_cr_scale: str = MISSING


@dataclass
class CosmicRayRateConfig:
    """How many pixels cosmic rays spoil, for predictions from exposures not yet prepared."""

    pixel_fraction_per_1000s: float = 0.0
    pixels_per_hit: float = 1.0


@dataclass
class ImageFindConfig:
    """How TweakReg finds sources on this detector."""

    computesig: bool = MISSING
    skysigma: float = MISSING
    threshold: float = MISSING
    conv_width: float = MISSING
    use_sharp_round: bool = MISSING
    sharplo: float = 0.2
    sharphi: float = 1.0


@dataclass
class GeometryConfig:
    """Sizes on the sky used in measuring, arcsec."""

    aperture_radius_arcsec: float = MISSING
    ee_radius_arcsec: float = MISSING
    fit_box_arcsec: float = MISSING
    sky_box_arcsec: float = MISSING
    preview_box_arcsec: float = MISSING


@dataclass
class RecipeConfig:
    """What the five-filter recipe uses for this filter."""

    final_scale_arcsec: float = MISSING
    good_bits: str = MISSING


@dataclass
class FilterConfig:
    """One filter on one detector."""

    name: str = MISSING
    instrument: str = MISSING
    detector: str = MISSING
    filter: str = MISSING
    wavelength_nm: float = MISSING
    native_scale_arcsec: float = MISSING
    psf_fwhm_arcsec: float = MISSING
    good_bits: str = MISSING
    jref: str | None = None
    iref: str | None = None
    cosmic_rays: CosmicRayConfig = field(default_factory=CosmicRayConfig)
    cosmic_ray_rate: CosmicRayRateConfig = field(default_factory=CosmicRayRateConfig)
    imagefind: ImageFindConfig = field(default_factory=ImageFindConfig)
    geometry: GeometryConfig = field(default_factory=GeometryConfig)
    recipe: RecipeConfig = field(default_factory=RecipeConfig)


@dataclass
class DatasetConfig:
    """Where the exposures come from."""

    kind: str = MISSING
    path: str | None = None
    exclude: list[str] = field(default_factory=list)
    seed: int = 1
    full_frame: bool = False
    n_exposures: int = 4
    pointing_error_px: float = 0.0


@dataclass
class PrepareConfig:
    """What is done once per filter."""

    cache_dir: str = MISSING
    updatewcs: bool = True
    tweakreg: bool = False
    tweakreg_minobj: int = 6
    tweakreg_max_rms_px: float = 0.25
    tweakreg_max_shift_px: float = 20.0
    driz_sep_bits: str = MISSING
    skymethod: str = "localmin"
    max_star_core_flagged: float = 0.02


@dataclass
class PredictConfig:
    """The weight map foreseen, without drizzling an image."""

    exposures: str = "raw"
    seed: int = 1
    skip: bool = False
    max_rms_over_median: float = 0.5
    max_hole_fraction: float = 0.01


@dataclass
class DrizzleConfig:
    """AstroDrizzle's final step, and what carries it out."""

    engine: str = "fast"
    final_scale: Any = None
    final_pixfrac: float | None = None
    final_kernel: str = "square"
    final_wht_type: str = "EXP"
    final_rot: float | None = 0.0
    final_refimage: str | None = None
    final_bits: str = MISSING
    ivm_path: str | None = None


@dataclass
class MeasureConfig:
    """How a point is measured."""

    metrics: list[str] = field(default_factory=list)
    min_stars: int = 5
    max_stars: int = 150
    min_star_snr: float = 50.0
    n_sky_boxes: int = 300
    weight_area_arcsec2: float = 500.0
    n_bootstrap: int = 200
    grid_phases: int = 1
    seed: int = 20240229


@dataclass
class ChooseConfig:
    """The rule that turns the table of points into a choice."""

    rule: str = MISSING
    goal: str = "default"
    fwhm_tolerance: float = 0.02
    depth_tolerance_mag: float = 0.02
    rms_tolerance: float = 0.05
    paired_sigma: float = 2.0
    weights: dict[str, float] = field(default_factory=dict)
    max_fwhm_growth: float | None = None
    max_rms_over_median: float = 0.2
    rms_over_median_shown: list[float] = field(default_factory=list)
    max_hole_fraction: float = 1e-4
    min_pixels_per_fwhm: float = 2.0
    common_scale: bool = False
    integer_ratio: bool = False
    min_stars_advised: int = 10
    max_change_probability: float = 0.3


@dataclass
class TrackConfig:
    """MLflow."""

    tracking_uri: str = MISSING
    experiment: str = MISSING
    ui_port: int = 5000


@dataclass
class ReportConfig:
    """What is made at the end of a study."""

    make_product: bool = False


@dataclass
class StudyConfig:
    """The whole configuration, one attribute a room."""

    name: str = MISSING
    title: str = ""
    stop_on_failure: bool = False
    workers: int | None = None
    filter: FilterConfig = field(default_factory=FilterConfig)
    dataset: DatasetConfig = field(default_factory=DatasetConfig)
    prepare: PrepareConfig = field(default_factory=PrepareConfig)
    predict: PredictConfig = field(default_factory=PredictConfig)
    drizzle: DrizzleConfig = field(default_factory=DrizzleConfig)
    measure: MeasureConfig = field(default_factory=MeasureConfig)
    choose: ChooseConfig = field(default_factory=ChooseConfig)
    track: TrackConfig = field(default_factory=TrackConfig)
    report: ReportConfig = field(default_factory=ReportConfig)


def _positive(value: float) -> bool:
    return value > 0


# Key, test, and the allowed range in words.
_RANGES: tuple[tuple[str, Any, str], ...] = (
    ("workers", lambda v: v >= 1, "1 or more, or null"),
    ("dataset.kind", lambda v: v in ("synthetic", "local"), "synthetic or local"),
    ("dataset.n_exposures", lambda v: v >= MIN_EXPOSURES, "2 or more"),
    ("dataset.pointing_error_px", lambda v: v >= 0, "0 or more"),
    ("filter.wavelength_nm", _positive, "above 0"),
    ("filter.native_scale_arcsec", _positive, "above 0"),
    ("filter.psf_fwhm_arcsec", _positive, "above 0"),
    ("filter.geometry.aperture_radius_arcsec", _positive, "above 0"),
    ("filter.geometry.ee_radius_arcsec", _positive, "above 0"),
    ("filter.geometry.fit_box_arcsec", _positive, "above 0"),
    ("filter.geometry.sky_box_arcsec", _positive, "above 0"),
    ("filter.geometry.preview_box_arcsec", _positive, "above 0"),
    ("filter.cosmic_ray_rate.pixel_fraction_per_1000s", lambda v: 0 <= v <= 1, "0 to 1"),
    ("filter.cosmic_ray_rate.pixels_per_hit", lambda v: v >= 1, "1 or more"),
    ("predict.exposures", lambda v: v in PREDICTED_FROM, "one of " + ", ".join(PREDICTED_FROM)),
    ("predict.seed", lambda v: v >= 0, "0 or more"),
    ("predict.max_rms_over_median", _positive, "above 0"),
    ("predict.max_hole_fraction", lambda v: 0 <= v <= 1, "0 to 1"),
    ("prepare.tweakreg_minobj", lambda v: v >= 1, "1 or more"),
    ("prepare.tweakreg_max_rms_px", _positive, "above 0"),
    ("prepare.tweakreg_max_shift_px", _positive, "above 0"),
    ("prepare.max_star_core_flagged", lambda v: 0 <= v <= 1, "0 to 1"),
    ("drizzle.engine", lambda v: v in ENGINES, "one of " + ", ".join(ENGINES)),
    ("drizzle.final_pixfrac", lambda v: 0 < v <= 1, "above 0 and at most 1"),
    ("drizzle.final_kernel", lambda v: v in KERNELS, "one of " + ", ".join(KERNELS)),
    ("drizzle.final_wht_type", lambda v: v in WHT_TYPES, "one of " + ", ".join(WHT_TYPES)),
    ("drizzle.final_rot", lambda v: -360 <= v <= 360, "-360 to 360 degrees"),  # noqa: PLR2004
    ("measure.metrics", bool, "at least one metric"),
    ("measure.min_stars", lambda v: v >= MIN_STARS, "3 or more"),
    ("measure.max_stars", _positive, "above 0"),
    ("measure.min_star_snr", _positive, "above 0"),
    ("measure.n_sky_boxes", _positive, "above 0"),
    ("measure.weight_area_arcsec2", lambda v: v >= MIN_WEIGHT_AREA_ARCSEC2, "10 or more"),
    ("measure.grid_phases", lambda v: 1 <= v <= MAX_GRID_PHASES, "1 to 8, along each axis"),
    ("measure.n_bootstrap", lambda v: v >= MIN_RESAMPLES, "20 or more"),
    ("choose.fwhm_tolerance", lambda v: 0 <= v < 1, "0 to 1"),
    ("choose.depth_tolerance_mag", lambda v: v >= 0, "0 or more"),
    ("choose.rms_tolerance", lambda v: 0 <= v < 1, "0 to 1"),
    ("choose.paired_sigma", lambda v: v >= 0, "0 or more"),
    ("choose.max_fwhm_growth", lambda v: 0 < v < math.inf, "above 0 and finite, or null"),
    ("choose.max_rms_over_median", _positive, "above 0"),
    ("choose.max_hole_fraction", lambda v: 0 <= v <= 1, "0 to 1"),
    ("choose.min_pixels_per_fwhm", lambda v: v >= 0, "0 or more"),
    ("choose.min_stars_advised", lambda v: v >= 0, "0 or more"),
    ("choose.max_change_probability", lambda v: 0 <= v <= 1, "0 to 1"),
    ("track.ui_port", lambda v: 0 < v < 65536, "1 to 65535"),  # noqa: PLR2004
)


def validate(config: StudyConfig) -> None:
    """Check every range of one composed configuration.

    Raises
    ------
    ConfigError
        Naming the first key outside its range, its value and the range.
    """
    for key, allowed, words in _RANGES:
        value: Any = config
        for part in key.split("."):
            value = getattr(value, part)
        if value is not None and not allowed(value):
            raise ConfigError(f"{key}={value}: must be {words}")
    if config.dataset.kind == "local" and not config.dataset.path:
        raise ConfigError("dataset.path is not set: dataset=local needs dataset.path=DIR")
    if config.predict.skip and config.drizzle.final_kernel == "lanczos3":
        raise ConfigError(
            "predict.skip=true: the weights of drizzle.final_kernel=lanczos3 cannot be predicted; "
            "set predict.skip=false for it"
        )
    if config.drizzle.engine != "astrodrizzle" and config.drizzle.final_kernel not in FAST_KERNELS:
        raise ConfigError(
            f"drizzle.final_kernel={config.drizzle.final_kernel} is another function in the "
            "drizzle library, which does not scale it with pixfrac as DrizzlePac does; set "
            "drizzle.engine=astrodrizzle"
        )
    scale_arcsec(config)


def handbook_psf_arcsec(wavelength_nm: float) -> float:
    """Return the rule-of-thumb PSF width 1.22 lambda/D of a 2.4 m telescope, arcsec."""
    return 1.22 * wavelength_nm * 1e-9 / 2.4 * 206264.80624709636


def scale_arcsec(config: StudyConfig) -> float | None:
    """Turn ``drizzle.final_scale`` into arcsec.

    Returns
    -------
    float or None
        None when the key is null: the scale is then left to AstroDrizzle.

    Raises
    ------
    ConfigError
        If the value is neither a positive number nor ``native`` nor
        ``psf/<pixels per PSF>``.
    """
    asked = config.drizzle.final_scale
    if asked is None:
        return None
    if asked == "native":
        return config.filter.native_scale_arcsec
    text = str(asked)
    divided = text.startswith("psf/")
    try:
        number = float(text.removeprefix("psf/"))
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number > 0):
        raise ConfigError(
            f"drizzle.final_scale={asked}: must be a size in arcsec above 0, native, "
            "psf/<pixels per PSF> such as psf/2.5, or null"
        )
    if divided:
        return handbook_psf_arcsec(config.filter.wavelength_nm) / number
    if number > MAX_SCALE_ARCSEC:
        raise ConfigError(
            f"drizzle.final_scale={asked}: more than {MAX_SCALE_ARCSEC} arcsec; "
            "the unit is arcsec, not milliarcsec"
        )
    return number
