"""The schema of the configuration: every key and its type.

The defaults and their reasons stand in ``conf/``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from omegaconf import MISSING

from hstdriz_study.study.config.renamed import NEW_NAME


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
    good_bits: Any = MISSING


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
    record: str | None = None
    good_bits: Any = MISSING
    jref: str | None = None
    iref: str | None = None
    cosmic_rays: CosmicRayConfig = field(default_factory=CosmicRayConfig)
    cosmic_ray_rate: CosmicRayRateConfig = field(default_factory=CosmicRayRateConfig)
    imagefind: ImageFindConfig = field(default_factory=ImageFindConfig)
    geometry: GeometryConfig = field(default_factory=GeometryConfig)
    recipe: RecipeConfig = field(default_factory=RecipeConfig)


@dataclass
class DatasetConfig:
    """Where the exposures come from; the kind is settled by `hstdriz_study.study.config.data`."""

    kind: str | None = None
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
    driz_sep_bits: Any = MISSING
    skymethod: str = "localmin"
    max_star_core_flagged: float | None = field(
        default=None, metadata={NEW_NAME: "checks.max_star_core_flagged"}
    )


@dataclass
class ChecksConfig:
    """When to warn of what was found in the exposures of a filter."""

    max_star_core_flagged: float = 0.02
    max_misalignment_px: float = 0.1
    max_saturated_fraction: float = 0.5
    max_shallow_fraction: float = 0.2
    accept: list[str] = field(default_factory=list)


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
    final_bits: Any = MISSING
    ivm_path: str | None = None


@dataclass
class MeasureConfig:
    """How a point is measured."""

    metrics: list[str] = field(default_factory=list)
    own_metrics: list[str] = field(default_factory=list)
    min_stars: int = 5
    max_stars: int = 150
    min_star_snr: float = 50.0
    n_sky_boxes: int = 200
    weight_area_arcsec2: float = 250.0
    n_bootstrap: int = 200
    grid_phases: int = 1
    inject_stars: int = 0
    inject_snr: float = 200.0
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
    max_sample_spacing_px: float = 1.5
    max_change_probability: float = 0.3


@dataclass
class RefineConfig:
    """Points added around the choice after the sweep."""

    enabled: bool = False
    scale_tolerance: float = 0.06
    pixfrac_tolerance: float = 0.05
    max_points: int = 64
    max_rounds: int = 16
    finest_scale: Any = "psf/3"
    coarsest_scale: Any = "native"
    smallest_pixfrac: float = 0.2


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
    make_noise_map: bool = False
    make_psf: bool = False
    what_if: list[str] = field(default_factory=list)


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
    checks: ChecksConfig = field(default_factory=ChecksConfig)
    predict: PredictConfig = field(default_factory=PredictConfig)
    drizzle: DrizzleConfig = field(default_factory=DrizzleConfig)
    measure: MeasureConfig = field(default_factory=MeasureConfig)
    choose: ChooseConfig = field(default_factory=ChooseConfig)
    refine: RefineConfig = field(default_factory=RefineConfig)
    track: TrackConfig = field(default_factory=TrackConfig)
    report: ReportConfig = field(default_factory=ReportConfig)
