"""From the configuration of one filter to all that its points share, kept on disk.

Exposures are prepared, the native-scale product is drizzled, and the stars and boxes are
chosen on it, once: a study that finds them in the cache starts with its first point.
"""

from __future__ import annotations

import logging
import math
import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from astropy.table import Table

from hstdriz_study.cache import content_key
from hstdriz_study.checks import ExposureChecks, check_metrics, check_warnings
from hstdriz_study.config import dataset_settings, prepare_settings
from hstdriz_study.dataset import dataset_warnings, load_exposures
from hstdriz_study.errors import StudyError
from hstdriz_study.keys.stage import IDENTITY_NAME
from hstdriz_study.prepare import fitted_solutions, prepare_filter
from hstdriz_study.prepare.prepare import PREPARED_NAME, load_prepared
from hstdriz_study.record import read_json, write_json
from hstdriz_study.study.injection import INJECTED_NAME, inject_stars, with_injected
from hstdriz_study.study.regions import REGIONS_NAME, load_regions, regions_entry, regions_stage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hstdriz_study.config import StudyConfig
    from hstdriz_study.contracts import Metric, PreparedFilter, StudyRegions

log = logging.getLogger(__name__)

SETUP_NAME = "setup.json"


@dataclass(frozen=True)
class FilterSetup:
    """What every point of one filter starts from, and what was found of its exposures.

    Attributes
    ----------
    prepared : `~hstdriz_study.contracts.PreparedFilter`
    regions : `~hstdriz_study.contracts.StudyRegions`
    reference_dirs : dict of str to `~pathlib.Path`
    stages : dict of str to dict
        The parts of the keys of what is cached: ``prepared``, ``regions`` and ``injected``.
    warnings : tuple of str
    metrics : dict of str to `~hstdriz_study.contracts.Metric`
        Of the exposures, the same at every point.
    injected : `~hstdriz_study.contracts.PreparedFilter` or None
        Copies of the exposures with artificial stars, where they are asked for.
    """

    prepared: PreparedFilter
    regions: StudyRegions
    reference_dirs: dict[str, Path]
    stages: dict[str, dict[str, Any]]
    warnings: tuple[str, ...]
    metrics: dict[str, Metric] = field(default_factory=dict)
    injected: PreparedFilter | None = None

    @property
    def regions_key(self) -> str:
        """Key of the stars and boxes."""
        return content_key(self.stages["regions"])


def set_up_filter(config: StudyConfig, study_dir: Path) -> FilterSetup:
    """Prepare one filter and choose where it is measured; write it to the study.

    Raises
    ------
    StudyError
        If the filter cannot be prepared; the reason is also kept in the
        study, so that its points fail with it.
    """
    directory = study_dir / "filters" / config.filter.name
    directory.mkdir(parents=True, exist_ok=True)
    try:
        _set_up(config, directory)
    except StudyError as error:
        write_json(directory / SETUP_NAME, {"error": str(error)})
        raise
    setup = load_setup(study_dir, config.filter.name)
    for warning in setup.warnings:
        log.warning("%s: warning: %s", config.filter.name, warning)
    return setup


def _set_up(config: StudyConfig, directory: Path) -> None:
    found = load_exposures(dataset_settings(config))
    prepared = prepare_filter(prepare_settings(config), found)
    regions_of = regions_stage(config, prepared)
    measured_on = regions_entry(config, prepared, found.reference_dirs, regions_of)
    for path in measured_on.iterdir():
        if path.name != IDENTITY_NAME:
            shutil.copyfile(path, directory / path.name)
    shutil.copyfile(prepared.directory / PREPARED_NAME, directory / PREPARED_NAME)
    stored = read_json(directory / REGIONS_NAME)
    stages = {
        "prepared": read_json(prepared.directory / IDENTITY_NAME),
        "regions": regions_of.parts,
    }
    injected, told = inject_stars(
        config, prepared, load_regions(directory), found.reference_dirs, directory,
        regions_key=regions_of.key,
    )  # fmt: skip
    if injected:
        stages["injected"] = read_json(Path(injected["directory"]) / IDENTITY_NAME)
    checks = _checks(stored)
    write_json(
        directory / SETUP_NAME,
        {
            "error": None,
            "prepared": str(prepared.directory),
            "key": prepared.key,
            "inputs": [str(path) for path in prepared.inputs],
            "reference_dirs": {name: str(path) for name, path in found.reference_dirs.items()},
            "stages": stages,
            "warnings": [
                *dataset_warnings(dataset_settings(config), found),
                *prepared.warnings,
                *stored["warnings"],
                *check_warnings(checks, config.checks, config.filter.native_scale_arcsec),
                *_wcs_warning(prepared.inputs, config),
                *told,
            ],
            "injected": injected,
            "alignment_rms_arcsec": prepared.alignment_rms_arcsec,
            "zero_point_abmag": prepared.zero_point_abmag,
        },
    )


def _checks(stored: Mapping[str, Any]) -> ExposureChecks:
    """Read the checks back; JSON has null where a number was not finite."""
    found: dict[str, Any] = {
        name: math.nan if one is None else one for name, one in stored["checks"].items()
    }
    return ExposureChecks(**found)


def _wcs_warning(inputs: tuple[Path, ...], config: StudyConfig) -> tuple[str, ...]:
    replaced = fitted_solutions(inputs) if config.prepare.updatewcs else []
    if not replaced:
        return ()
    warning = (
        f"updatewcs has replaced the fitted WCS that the files carry ({', '.join(replaced)}); keep "
        "it with prepare.updatewcs=false, or align with prepare=tweakreg"
    )
    return (warning,)


def load_setup(study_dir: Path, name: str) -> FilterSetup:
    """Read what `set_up_filter` wrote.

    Raises
    ------
    StudyError
        With the reason when the filter could not be prepared, or when the
        prepared exposures are no longer in the cache.
    """
    directory = study_dir / "filters" / name
    content = read_json(directory / SETUP_NAME)
    if content["error"]:
        raise StudyError(content["error"])
    prepared = _load_entry(
        Path(content["prepared"]),
        name,
        content["key"],
        tuple(Path(path) for path in content["inputs"]),
    )
    warnings, regions, injected = tuple(content["warnings"]), load_regions(directory), None
    if content.get("injected"):
        stored = content["injected"]
        injected = _load_entry(Path(stored["directory"]), name, stored["key"], prepared.inputs)
        stars = Table.read(directory / INJECTED_NAME)
        regions = with_injected(regions, stars, stored["min_stars"])
    return FilterSetup(
        prepared=replace(prepared, warnings=warnings),
        regions=regions,
        metrics=check_metrics(_checks(read_json(directory / REGIONS_NAME))),
        reference_dirs={key: Path(value) for key, value in content["reference_dirs"].items()},
        stages=content.get("stages", {}),  # an earlier version kept none
        warnings=warnings,
        injected=injected,
    )


def _load_entry(entry: Path, name: str, key: str, inputs: tuple[Path, ...]) -> PreparedFilter:
    if not entry.is_dir():
        raise StudyError(f"{entry}: the prepared exposures are gone; start the study again")
    return load_prepared(entry, name, key, inputs)
