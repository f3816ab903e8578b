"""From a configuration to what a field and its points are told."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from hstdriz_study.checks.settings import CheckLimits
from hstdriz_study.contracts import MeasureGeometry
from hstdriz_study.field.settings import FieldOptions, PointOptions
from hstdriz_study.inject.settings import InjectSettings
from hstdriz_study.predict import CosmicRayAllowance, SketchSettings
from hstdriz_study.study.config.dataset import dataset_settings
from hstdriz_study.study.config.drizzle import native_settings
from hstdriz_study.study.config.measure import metric_functions, region_settings
from hstdriz_study.study.config.prepare import prepare_settings

if TYPE_CHECKING:
    from hstdriz_study.study.config.schema import FilterConfig, StudyConfig


def field_options(config: StudyConfig) -> FieldOptions:
    """Return what the points of ``config.filter`` share.

    Raises
    ------
    StudyError
        If its exposures are to be simulated and cannot be.
    """
    return FieldOptions(
        dataset=dataset_settings(config),
        prepare=prepare_settings(config),
        native=native_settings(config),
        geometry=measure_geometry(config.filter),
        regions=region_settings(config.measure),
        inject=InjectSettings(config.measure.inject_stars, config.measure.inject_snr),
        checks=CheckLimits(**asdict(config.checks)),
        sketch=SketchSettings(
            CosmicRayAllowance(**asdict(config.filter.cosmic_ray_rate)), config.predict.seed
        ),
        detector_record=config.filter.record,
    )


def measure_geometry(of_filter: FilterConfig) -> MeasureGeometry:
    """Return the sizes on the sky that a filter is measured with."""
    return MeasureGeometry(
        native_scale_arcsec=of_filter.native_scale_arcsec,
        psf_fwhm_arcsec=of_filter.psf_fwhm_arcsec,
        **asdict(of_filter.geometry),
    )


def point_options(config: StudyConfig) -> PointOptions:
    """Return how a point is drizzled and measured.

    Raises
    ------
    ConfigError
        If a function of ``measure.metrics`` cannot be imported.
    """
    measuring = config.measure
    return PointOptions(
        engine=config.drizzle.engine,
        metrics=tuple(metric_functions(measuring)),
        n_bootstrap=measuring.n_bootstrap,
        grid_phases=measuring.grid_phases,
    )
