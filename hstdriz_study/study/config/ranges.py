"""What a configuration may say: the allowed range of every key."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from hstdriz_study.contracts import FAST_KERNELS, MIN_EXPOSURES, FindingKind
from hstdriz_study.errors import ConfigError
from hstdriz_study.names import (
    ALLOWED_NAME,
    ALLOWED_OUTPUT,
    is_kept_in_output,
    is_name,
    shown,
)
from hstdriz_study.study.config.scale import asked_arcsec, scale_arcsec

if TYPE_CHECKING:
    from collections.abc import Callable

    from hstdriz_study.study.config.schema import ImageFindConfig, StudyConfig

KERNELS = (*FAST_KERNELS, "lanczos3")
ENGINES = ("fast", "frame", "astrodrizzle")
PREDICTED_FROM = ("raw", "prepared")
WHT_TYPES = ("EXP", "ERR", "IVM")
# combine_type and skymethod of drizzlepac 3.11's pars/astrodrizzle.cfgspc. AstroDrizzle itself does
# not refuse others: it takes an image of zeros for the median, and another sky.
COMBINE_TYPES = ("minmed", "iminmed", "median", "imedian", "mean", "imean", "sum")
SKY_METHODS = ("localmin", "globalmin", "match", "globalmin+match")
MIN_STARS = 3  # fewer give no scatter to estimate an error from
MIN_RESAMPLES = 20
MAX_GRID_PHASES = 8  # 64 products a point
MAX_EXPERIMENT_LENGTH = 500  # MLflow's own limit
MIN_TOLERANCE = 0.01  # scales and pixfracs that refine adds have three significant digits
MIN_WEIGHT_AREA_ARCSEC2 = 10.0  # a hundred boxes of a few native pixels


def _positive(value: float) -> bool:
    return value > 0


def _numbers(text: str) -> list[float]:
    """Split numbers as drizzlepac's drizCR.py does; none when one of them is not a number."""
    try:
        return [float(word) for word in re.split(r"[,;\s]+", text) if word]
    except ValueError:
        return []


def _are_two(text: str, allowed: Callable[[float], bool]) -> bool:
    numbers = _numbers(text)
    return len(numbers) == 2 and all(math.isfinite(n) and allowed(n) for n in numbers)  # noqa: PLR2004


def _one_of(words: tuple[str, ...]) -> str:
    return "one of " + ", ".join(words)


def _any_of(words: tuple[str, ...]) -> str:
    return "a list of " + ", ".join(words)


# Key, test, and the allowed range in words.
_RANGES: tuple[tuple[str, Any, str], ...] = (
    ("name", is_name, ALLOWED_NAME),
    ("name", is_kept_in_output, ALLOWED_OUTPUT),
    ("workers", lambda v: v >= 1, "1 or more, or null"),
    ("dataset.kind", lambda v: v in ("synthetic", "local"), "synthetic or local, or null"),
    ("dataset.n_exposures", lambda v: v >= MIN_EXPOSURES, "2 or more"),
    ("dataset.pointing_error_px", lambda v: v >= 0, "0 or more"),
    ("filter.name", is_name, ALLOWED_NAME),
    # it stands after a low line there
    ("filter.name", lambda v: is_kept_in_output(f"_{v}"), ALLOWED_OUTPUT),
    ("filter.wavelength_nm", _positive, "above 0"),
    ("filter.native_scale_arcsec", _positive, "above 0"),
    ("filter.psf_fwhm_arcsec", _positive, "above 0"),
    ("filter.geometry.aperture_radius_arcsec", _positive, "above 0"),
    ("filter.geometry.ee_radius_arcsec", _positive, "above 0"),
    ("filter.geometry.fit_box_arcsec", _positive, "above 0"),
    ("filter.geometry.sky_box_arcsec", _positive, "above 0"),
    ("filter.geometry.preview_box_arcsec", _positive, "above 0"),
    ("filter.cosmic_rays.combine_type", lambda v: v in COMBINE_TYPES, _one_of(COMBINE_TYPES)),
    (
        "filter.cosmic_rays.driz_cr_snr",
        lambda v: _are_two(v, _positive),
        "two numbers above 0, such as '3.5 3.0'",
    ),
    (
        "filter.cosmic_rays.driz_cr_scale",
        lambda v: _are_two(v, lambda n: n >= 0),
        "two numbers of 0 or more, such as '1.2 0.7'",
    ),
    ("filter.cosmic_ray_rate.pixel_fraction_per_1000s", lambda v: 0 <= v <= 1, "0 to 1"),
    ("filter.cosmic_ray_rate.pixels_per_hit", lambda v: v >= 1, "1 or more"),
    ("filter.imagefind.skysigma", lambda v: v >= 0, "0 or more"),
    ("filter.imagefind.threshold", _positive, "above 0"),
    ("filter.imagefind.conv_width", _positive, "above 0"),
    ("predict.exposures", lambda v: v in PREDICTED_FROM, _one_of(PREDICTED_FROM)),
    ("predict.seed", lambda v: v >= 0, "0 or more"),
    ("predict.max_rms_over_median", _positive, "above 0"),
    ("predict.max_hole_fraction", lambda v: 0 <= v <= 1, "0 to 1"),
    ("prepare.tweakreg_minobj", lambda v: v >= 1, "1 or more"),
    ("prepare.tweakreg_max_rms_px", _positive, "above 0"),
    ("prepare.tweakreg_max_shift_px", _positive, "above 0"),
    ("prepare.skymethod", lambda v: v in SKY_METHODS, _one_of(SKY_METHODS)),
    ("checks.accept", lambda v: set(v) <= set(FindingKind), _any_of(tuple(FindingKind))),
    ("checks.max_star_core_flagged", lambda v: 0 <= v <= 1, "0 to 1"),
    ("checks.max_misalignment_px", _positive, "above 0"),
    ("checks.max_saturated_fraction", lambda v: 0 <= v <= 1, "0 to 1"),
    ("checks.max_shallow_fraction", lambda v: 0 <= v <= 1, "0 to 1"),
    ("drizzle.engine", lambda v: v in ENGINES, _one_of(ENGINES)),
    ("drizzle.final_pixfrac", lambda v: 0 < v <= 1, "above 0 and at most 1"),
    ("drizzle.final_kernel", lambda v: v in KERNELS, _one_of(KERNELS)),
    ("drizzle.final_wht_type", lambda v: v in WHT_TYPES, _one_of(WHT_TYPES)),
    ("drizzle.final_rot", lambda v: -360 <= v <= 360, "-360 to 360 degrees"),  # noqa: PLR2004
    ("measure.metrics", bool, "at least one metric"),
    ("measure.min_stars", lambda v: v >= MIN_STARS, "3 or more"),
    ("measure.max_stars", _positive, "above 0"),
    ("measure.min_star_snr", _positive, "above 0"),
    ("measure.n_sky_boxes", _positive, "above 0"),
    ("measure.weight_area_arcsec2", lambda v: v >= MIN_WEIGHT_AREA_ARCSEC2, "10 or more"),
    ("measure.grid_phases", lambda v: 1 <= v <= MAX_GRID_PHASES, "1 to 8, along each axis"),
    ("measure.inject_stars", lambda v: v == 0 or v >= MIN_STARS, "0 (none), or 3 or more"),
    ("measure.inject_snr", _positive, "above 0"),
    ("measure.n_bootstrap", lambda v: v >= MIN_RESAMPLES, "20 or more"),
    ("choose.fwhm_tolerance", lambda v: 0 <= v < 1, "0 to 1"),
    ("choose.depth_tolerance_mag", lambda v: v >= 0, "0 or more"),
    ("choose.rms_tolerance", lambda v: 0 <= v < 1, "0 to 1"),
    ("choose.paired_sigma", lambda v: v >= 0, "0 or more"),
    ("choose.max_fwhm_growth", _positive, "above 0, or null"),
    ("choose.max_rms_over_median", _positive, "above 0"),
    ("choose.max_hole_fraction", lambda v: 0 <= v <= 1, "0 to 1"),
    ("choose.min_pixels_per_fwhm", lambda v: v >= 0, "0 or more"),
    ("choose.min_stars_advised", lambda v: v >= 0, "0 or more"),
    ("choose.max_sample_spacing_px", _positive, "above 0"),
    ("choose.max_change_probability", lambda v: 0 <= v <= 1, "0 to 1"),
    ("refine.scale_tolerance", lambda v: MIN_TOLERANCE <= v <= 1, "0.01 to 1"),
    ("refine.pixfrac_tolerance", lambda v: MIN_TOLERANCE <= v <= 1, "0.01 to 1"),
    ("refine.max_points", lambda v: v >= 1, "1 or more"),
    ("refine.max_rounds", lambda v: v >= 1, "1 or more"),
    ("refine.smallest_pixfrac", lambda v: 0 < v <= 1, "above 0 and at most 1"),
    (
        "track.experiment",
        lambda v: v.strip() and v.isprintable() and len(v) <= MAX_EXPERIMENT_LENGTH,
        f"a title of 1 to {MAX_EXPERIMENT_LENGTH} printable characters",
    ),
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
        if isinstance(value, float) and not math.isfinite(value):
            raise ConfigError(f"{key}={value}: must be a finite number")
        if value is not None and not allowed(value):
            raise ConfigError(f"{key}={shown(value)}: must be {words}")
    _check_together(config)


def _check_together(config: StudyConfig) -> None:
    """Check values that others restrict."""
    _check_imagefind(config.filter.imagefind)
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
    finest, coarsest = (
        asked_arcsec(getattr(config.refine, name), config.filter, f"refine.{name}")
        for name in ("finest_scale", "coarsest_scale")
    )
    if config.refine.enabled and finest > coarsest:
        raise ConfigError(
            f"refine.finest_scale={config.refine.finest_scale}: is coarser than "
            f"refine.coarsest_scale={config.refine.coarsest_scale} for {config.filter.name}"
        )


def _check_imagefind(find: ImageFindConfig) -> None:
    if not find.computesig and find.skysigma == 0:
        raise ConfigError(
            "filter.imagefind.skysigma=0: must be above 0 with filter.imagefind.computesig=false, "
            "or every pixel is a source"
        )
    if find.use_sharp_round and not find.sharplo < find.sharphi:
        raise ConfigError(
            f"filter.imagefind.sharplo={find.sharplo}: must be below "
            f"filter.imagefind.sharphi={find.sharphi}, or no source is left"
        )
