"""From prepared exposures to the stars and boxes on which a filter is measured, kept on disk."""

from __future__ import annotations

import logging
import shutil
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from astropy.table import Table

from hstdriz_study.config import native_settings, region_settings
from hstdriz_study.contracts import MeasureGeometry, StudyRegions
from hstdriz_study.keys import Code, StageKey, cached_stage, stage_key
from hstdriz_study.prepare import near_saturated
from hstdriz_study.prepare.prepare import DITHERS_NAME, load_prepared
from hstdriz_study.record import read_json, write_json
from hstdriz_study.study.native import DRIZZLING_NATIVE, native_product

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hstdriz_study.checks import ExposureChecks
    from hstdriz_study.config import StudyConfig
    from hstdriz_study.contracts import Drizzled, PreparedFilter

log = logging.getLogger(__name__)

REGIONS_NAME, STARS_NAME, CANDIDATES_NAME = "regions.json", "stars.ecsv", "candidates.ecsv"
# Of measuring, what only points know; that of artificial stars apart.
OF_POINTS = ("metrics", "own_metrics", "n_bootstrap", "grid_phases")


def regions_stage(config: StudyConfig, prepared: PreparedFilter) -> StageKey:
    """Return what determines the stars and boxes of a filter."""
    return stage_key(
        [DRIZZLING_NATIVE, CHOOSING_REGIONS],
        Path(config.prepare.cache_dir),
        inputs={"prepared": prepared.key},
        options={
            "native": asdict(native_settings(config)),
            "geometry": asdict(_geometry(config)),
            "measure": asdict(region_settings(config.measure)),
        },
    )


def regions_entry(
    config: StudyConfig,
    prepared: PreparedFilter,
    reference_dirs: Mapping[str, Path],
    stage: StageKey,
) -> Path:
    """Return the cached directory of stars, boxes and figures of these exposures.

    `stage` is what `regions_stage` says of them.
    """

    def build(directory: Path) -> None:
        # here, because a study that finds its regions needs no plots
        from hstdriz_study.report import dither_phase_figure, dither_sky_figure, stars_figure

        product = native_product(config, prepared, reference_dirs)
        dithers = Table.read(prepared.directory / DITHERS_NAME)
        regions = _found_regions(config, prepared, product, dithers, directory)
        shutil.copyfile(prepared.directory / DITHERS_NAME, directory / DITHERS_NAME)
        stars_figure(regions, directory / "stars.png")
        dither_sky_figure(dithers, directory / "dithers_sky.png")
        dither_phase_figure(dithers, directory / "dithers_phase.png")

    parent = prepared.directory.parent.parent / "regions"
    return cached_stage(parent, prepared.name, stage, build)


def _found_regions(
    config: StudyConfig,
    prepared: PreparedFilter,
    product: Drizzled,
    dithers: Table,
    directory: Path,
) -> StudyRegions:
    """Choose stars and boxes, check the exposures there, and write both."""
    # here as below: a study that finds its regions needs neither
    from hstdriz_study.checks import check_exposures

    regions = choose_regions(config, prepared, product)
    checks = check_exposures(
        prepared.exposures, dithers, product, regions,
        good_bits=config.drizzle.final_bits, seed=config.measure.seed,
    )  # fmt: skip
    _save_regions(regions, checks, directory)
    return regions


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


CHOOSING_REGIONS = Code(
    "choosing stars and boxes",
    roots=(load_prepared, _found_regions),
    libraries=("astropy", "numpy", "photutils", "scipy", "shapely", "stwcs"),
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


def load_regions(directory: Path) -> StudyRegions:
    """Read stars and boxes back."""
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
