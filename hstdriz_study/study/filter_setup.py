"""From the configuration of one filter to all that its points share, kept on disk.

Exposures are prepared, the native-scale product is drizzled, and the stars and
sky boxes are chosen on it, once; the points only read the result.
"""

from __future__ import annotations

import logging
import shutil
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from astropy.table import Table

from hstdriz_study.contracts import MeasureGeometry, PreparedFilter, StudyRegions
from hstdriz_study.dataset import load_exposures
from hstdriz_study.drizzle import drizzle
from hstdriz_study.drizzle.settings import native_settings
from hstdriz_study.errors import StudyError
from hstdriz_study.measure import build_regions
from hstdriz_study.prepare import (
    fitted_solutions,
    near_saturated,
    prepare_filter,
    star_core_flagged_fraction,
)
from hstdriz_study.prepare.prepare import DITHERS_NAME, PREPARED_NAME, load_prepared
from hstdriz_study.record import read_json, write_json
from hstdriz_study.report import dither_phase_figure, dither_sky_figure, stars_figure

if TYPE_CHECKING:
    from hstdriz_study.config import StudyConfig

log = logging.getLogger(__name__)

SETUP_NAME = "setup.json"


@dataclass(frozen=True)
class FilterSetup:
    """What every point of one filter starts from."""

    prepared: PreparedFilter
    regions: StudyRegions
    reference_dirs: dict[str, Path]
    identity: dict[str, Any]
    warnings: tuple[str, ...]


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
        return _set_up(config, directory)
    except StudyError as error:
        write_json(directory / SETUP_NAME, {"error": str(error)})
        raise


def _set_up(config: StudyConfig, directory: Path) -> FilterSetup:
    found = load_exposures(config)
    prepared = prepare_filter(config, found)
    native = drizzle(
        prepared,
        native_settings(config),
        reference_dirs=found.reference_dirs,
        log_file=directory / "native.log",
    )
    regions = build_regions(
        native,
        prepared.footprints,
        _geometry(config),
        config.measure,
        saturated=partial(near_saturated, prepared.exposures),
    )
    cores = star_core_flagged_fraction(
        prepared.exposures, np.array(regions.stars["ra"]), np.array(regions.stars["dec"])
    )
    setup = FilterSetup(
        prepared=prepared,
        regions=regions,
        reference_dirs=found.reference_dirs,
        identity=read_json(prepared.directory / "identity.json"),
        warnings=(
            *regions.warnings,
            *_core_warning(cores, config),
            *_wcs_warning(prepared.inputs, config),
        ),
    )
    _save(setup, directory, cores)
    _draw(setup, directory)
    for warning in setup.warnings:
        log.warning("%s: warning: %s", config.filter.name, warning)
    return setup


def _geometry(config: StudyConfig) -> MeasureGeometry:
    return MeasureGeometry(
        native_scale_arcsec=config.filter.native_scale_arcsec,
        psf_fwhm_arcsec=config.filter.psf_fwhm_arcsec,
        **asdict(config.filter.geometry),
    )


def _core_warning(fraction: float, config: StudyConfig) -> tuple[str, ...]:
    limit = config.prepare.max_star_core_flagged
    if not fraction > limit:
        return ()
    warning = (
        f"{fraction:.1%} of the star-core pixels are flagged as cosmic rays (limit {limit:.1%}): "
        "driz_cr takes stars for cosmic rays, which widens the PSF and loses flux; raise "
        "filter.cosmic_rays.driz_cr_snr and driz_cr_scale, or align with prepare=tweakreg"
    )
    return (warning,)


def _wcs_warning(inputs: tuple[Path, ...], config: StudyConfig) -> tuple[str, ...]:
    replaced = fitted_solutions(inputs) if config.prepare.updatewcs else []
    if not replaced:
        return ()
    warning = (
        f"updatewcs has replaced the fitted WCS that the files carry ({', '.join(replaced)}); keep "
        "it with prepare.updatewcs=false, or align with prepare=tweakreg"
    )
    return (warning,)


def _save(setup: FilterSetup, directory: Path, star_core_flagged: float) -> None:
    regions = setup.regions
    regions.stars.write(directory / "stars.ecsv", overwrite=True)
    regions.candidates.write(directory / "candidates.ecsv", overwrite=True)
    shutil.copyfile(setup.prepared.directory / DITHERS_NAME, directory / DITHERS_NAME)
    shutil.copyfile(setup.prepared.directory / PREPARED_NAME, directory / PREPARED_NAME)
    write_json(
        directory / SETUP_NAME,
        {
            "error": None,
            "prepared": str(setup.prepared.directory),
            "key": setup.prepared.key,
            "inputs": [str(path) for path in setup.prepared.inputs],
            "reference_dirs": {name: str(path) for name, path in setup.reference_dirs.items()},
            "identity": setup.identity,
            "warnings": list(setup.warnings),
            "star_core_flagged_fraction": star_core_flagged,
            "alignment_rms_arcsec": setup.prepared.alignment_rms_arcsec,
            "zero_point_abmag": setup.prepared.zero_point_abmag,
            "regions": {
                "sky_boxes": regions.sky_boxes.tolist(),
                "weight_boxes": regions.weight_boxes.tolist(),
                "weight_box_arcsec": regions.weight_box_arcsec,
                "full_depth": [polygon.tolist() for polygon in regions.full_depth],
                "preview_center": list(regions.preview_center),
                "preview_stretch": list(regions.preview_stretch),
                "star_stretch": list(regions.star_stretch),
                "geometry": asdict(regions.geometry),
            },
        },
    )


def _draw(setup: FilterSetup, directory: Path) -> None:
    stars_figure(setup.regions, directory / "stars.png")
    dithers = Table.read(directory / DITHERS_NAME)
    dither_sky_figure(dithers, directory / "dithers_sky.png")
    dither_phase_figure(dithers, directory / "dithers_phase.png")


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
    entry = Path(content["prepared"])
    if not entry.is_dir():
        raise StudyError(f"{entry}: the prepared exposures are gone; start the study again")
    stored = content["regions"]
    regions = StudyRegions(
        stars=Table.read(directory / "stars.ecsv"),
        candidates=Table.read(directory / "candidates.ecsv"),
        sky_boxes=np.array(stored["sky_boxes"]).reshape(-1, 2),
        weight_boxes=np.array(stored["weight_boxes"]).reshape(-1, 2),
        weight_box_arcsec=stored["weight_box_arcsec"],
        full_depth=tuple(np.array(polygon) for polygon in stored["full_depth"]),
        preview_center=tuple(stored["preview_center"]),
        preview_stretch=tuple(stored["preview_stretch"]),
        star_stretch=tuple(stored["star_stretch"]),
        geometry=MeasureGeometry(**stored["geometry"]),
        warnings=tuple(content["warnings"]),
    )
    prepared = load_prepared(
        entry, name, content["key"], tuple(Path(path) for path in content["inputs"])
    )
    return FilterSetup(
        prepared=replace(prepared, warnings=tuple(content["warnings"])),
        regions=regions,
        reference_dirs={key: Path(value) for key, value in content["reference_dirs"].items()},
        identity=content["identity"],
        warnings=tuple(content["warnings"]),
    )
