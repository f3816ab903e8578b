"""From a configuration to the exposures that are wanted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study.dataset import describe_directory, select_exposures
from hstdriz_study.dataset.left_out import exposure_files
from hstdriz_study.dataset.settings import DatasetSettings, SyntheticSource, WantedFilter
from hstdriz_study.errors import ConfigError
from hstdriz_study.names import shown
from hstdriz_study.simulate.spec import SyntheticSpec
from hstdriz_study.study.config.detector import filter_detector, simulated_band

if TYPE_CHECKING:
    from hstdriz_study.study.config.schema import StudyConfig


def dataset_settings(config: StudyConfig) -> DatasetSettings:
    """Return which exposures ``config.filter`` has.

    Raises
    ------
    StudyError
        If they are to be simulated and cannot be.
    """
    synthetic = config.dataset.kind == "synthetic"
    return DatasetSettings(
        wanted=wanted_filter(config),
        source=synthetic_source(config) if synthetic else _resolved(str(config.dataset.path)),
        exclude=tuple(config.dataset.exclude),
        reference_dirs=_beside_fetched(config) | set_reference_dirs(config),
        wcs=config.prepare.wcs,
        accept=tuple(config.checks.accept),
        cache_dir=Path(config.prepare.cache_dir),
    )


def wanted_filter(config: StudyConfig) -> WantedFilter:
    """Return which exposures are of ``config.filter``."""
    of_filter = config.filter
    return WantedFilter(
        of_filter.name,
        of_filter.instrument,
        of_filter.detector,
        of_filter.filter,
        of_filter.native_scale_arcsec,
    )


def set_reference_dirs(config: StudyConfig) -> dict[str, Path]:
    """Return the directories of calibration files that are set, by their variables.

    Raises
    ------
    ConfigError
        If one is a file.
    """
    given = {name: getattr(config.filter, name) for name in ("jref", "iref", "uref")}
    directories = {variable: _resolved(value) for variable, value in given.items() if value}
    for variable, directory in directories.items():
        if directory.is_file():
            raise ConfigError(
                f"filter.{variable}={shown(given[variable])}: is a file; give the directory of the "
                f"calibration files, filter.{variable}=DIR"
            )
    return directories


def _beside_fetched(config: StudyConfig) -> dict[str, Path]:
    if config.dataset.kind != "mast":
        return {}
    # here, because exposures of other kinds need none of what it brings
    from hstdriz_study.fetch import fetched_references

    return fetched_references(_resolved(str(config.dataset.path)))


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


def starts_mjd(config: StudyConfig) -> tuple[float, ...]:
    """Return when the exposures of ``config.filter`` begin, modified Julian date.

    Empty for those of the archive that are not fetched yet.

    Raises
    ------
    StudyError
        If there are none, or they cannot be read.
    """
    if config.dataset.path is None:
        return (filter_detector(config.filter).expstart_mjd,)
    directory = Path(config.dataset.path).expanduser()
    if config.dataset.kind == "mast" and not any(exposure_files(directory)):
        return ()
    found = describe_directory(directory, config.dataset.exclude)
    chosen = select_exposures(found, wanted_filter(config), directory)
    return tuple(exposure.expstart_mjd for exposure in chosen)
