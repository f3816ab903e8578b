"""The configuration: keys, what they may say, what a scale means and whose exposures they are.

`validate` checks one fully composed configuration and raises
`~hstdriz_study.errors.ConfigError` naming the key.
"""

from typing import TYPE_CHECKING

from lazy_loader import attach

from hstdriz_study.study.config.allowed import validate
from hstdriz_study.study.config.bits import with_good_bits
from hstdriz_study.study.config.data import (
    DataTold,
    check_question,
    data_told,
    datasets_of,
    points_told,
    question_of,
    with_kind,
    without_part,
)
from hstdriz_study.study.config.paths import with_absolute_paths
from hstdriz_study.study.config.renamed import old_names_told, with_new_names
from hstdriz_study.study.config.scale import asked_arcsec, scale_arcsec
from hstdriz_study.study.config.schema import (
    ChecksConfig,
    ChooseConfig,
    CosmicRayConfig,
    CosmicRayRateConfig,
    DatasetConfig,
    DrizzleConfig,
    FilterConfig,
    GeometryConfig,
    ImageFindConfig,
    MastConfig,
    MeasureConfig,
    PredictConfig,
    PrepareConfig,
    RecipeConfig,
    RefineConfig,
    ReportConfig,
    StudyConfig,
    TrackConfig,
)
from hstdriz_study.study.config.shipped import (
    schema_with_defaults,
    shipped_cache_dir,
    shipped_defaults,
)

if TYPE_CHECKING:
    from hstdriz_study.study.config.choose import choice_settings
    from hstdriz_study.study.config.dataset import (
        dataset_settings,
        starts_mjd,
        synthetic_source,
    )
    from hstdriz_study.study.config.detector import filter_detector, simulated_band
    from hstdriz_study.study.config.drizzle import drizzle_settings, native_settings
    from hstdriz_study.study.config.fetch import fetch_settings
    from hstdriz_study.study.config.field import field_options, point_options
    from hstdriz_study.study.config.measure import metric_entries, metric_functions, region_settings
    from hstdriz_study.study.config.prepare import prepare_settings
    from hstdriz_study.study.config.refine import refine_settings
else:
    # what makes the rooms' settings brings the rooms, for which no command line should wait
    __getattr__, *_ = attach(
        __name__,
        submod_attrs={
            "choose": ["choice_settings"],
            "dataset": ["dataset_settings", "starts_mjd", "synthetic_source"],
            "detector": ["filter_detector", "simulated_band"],
            "drizzle": ["drizzle_settings", "native_settings"],
            "fetch": ["fetch_settings"],
            "field": ["field_options", "point_options"],
            "measure": ["metric_entries", "metric_functions", "region_settings"],
            "prepare": ["prepare_settings"],
            "refine": ["refine_settings"],
        },
    )

__all__ = [
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
    "MastConfig",
    "MeasureConfig",
    "PredictConfig",
    "PrepareConfig",
    "RecipeConfig",
    "RefineConfig",
    "ReportConfig",
    "StudyConfig",
    "TrackConfig",
    "asked_arcsec",
    "check_question",
    "choice_settings",
    "data_told",
    "dataset_settings",
    "datasets_of",
    "drizzle_settings",
    "fetch_settings",
    "field_options",
    "filter_detector",
    "metric_entries",
    "metric_functions",
    "native_settings",
    "old_names_told",
    "point_options",
    "points_told",
    "prepare_settings",
    "question_of",
    "refine_settings",
    "region_settings",
    "scale_arcsec",
    "schema_with_defaults",
    "shipped_cache_dir",
    "shipped_defaults",
    "simulated_band",
    "starts_mjd",
    "synthetic_source",
    "validate",
    "with_absolute_paths",
    "with_good_bits",
    "with_kind",
    "with_new_names",
    "without_part",
]
