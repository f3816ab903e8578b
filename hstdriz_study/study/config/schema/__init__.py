"""The schema of the configuration: every key, its type and what it may say.

The defaults and their reasons stand in ``conf/`` (`hstdriz_study.study.config.shipped`).
"""

from hstdriz_study.study.config.schema.exposures import (
    KINDS,
    ChecksConfig,
    DatasetConfig,
    MastConfig,
    PrepareConfig,
)
from hstdriz_study.study.config.schema.filter import (
    CosmicRayConfig,
    CosmicRayRateConfig,
    FilterConfig,
    GeometryConfig,
    ImageFindConfig,
    RecipeConfig,
)
from hstdriz_study.study.config.schema.outcome import (
    ChooseConfig,
    RefineConfig,
    ReportConfig,
    TrackConfig,
)
from hstdriz_study.study.config.schema.points import (
    KERNELS,
    DrizzleConfig,
    MeasureConfig,
    PredictConfig,
)
from hstdriz_study.study.config.schema.study import StudyConfig

__all__ = [
    "KERNELS",
    "KINDS",
    "ChecksConfig",
    "ChooseConfig",
    "CosmicRayConfig",
    "CosmicRayRateConfig",
    "DatasetConfig",
    "DrizzleConfig",
    "FilterConfig",
    "GeometryConfig",
    "ImageFindConfig",
    "MastConfig",
    "MeasureConfig",
    "PredictConfig",
    "PrepareConfig",
    "RecipeConfig",
    "RefineConfig",
    "ReportConfig",
    "StudyConfig",
    "TrackConfig",
]
