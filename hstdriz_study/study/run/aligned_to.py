"""From a filter that others are aligned to, to the catalogue of its stars that TweakReg takes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study.contracts.regions import STARS_NAME
from hstdriz_study.errors import ConfigError, StudyError
from hstdriz_study.field import Field
from hstdriz_study.prepare.align_to import read_reference
from hstdriz_study.prepare.shifts import reference_wcs
from hstdriz_study.study.config import field_options, prepare_settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hstdriz_study.study.config import StudyConfig
    from hstdriz_study.study.directory.layout import StudyDirectory


def reference_first(points: Mapping[str, StudyConfig]) -> list[StudyConfig]:
    """Return one point a filter, those that others are aligned to first."""
    wanted = {point.prepare.align_to for point in points.values()}
    return sorted(points.values(), key=lambda point: point.filter.name not in wanted)


def check_alignment(point: StudyConfig, known: Sequence[str]) -> None:
    """Refuse what exposures cannot be aligned by, before any work.

    Parameters
    ----------
    point : `~hstdriz_study.study.config.StudyConfig`
    known : sequence of str
        Filters of the study.

    Raises
    ------
    ConfigError, AlignmentError
        Naming the key, and the file or the filters that it could be.
    """
    to, settings = point.prepare.align_to, prepare_settings(point)
    if settings.shifts is not None:
        reference_wcs(settings.shifts)
    if to and Path(to).is_file() and settings.align_to is not None:
        read_reference(settings.align_to)
    elif to and to not in known:
        raise ConfigError(
            f"prepare.align_to={to}: neither a file nor a filter of this study, which has "
            f"{', '.join(known)}"
        )


def aligned_in_study(config: StudyConfig, study_dir: StudyDirectory) -> StudyConfig:
    """Return a configuration that names the stars of the filter that is aligned to, in a study.

    Raises
    ------
    StudyError
        If that filter is not set up.
    """
    to = _of_filter(config)
    if to is None:
        return config
    stars = study_dir.of_filter(to).path / STARS_NAME
    if not stars.is_file():
        raise StudyError(
            f"filter={config.filter.name}: prepare.align_to={to} could not be set up, so there is "
            "nothing to align to"
        )
    return _with(config, stars)


def aligned_to_other(config: StudyConfig, points: Sequence[StudyConfig]) -> StudyConfig:
    """Return the same outside of a study: the stars are chosen now, or found in the cache.

    Raises
    ------
    StudyError
        If the filter that is aligned to cannot be used.
    """
    to = _of_filter(config)
    if to is None:
        return config
    check_alignment(config, [point.filter.name for point in points])
    other = next(point for point in points if point.filter.name == to)
    return _with(config, Field(field_options(other)).inspection.directory / STARS_NAME)


def _of_filter(config: StudyConfig) -> str | None:
    to = config.prepare.align_to
    return None if not to or to == config.filter.name or Path(to).is_file() else to


def _with(config: StudyConfig, stars: Path) -> StudyConfig:
    return replace(config, prepare=replace(config.prepare, align_to=str(stars)))
