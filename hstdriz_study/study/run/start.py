"""The start of a study: every point validated, every filter prepared."""

from __future__ import annotations

import logging
import platform
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hstdriz_study import __version__
from hstdriz_study.cache import remove_leftovers
from hstdriz_study.choose.rules import check_rule
from hstdriz_study.choose.scales import shares_a_scale
from hstdriz_study.choose.words.common_scale import NONE_SHARED
from hstdriz_study.choose.words.numbers import count
from hstdriz_study.drizzle.grid import reference_grid
from hstdriz_study.errors import ConfigError, LostProcessError, StudyError, TrackingError
from hstdriz_study.field.wanted import wanted_of
from hstdriz_study.nested import dotted
from hstdriz_study.study.config import (
    choice_settings,
    data_told,
    datasets_of,
    drizzle_settings,
    filter_detector,
    metric_entries,
    metric_functions,
    region_settings,
    scale_arcsec,
    without_part,
)
from hstdriz_study.study.directory.driver import drive
from hstdriz_study.study.directory.formats import write_stored
from hstdriz_study.study.directory.stored import read_study
from hstdriz_study.study.fetching import fetch_exposures
from hstdriz_study.study.run.aligned_to import check_alignment, reference_first
from hstdriz_study.study.run.filter_setup import set_up_filter
from hstdriz_study.study.run.inputs import check_inputs, distinct_datasets
from hstdriz_study.study.run.ledger import forget_attempts
from hstdriz_study.study.run.outdated import set_aside_outdated
from hstdriz_study.study.run.point_key import OF_POINTS
from hstdriz_study.study.run.room import require_disk, require_images, require_records
from hstdriz_study.study.run.twice import begun_before
from hstdriz_study.study.track import (
    going_on,
    open_tracking,
    refuse_foreign_file,
    register_study,
)
from hstdriz_study.what_if.change import parse_change
from hstdriz_study.whole_files import require_writable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.field import Field
    from hstdriz_study.study.config import StudyConfig
    from hstdriz_study.study.directory.layout import StudyDirectory

log = logging.getLogger(__name__)

_ELSEWHERE = (
    "name a directory of your own with hydra.sweep.dir=DIR (hydra.run.dir=DIR of one point)"
)
_PACKAGES = (
    "astropy", "drizzle", "drizzlepac", "hydra-core", "mlflow", "numpy", "photutils", "scipy",
    "stwcs",
)  # fmt: skip

# Beside drizzle.*: what each point of a filter may have a value of its own of.
_SWEPT = tuple(f"measure.{name}" for name in OF_POINTS)


def start_study(
    points: Sequence[StudyConfig], study_dir: StudyDirectory, overrides: Sequence[str]
) -> None:
    """Check everything that can be checked, then do the work that the points share.

    Parameters
    ----------
    points : sequence of `~hstdriz_study.study.config.StudyConfig`
        The validated configuration of every point, in the order of the sweep.
    study_dir : `~hstdriz_study.study.directory.layout.StudyDirectory`
        Made when it is not there; an existing study is resumed.
    overrides : sequence of str
        What was typed, for the record.

    Raises
    ------
    StudyError
        Before any work, when the data or a path cannot be used; after it,
        when not one filter could be prepared.
    """
    check_together(points)
    refuse_foreign_file(points[0].track.tracking_uri, Path.cwd())
    names = dict.fromkeys(point.filter.name for point in points)
    for point in distinct_datasets(points):
        check_alignment(point, [*names, *_set_up_before(study_dir)])
    points = fetch_exposures(points)
    filters = {point.filter.name: point for point in points}
    check_inputs(points)
    require_records(points, study_dir.path.absolute())
    require_writable(study_dir.path, _ELSEWHERE)
    drive(study_dir)
    first = points[0]
    sizes = count(len(points), "point"), count(len(filters), "filter")
    log.info("%s: %s, %s, in %s", first.name, *sizes, study_dir)
    if before := begun_before(study_dir, overrides):
        log.info("%s", before)
    remove_leftovers(Path(first.prepare.cache_dir))
    study_dir.stopped.unlink(missing_ok=True)
    forget_attempts(study_dir, points)
    _write_description(study_dir, points, overrides)
    log.info("%s", data_told(read_study(study_dir)).line)
    for told in without_part(points):
        log.info("%s", told)
    register_study(
        study_dir,
        first.track,
        name=first.name,
        title=first.title,
        overrides=list(overrides),
    )
    fields: dict[str, Field] = {}
    failures = [_set_up(point, study_dir, fields) for point in reference_first(filters)]
    if all(failures):
        raise _all_of(list(filter(None, failures)))
    for failure in filter(None, failures):
        log.error("%s; its points will fail", failure)
    require_images(points, fields)
    require_disk(points, fields, study_dir)
    set_aside_outdated(study_dir, points)


def check_together(points: Sequence[StudyConfig]) -> None:
    """Check what needs no exposures: that points can be of one study, its metrics and its rule.

    Raises
    ------
    StudyError
        Naming the key.
    """
    _check_shared(points)
    wanted_of(region_settings(points[0].measure))  # which all points share
    for point in points:
        metric_functions(point.measure)
    for image in {drizzle_settings(point).final_refimage for point in points}:
        if image is not None:
            reference_grid(image)
    for of_filter in {point.filter.name: point.filter for point in points}.values():
        if of_filter.record:
            filter_detector(of_filter)
    check_rule(choice_settings(points[0].choose), metric_entries(points[0].measure))
    for asked in points[0].report.what_if:
        parse_change(asked)
    _check_common_scale(points)


def _check_shared(points: Sequence[StudyConfig]) -> None:
    """Refuse to sweep what the points of a filter have in common."""
    shared: dict[str, dict[str, Any]] = {}
    for point in points:
        mine = {key: value for key, value in dotted(asdict(point)) if not _is_swept(key)}
        first = shared.setdefault(point.filter.name, mine)
        for key in sorted(first.keys() | mine.keys()) if first != mine else ():
            if first.get(key) != mine.get(key):
                raise ConfigError(
                    f"{key} differs between points of filter={point.filter.name}, which share "
                    "exposures, stars, boxes and choice; run a study for each value, then "
                    "hstdriz-study compare A B (one value with a comma needs quotes: "
                    f"\"{key}='A,B'\")"
                )


def _is_swept(key: str) -> bool:
    """Tell whether each point of a filter may have its own value of a key."""
    return key in _SWEPT or (key.startswith("drizzle.") and key != "drizzle.final_bits")


def _set_up_before(study_dir: StudyDirectory) -> list[str]:
    """Return the filters of a study that is resumed."""
    found = study_dir.filters.iterdir() if study_dir.filters.is_dir() else ()
    return [path.name for path in found]


def _check_common_scale(points: Sequence[StudyConfig]) -> None:
    """Warn that the sweep cannot give what it is for, before it runs."""
    scales: dict[str, list[float]] = {}
    for point in points:
        scale = scale_arcsec(point)
        if scale is None:
            return  # AstroDrizzle chooses it
        scales.setdefault(point.filter.name, []).append(scale)
    choose = points[0].choose
    swept, integer_ratio = list(scales.values()), choose.integer_ratio
    if choose.common_scale and not shares_a_scale(swept, integer_ratio=integer_ratio):
        log.warning("warning: choose.common_scale=true: %s", NONE_SHARED)


def _write_description(
    study_dir: StudyDirectory, points: Sequence[StudyConfig], overrides: Sequence[str]
) -> None:
    """Write ``study.json``; a study that is resumed keeps its date, tracking ids and filters."""
    earlier = read_study(study_dir) if study_dir.description.is_file() else {}
    kept: dict[str, Any] = {
        name: earlier[name] for name in ("created", "tracking") if name in earlier
    }
    described = _describe(points, overrides)
    filters = earlier.get("filter_configs", {}) | described["filter_configs"]
    kept |= {"filters": list(filters), "filter_configs": filters}
    kept["datasets"] = earlier.get("datasets", {}) | described["datasets"]
    write_stored(study_dir.description, earlier | described | kept)


def open_store(study_dir: StudyDirectory) -> None:
    """Open the store for several jobs; a study of one job opens it beside its points.

    When the store is away the study goes on, for its own record is complete.
    """
    try:
        open_tracking(study_dir)
    except TrackingError as error:
        log.warning("warning: %s", going_on(error, study_dir))


def _describe(points: Sequence[StudyConfig], overrides: Sequence[str]) -> dict[str, Any]:
    first = points[0]
    return {
        "name": first.name,
        "title": first.title,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "overrides": list(overrides),
        "n_points": len(points),
        "filters": list(dict.fromkeys(point.filter.name for point in points)),
        "filter_configs": {point.filter.name: asdict(point.filter) for point in points},
        "datasets": datasets_of(points),
        "versions": versions(),
        "config": asdict(first),
    }


def versions() -> dict[str, str]:
    """Return the versions that stand in every record."""
    found = {name: version(name) for name in _PACKAGES}
    return {"hstdriz-study": __version__, "python": platform.python_version()} | found


def _set_up(
    point: StudyConfig, study_dir: StudyDirectory, fields: dict[str, Field]
) -> StudyError | None:
    """Set up a filter and add its field; return why it could not be."""
    try:
        fields[point.filter.name] = set_up_filter(point, study_dir)
    except StudyError as error:
        return error
    return None


def _all_of(failures: Sequence[StudyError]) -> StudyError:
    """Return one error of why no filter could be prepared."""
    lost = any(isinstance(failure, LostProcessError) for failure in failures)
    return (LostProcessError if lost else StudyError)("; ".join(map(str, failures)))
