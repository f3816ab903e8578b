"""The configuration: what keys there are, what they may say, and what a scale means.

`validate` checks one fully composed configuration and raises
`~hstdriz_study.errors.ConfigError` naming the key.
"""

from hstdriz_study.config.bits import bits_text, good_bits, with_good_bits
from hstdriz_study.config.names import ALLOWED_NAME, is_name, shown
from hstdriz_study.config.paths import with_absolute_paths
from hstdriz_study.config.ranges import FAST_KERNELS, MIN_EXPOSURES, WHT_TYPES, validate
from hstdriz_study.config.scale import asked_arcsec, handbook_psf_arcsec, scale_arcsec
from hstdriz_study.config.schema import (
    ChecksConfig,
    ChooseConfig,
    CosmicRayConfig,
    CosmicRayRateConfig,
    DatasetConfig,
    DrizzleConfig,
    FilterConfig,
    GeometryConfig,
    ImageFindConfig,
    MeasureConfig,
    PredictConfig,
    PrepareConfig,
    RecipeConfig,
    RefineConfig,
    ReportConfig,
    StudyConfig,
    TrackConfig,
)

__all__ = [
    "ALLOWED_NAME",
    "FAST_KERNELS",
    "MIN_EXPOSURES",
    "WHT_TYPES",
    "ChecksConfig",
    "ChooseConfig",
    "CosmicRayConfig",
    "CosmicRayRateConfig",
    "DatasetConfig",
    "DrizzleConfig",
    "FilterConfig",
    "GeometryConfig",
    "ImageFindConfig",
    "MeasureConfig",
    "PredictConfig",
    "PrepareConfig",
    "RecipeConfig",
    "RefineConfig",
    "ReportConfig",
    "StudyConfig",
    "TrackConfig",
    "asked_arcsec",
    "bits_text",
    "good_bits",
    "handbook_psf_arcsec",
    "is_name",
    "scale_arcsec",
    "shown",
    "validate",
    "with_absolute_paths",
    "with_good_bits",
]
