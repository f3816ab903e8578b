"""Keys of a filter: those of its detector, and of what AstroDrizzle and TweakReg make of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hstdriz_study.drizzlepac_options import COMBINE_TYPES
from hstdriz_study.study.config.limits import (
    ANY,
    FRACTION,
    KEPT_IN_OUTPUT_OF_FILTER,
    NAME,
    PIXEL,
    SIZE,
    TWO_NOT_NEGATIVE,
    TWO_POSITIVE,
    above_zero,
    key,
    one_of,
    within,
)


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
