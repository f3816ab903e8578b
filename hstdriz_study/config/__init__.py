"""The configuration: keys, what they may say, what a scale means and whose exposures they are.

`validate` checks one fully composed configuration and raises
`~hstdriz_study.errors.ConfigError` naming the key.
"""

from hstdriz_study.config.data import (
    DataTold,
    data_told,
    datasets_of,
    points_told,
    stored_datasets,
    with_kind,
    without_part,
)
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
    "FAST_KERNELS",
    "MIN_EXPOSURES",
    "WHT_TYPES",
    "ChecksConfig",
    "ChooseConfig",
    "CosmicRayConfig",
    "CosmicRayRateConfig",
    "DataTold",
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
    "data_told",
    "datasets_of",
    "handbook_psf_arcsec",
    "points_told",
    "scale_arcsec",
    "stored_datasets",
    "validate",
    "with_absolute_paths",
    "with_kind",
    "without_part",
]
