"""From the configuration of one filter to all that its points share, kept in the study.

What takes time is kept in the cache: a study that finds it there starts with its first point.
"""

from __future__ import annotations

import logging
import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from astropy.table import QTable, Table

from hstdriz_study.cache import content_key, damage, use
from hstdriz_study.errors import StudyError
from hstdriz_study.field import Field, FieldSetup
from hstdriz_study.field.exposures_checked import CHECKED_NAME, checked_exposures
from hstdriz_study.field.inspection import OVER_FIELD_NAME, PLANES_NAME, load_inspection
from hstdriz_study.json_files import read_json
from hstdriz_study.keys.building import cached_apart
from hstdriz_study.keys.stage import IDENTITY_NAME
from hstdriz_study.prepare.prepare import (
    DITHERS_NAME,
    KEPT_OF_ALIGNMENT,
    PREPARED_NAME,
    load_prepared,
)
from hstdriz_study.study.config import field_options
from hstdriz_study.study.directory.formats import Kind, read_stored, write_stored
from hstdriz_study.study.directory.layout import FilterDirectory
from hstdriz_study.study.run.aligned_to import aligned_in_study
from hstdriz_study.whole_files import write_ecsv

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hstdriz_study.contracts import PreparedFilter, StudyRegions
    from hstdriz_study.field.inspection import Inspection
    from hstdriz_study.study.config import StudyConfig
    from hstdriz_study.study.directory.layout import StudyDirectory

log = logging.getLogger(__name__)

THE_END = (
    "hstdriz_study.study.finish",
    "matplotlib.backends.backend_svg",
    "matplotlib.backends.backend_pdf",
)
"""What the end of a study imports, which takes long; figures are drawn in forked processes."""

# Imported while stars are chosen.
_NEXT = (
    *(f"hstdriz_study.study.report.{name}" for name in ("stars", "over_field", "dithers")),
    *THE_END,
)


class PreparedGoneError(StudyError):
    """The prepared exposures of a filter are no longer in the cache, or damaged there."""


def set_up_filter(config: StudyConfig, study_dir: StudyDirectory) -> Field:
    """Prepare one filter and choose where it is measured; write it to the study.

    Raises
    ------
    StudyError
        If the filter cannot be prepared; the reason is also kept in the
        study, so that its points fail with it.
    """
    filter_dir = study_dir.of_filter(config.filter.name)
    filter_dir.path.mkdir(parents=True, exist_ok=True)
    try:
        options = field_options(aligned_in_study(config, study_dir))
        _write(Field(options, ahead=_NEXT), filter_dir)
    except StudyError as error:
        write_stored(filter_dir.setup, {"error": str(error)})
        raise
    field = load_field(study_dir, config)
    for warning in field.warnings:
        log.warning("%s: warning: %s", config.filter.name, warning)
    return field


def _write(field: Field, filter_dir: FilterDirectory) -> None:
    prepared, inspection, directory = field.prepared, field.inspection, filter_dir.path
    for path in (*inspection.directory.iterdir(), *_figures(field).iterdir()):
        if path.name != IDENTITY_NAME:
            shutil.copyfile(path, directory / path.name)
    shutil.copyfile(prepared.directory / PREPARED_NAME, directory / PREPARED_NAME)
    for name in KEPT_OF_ALIGNMENT:
        (directory / name).unlink(missing_ok=True)  # of an earlier set-up
        if (prepared.directory / name).is_file():
            shutil.copyfile(prepared.directory / name, directory / name)
    write_ecsv(directory / CHECKED_NAME, checked_exposures(field))
    if field.injected is not None:
        # here and below, because most studies inject nothing
        from hstdriz_study.field.injection import INJECTED_NAME

        shutil.copyfile(field.injected.directory / INJECTED_NAME, directory / INJECTED_NAME)
    write_stored(
        filter_dir.setup,
        {
            "error": None,
            "prepared": str(prepared.directory),
            "key": prepared.key,
            "inputs": [str(path) for path in prepared.inputs],
            "reference_dirs": {name: str(path) for name, path in field.reference_dirs.items()},
            "stages": field.setup.stages,
            "warnings": list(field.warnings),
            "injected": _injected(field),
            "alignment_rms_arcsec": prepared.alignment_rms_arcsec,
            "wcs_names": list(prepared.wcs_names),
            "zero_point_abmag": prepared.zero_point_abmag,
        },
    )


def _injected(field: Field) -> dict[str, Any] | None:
    if field.injected is None:
        return None
    return {
        "directory": str(field.injected.directory),
        "key": field.injected.key,
        "min_stars": field.options.regions.min_stars,
    }


def _figures(field: Field) -> Path:
    """Return the cached directory of the figures of stars, PSF and dithers."""
    inspection = field.inspection

    def draw(directory: Path) -> None:
        # here, because a study that finds them needs no plots
        from hstdriz_study.study.report import (
            dither_phase_figure,
            dither_sky_figure,
            draw_all,
            over_field_figure,
            stars_figure,
        )

        stars, planes = (
            QTable.read(inspection.directory / name) for name in (OVER_FIELD_NAME, PLANES_NAME)
        )
        dithers, drawn = Table.read(inspection.directory / DITHERS_NAME), FilterDirectory(directory)
        regions, over_field = inspection.regions, drawn.figure("psf_over_field")
        calls = (
            partial(stars_figure, regions, drawn.figure("stars")),
            partial(over_field_figure, stars, planes, regions.full_depth, over_field),
            partial(dither_sky_figure, dithers, drawn.figure("dithers_sky")),
            partial(dither_phase_figure, dithers, drawn.figure("dithers_phase")),
        )
        draw_all(calls)

    entry = field.options.prepare.cache_dir / "figures" / inspection.directory.name
    return cached_apart(entry, draw, name=field.name, what="drawing stars and dithers")


def load_field(study_dir: StudyDirectory, config: StudyConfig) -> Field:
    """Return the field of a filter as `set_up_filter` has left it; raises as `load_setup`."""
    filter_dir = study_dir.of_filter(config.filter.name)
    content, inspection = _content(filter_dir), load_inspection(filter_dir.path)
    setup = _setup(content, inspection)
    warnings = tuple(content["warnings"])
    return Field.stored(field_options(config), setup, inspection.checks, warnings)


def load_setup(study_dir: StudyDirectory, name: str) -> FieldSetup:
    """Read where the points of a filter start from.

    Raises
    ------
    StudyError
        With the reason when the filter could not be prepared, or when the
        prepared exposures are no longer in the cache.
    """
    filter_dir = study_dir.of_filter(name)
    return _setup(_content(filter_dir), load_inspection(filter_dir.path))


def _content(filter_dir: FilterDirectory) -> dict[str, Any]:
    content = read_stored(filter_dir.setup, Kind.SETUP)
    if content["error"]:
        raise StudyError(content["error"])
    return content


def _setup(content: dict[str, Any], inspection: Inspection) -> FieldSetup:
    name, inputs = inspection.directory.name, tuple(Path(path) for path in content["inputs"])
    prepared = _load_entry(Path(content["prepared"]), name, content["key"], inputs)
    stored = content["injected"]
    injected = stored and _load_entry(Path(stored["directory"]), name, stored["key"], inputs)
    regions = _regions(content, inspection)
    directories = {key: Path(value) for key, value in content["reference_dirs"].items()}
    return FieldSetup(prepared, regions, directories, content["stages"], injected)


def _regions(content: dict[str, Any], inspection: Inspection) -> StudyRegions:
    if not content["injected"]:
        return inspection.regions
    from hstdriz_study.field.injection import INJECTED_NAME, with_injected

    stars = Table.read(inspection.directory / INJECTED_NAME)
    return with_injected(inspection.regions, stars, content["injected"]["min_stars"])


def _load_entry(entry: Path, name: str, key: str, inputs: tuple[Path, ...]) -> PreparedFilter:
    if not entry.is_dir():
        raise PreparedGoneError(f"{entry}: the prepared exposures are gone; start the study again")
    use(entry)
    if found := damage(entry):
        raise PreparedGoneError(f"{entry}: damaged, {found}; start the study again")
    return load_prepared(entry, name, key, inputs)


def recorded_inputs(study_dir: StudyDirectory, name: str) -> tuple[Path, ...]:
    """Return the exposures of a filter that were measured."""
    return tuple(Path(path) for path in _content(study_dir.of_filter(name))["inputs"])


def cached_entries(study_dir: StudyDirectory) -> frozenset[Path]:
    """Return the entries of the cache that the filters of a study were set up from.

    Raises
    ------
    StudyError
        If the directory holds no filter of a study.
    """
    names = [path.name for path in study_dir.filters.glob("*")]
    if not names:
        raise StudyError(f"{study_dir}: holds no study whose exposures were prepared")
    contents = [read_stored(study_dir.of_filter(name).setup, Kind.SETUP) for name in names]
    return frozenset(path for content in contents for path in _cached(content))


def _cached(content: dict[str, Any]) -> Iterator[Path]:
    if content["error"]:
        return
    prepared, stages = Path(content["prepared"]), content["stages"]
    cache_dir, name = prepared.parent.parent, prepared.name.removesuffix(f"-{content['key']}")
    yield prepared
    yield from {path.parent for path in map(Path, content["inputs"]) if cache_dir in path.parents}
    regions = f"{name}-{content_key(stages['regions'])}"
    yield from (cache_dir / room / regions for room in ("regions", "figures"))
    yield from _comparisons(cache_dir, content["key"], stages["prepared"]["inputs"]["exposures"])
    if content["injected"]:
        yield Path(content["injected"]["directory"])


def _comparisons(cache_dir: Path, prepared_key: str, exposures: list[list[str]]) -> Iterator[Path]:
    """Find what was compared of exposures, before they were prepared and after."""
    for identity in (cache_dir / "compared").glob(f"*/{IDENTITY_NAME}"):
        inputs = read_json(identity)["inputs"]
        if inputs in ({"prepared": prepared_key}, {"exposures": exposures}):
            yield identity.parent


def with_prepared(field: Field, study_dir: StudyDirectory) -> Field:
    """Return a field with the stars and boxes of a study on exposures that the field prepares.

    Copies with artificial stars are not made anew; their stars stay in the regions.
    """
    filter_dir = study_dir.of_filter(field.name)
    content, inspection = _content(filter_dir), load_inspection(filter_dir.path)
    regions = _regions(content, inspection)
    setup = FieldSetup(field.prepared, regions, field.reference_dirs, content["stages"])
    return Field.stored(field.options, setup, inspection.checks, tuple(content["warnings"]))
