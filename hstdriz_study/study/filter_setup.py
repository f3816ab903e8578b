"""From the configuration of one filter to all that its points share, kept on disk.

Exposures are prepared, the native-scale product is drizzled, and the stars and boxes are
chosen on it, once: a study that finds them in the cache starts with its first point.
"""

from __future__ import annotations

import logging
import math
import shutil
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from astropy.table import Table

from hstdriz_study import __version__
from hstdriz_study.cache import cached, content_key
from hstdriz_study.checks import ExposureChecks, check_metrics, check_warnings
from hstdriz_study.config import (
    dataset_settings,
    native_settings,
    prepare_settings,
    region_settings,
)
from hstdriz_study.contracts import MeasureGeometry, PreparedFilter, StudyRegions
from hstdriz_study.dataset import dataset_warnings, load_exposures
from hstdriz_study.errors import StudyError
from hstdriz_study.prepare import fitted_solutions, near_saturated, prepare_filter
from hstdriz_study.prepare.prepare import DITHERS_NAME, PREPARED_NAME, load_prepared
from hstdriz_study.record import read_json, write_json
from hstdriz_study.study.injection import INJECTED_NAME, inject_stars, with_injected
from hstdriz_study.study.native import native_product

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hstdriz_study.config import StudyConfig
    from hstdriz_study.contracts import Drizzled, Metric

log = logging.getLogger(__name__)

SETUP_NAME, REGIONS_NAME = "setup.json", "regions.json"
STARS_NAME, CANDIDATES_NAME = "stars.ecsv", "candidates.ecsv"
# Raised when this package chooses other regions from the same exposures.
_RECIPE_VERSION = 4


@dataclass(frozen=True)
class FilterSetup:
    """What every point of one filter starts from, and what was found of its exposures.

    Attributes
    ----------
    prepared : `~hstdriz_study.contracts.PreparedFilter`
    regions : `~hstdriz_study.contracts.StudyRegions`
    reference_dirs : dict of str to `~pathlib.Path`
    identity : dict
        What determines the prepared pixels.
    warnings : tuple of str
    metrics : dict of str to `~hstdriz_study.contracts.Metric`
        Of the exposures, the same at every point.
    injected : `~hstdriz_study.contracts.PreparedFilter` or None
        Copies of the exposures with artificial stars, where they are asked for.
    """

    prepared: PreparedFilter
    regions: StudyRegions
    reference_dirs: dict[str, Path]
    identity: dict[str, Any]
    warnings: tuple[str, ...]
    metrics: dict[str, Metric] = field(default_factory=dict)
    injected: PreparedFilter | None = None


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
    measured_on = _regions_entry(config, prepared, found.reference_dirs)
    for path in measured_on.iterdir():
        shutil.copyfile(path, directory / path.name)
    shutil.copyfile(prepared.directory / PREPARED_NAME, directory / PREPARED_NAME)
    stored = read_json(directory / REGIONS_NAME)
    injected, told = inject_stars(
        config, prepared, _load_regions(directory), found.reference_dirs, directory
    )
    checks = _checks(stored)
    write_json(
        directory / SETUP_NAME,
        {
            "error": None,
            "prepared": str(prepared.directory),
            "key": prepared.key,
            "inputs": [str(path) for path in prepared.inputs],
            "reference_dirs": {name: str(path) for name, path in found.reference_dirs.items()},
            "identity": read_json(prepared.directory / "identity.json"),
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


def _regions_entry(
    config: StudyConfig, prepared: PreparedFilter, reference_dirs: Mapping[str, Path]
) -> Path:
    """Return the cached directory of stars, boxes and figures of these exposures."""
    native = native_settings(config)
    geometry = _geometry(config)
    key = content_key(
        [
            _RECIPE_VERSION, __version__, prepared.key, asdict(native), asdict(geometry),
            asdict(region_settings(config.measure)),
        ]
    )  # fmt: skip

    def build(directory: Path) -> None:
        # here, because a study that finds its regions needs no plots
        from hstdriz_study.checks import check_exposures
        from hstdriz_study.report import dither_phase_figure, dither_sky_figure, stars_figure

        product = native_product(config, prepared, reference_dirs)
        regions = choose_regions(config, prepared, product)
        dithers = Table.read(prepared.directory / DITHERS_NAME)
        checks = check_exposures(
            prepared.exposures, dithers, product, regions,
            good_bits=native.final_bits, seed=config.measure.seed,
        )  # fmt: skip
        _save_regions(regions, checks, directory)
        shutil.copyfile(prepared.directory / DITHERS_NAME, directory / DITHERS_NAME)
        stars_figure(regions, directory / "stars.png")
        dither_sky_figure(dithers, directory / "dithers_sky.png")
        dither_phase_figure(dithers, directory / "dithers_phase.png")

    return cached(prepared.directory.parent.parent / "regions", f"{prepared.name}-{key}", build)


def choose_regions(
    config: StudyConfig, prepared: PreparedFilter, product: Drizzled
) -> StudyRegions:
    """Choose stars and boxes on the product at the detector's own scale."""
    # here, because a study that finds its regions does not need photutils' detection
    from hstdriz_study.measure import build_regions

    log.info("choosing stars and boxes of %s", config.filter.name)
    return build_regions(
        product,
        prepared.footprints,
        _geometry(config),
        region_settings(config.measure),
        saturated=partial(near_saturated, prepared.exposures),
    )


def _geometry(config: StudyConfig) -> MeasureGeometry:
    return MeasureGeometry(
        native_scale_arcsec=config.filter.native_scale_arcsec,
        psf_fwhm_arcsec=config.filter.psf_fwhm_arcsec,
        **asdict(config.filter.geometry),
    )


def _save_regions(regions: StudyRegions, checks: ExposureChecks, directory: Path) -> None:
    regions.stars.write(directory / STARS_NAME)
    regions.candidates.write(directory / CANDIDATES_NAME)
    write_json(
        directory / REGIONS_NAME,
        {
            "sky_boxes": regions.sky_boxes.tolist(),
            "weight_boxes": regions.weight_boxes.tolist(),
            "weight_box_arcsec": regions.weight_box_arcsec,
            "full_depth": [polygon.tolist() for polygon in regions.full_depth],
            "preview_center": list(regions.preview_center),
            "preview_stretch": list(regions.preview_stretch),
            "star_stretch": list(regions.star_stretch),
            "geometry": asdict(regions.geometry),
            "warnings": list(regions.warnings),
            "checks": asdict(checks),
        },
    )


def _load_regions(directory: Path) -> StudyRegions:
    stored = read_json(directory / REGIONS_NAME)
    return StudyRegions(
        stars=Table.read(directory / STARS_NAME),
        candidates=Table.read(directory / CANDIDATES_NAME),
        sky_boxes=np.array(stored["sky_boxes"]).reshape(-1, 2),
        weight_boxes=np.array(stored["weight_boxes"]).reshape(-1, 2),
        weight_box_arcsec=stored["weight_box_arcsec"],
        full_depth=tuple(np.array(polygon) for polygon in stored["full_depth"]),
        preview_center=tuple(stored["preview_center"]),
        preview_stretch=tuple(stored["preview_stretch"]),
        star_stretch=tuple(stored["star_stretch"]),
        geometry=MeasureGeometry(**stored["geometry"]),
        warnings=tuple(stored["warnings"]),
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
    warnings, regions, injected = tuple(content["warnings"]), _load_regions(directory), None
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
        identity=content["identity"],
        warnings=warnings,
        injected=injected,
    )


def _load_entry(entry: Path, name: str, key: str, inputs: tuple[Path, ...]) -> PreparedFilter:
    if not entry.is_dir():
        raise StudyError(f"{entry}: the prepared exposures are gone; start the study again")
    return load_prepared(entry, name, key, inputs)
