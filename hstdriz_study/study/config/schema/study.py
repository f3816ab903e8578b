"""The whole configuration."""

from __future__ import annotations

from dataclasses import dataclass, field

from hstdriz_study.study.config.limits import KEPT_IN_OUTPUT, NAME, WORKERS, key
from hstdriz_study.study.config.schema.exposures import ChecksConfig, DatasetConfig, PrepareConfig
from hstdriz_study.study.config.schema.filter import FilterConfig
from hstdriz_study.study.config.schema.outcome import (
    ChooseConfig,
    RefineConfig,
    ReportConfig,
    TrackConfig,
)
from hstdriz_study.study.config.schema.points import DrizzleConfig, MeasureConfig, PredictConfig


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
