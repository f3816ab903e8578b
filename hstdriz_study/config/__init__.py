"""The configuration: what keys there are, what they may say, and what a scale means.

`validate` checks one fully composed configuration and raises
`~hstdriz_study.errors.ConfigError` naming the key.
"""

from hstdriz_study.config.choose import choice_settings
from hstdriz_study.config.paths import with_absolute_paths
from hstdriz_study.config.ranges import FAST_KERNELS, MIN_EXPOSURES, WHT_TYPES, validate
from hstdriz_study.config.refine import refine_settings
from hstdriz_study.config.scale import asked_arcsec, scale_arcsec
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
    "choice_settings",
    "refine_settings",
    "scale_arcsec",
    "validate",
    "with_absolute_paths",
]
