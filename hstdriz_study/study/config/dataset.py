"""From a configuration to the exposures that are wanted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study.dataset.settings import DatasetSettings, SyntheticSource, WantedFilter
from hstdriz_study.simulate.spec import SyntheticSpec
from hstdriz_study.study.config.detector import simulated_band

if TYPE_CHECKING:
    from hstdriz_study.study.config.schema import FilterConfig, StudyConfig


def dataset_settings(config: StudyConfig) -> DatasetSettings:
    """Return which exposures ``config.filter`` has.

    Raises
    ------
    StudyError
        If they are to be simulated and cannot be.
    """
    of_filter = config.filter
    synthetic = config.dataset.kind == "synthetic"
    return DatasetSettings(
        wanted=wanted_filter(of_filter),
        source=synthetic_source(config) if synthetic else _resolved(str(config.dataset.path)),
        exclude=tuple(config.dataset.exclude),
        reference_dirs={
            variable: _resolved(value)
            for variable, value in (("jref", of_filter.jref), ("iref", of_filter.iref))
            if value
        },
        updatewcs=config.prepare.updatewcs,
        accept=tuple(config.checks.accept),
    )


def wanted_filter(of_filter: FilterConfig) -> WantedFilter:
    """Return which exposures a filter has, wherever they are."""
    return WantedFilter(
        of_filter.name,
        of_filter.instrument,
        of_filter.detector,
        of_filter.filter,
        of_filter.native_scale_arcsec,
    )


def synthetic_source(config: StudyConfig) -> SyntheticSource:
    """Return what is simulated for a configuration.

    Raises
    ------
    StudyError
        If the filter cannot be simulated, or a number is out of range.
    """
    return SyntheticSource(
        band=simulated_band(config.filter),
        spec=SyntheticSpec(
            seed=config.dataset.seed,
            full_frame=config.dataset.full_frame,
            n_exposures=config.dataset.n_exposures,
            pointing_error_px=config.dataset.pointing_error_px,
        ),
        cache_dir=Path(config.prepare.cache_dir),
    )


def _resolved(path: str) -> Path:
    return Path(path).expanduser().resolve()
