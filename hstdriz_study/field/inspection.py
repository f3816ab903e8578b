"""From prepared exposures to where they are measured and what was found of them, kept on disk.

The native-scale product is drizzled, stars and boxes are chosen on it and the exposures are
checked, once: whoever asks again finds it in the cache.
"""

from __future__ import annotations

import logging
import math
import shutil
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from astropy.table import Table

from hstdriz_study.checks import ExposureChecks
from hstdriz_study.contracts import MeasureGeometry, StudyRegions
from hstdriz_study.contracts.regions import REGIONS_NAME, STARS_NAME
from hstdriz_study.field.belonging import COMPARING, looked_at
from hstdriz_study.field.drizzling_native import DRIZZLING_NATIVE
from hstdriz_study.field.wanted import wanted_of, with_contents
from hstdriz_study.json_files import read_json, write_json
from hstdriz_study.keys import Code, StageKey, cached_stage, stage_key
from hstdriz_study.memory import require_memory
from hstdriz_study.prepare import near_saturated
from hstdriz_study.prepare.needs import looking_memory
from hstdriz_study.prepare.prepare import DITHERS_NAME, load_prepared
from hstdriz_study.progress import Part
from hstdriz_study.workers import cores

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hstdriz_study.checks import SideBySide
    from hstdriz_study.contracts import Drizzled, PreparedFilter
    from hstdriz_study.field.settings import FieldOptions

log = logging.getLogger(__name__)

_PX_A_PROCESS = 2_000_000
_DOING = "stars and boxes"  # told alone
CANDIDATES_NAME = "candidates.ecsv"
EXPOSURES_NAME = "exposures.ecsv"
OVER_FIELD_NAME, PLANES_NAME = "psf_over_field.ecsv", "psf_planes.ecsv"


@dataclass(frozen=True)
class Inspection:
    """Stars and boxes of a field, and what can spoil a choice.

    Attributes
    ----------
    directory : `~pathlib.Path`
        Where it is kept, the table of the dithers beside it.
    regions : `~hstdriz_study.contracts.StudyRegions`
    checks : `~hstdriz_study.checks.ExposureChecks`
    """

    directory: Path
    regions: StudyRegions
    checks: ExposureChecks


def inspected(
    prepared: PreparedFilter,
    options: FieldOptions,
    reference_dirs: Mapping[str, Path],
    ahead: Sequence[str] = (),
) -> Inspection:
    """Choose stars and boxes and check the exposures, or take both from the cache.

    Modules that are needed afterwards are imported meanwhile (``ahead``).

    Raises
    ------
    DatasetError
        If no part of the sky is in two exposures.
    """

    def build(directory: Path) -> None:
        # here, because who finds its regions compares nothing
        from hstdriz_study.checks import misalignment_arcsec
        from hstdriz_study.field.whole_image import frame_image

        needed = looking_memory(prepared.mosaic.shape, [chip.shape for chip in prepared.chips])
        require_memory(needed, f"choosing stars and boxes of {prepared.name}")
        native_arcsec = options.geometry.native_scale_arcsec
        seen = looked_at(prepared, options)
        # a small image is drizzled sooner than another process is started
        n_processes = min(cores(), 1 + math.prod(prepared.mosaic.shape) // _PX_A_PROCESS)
        product = frame_image(prepared, options.native, reference_dirs, n_processes=n_processes)
        misaligned = misalignment_arcsec(seen, options.checks, native_arcsec)
        _inspect(prepared, options, product, (seen, misaligned), directory)
        shutil.copyfile(prepared.directory / DITHERS_NAME, directory / DITHERS_NAME)

    parent, stage = options.prepare.cache_dir / "regions", inspection_stage(prepared, options)
    entry = cached_stage(parent, prepared.name, stage, build, imports=NEEDED, ahead=ahead)
    return load_inspection(entry)


def inspection_stage(prepared: PreparedFilter, options: FieldOptions) -> StageKey:
    """Return what determines the stars and boxes of a field."""
    detector = options.known_detector
    return stage_key(
        [DRIZZLING_NATIVE, COMPARING, CHOOSING_REGIONS],
        options.prepare.cache_dir,
        inputs={"prepared": prepared.key},
        options={
            "native": asdict(options.native),
            "geometry": asdict(options.geometry),
            "measure": with_contents(options.regions),
            "max_misalignment_px": options.checks.max_misalignment_px,
            "max_width_difference": options.checks.max_width_difference,
            "detector": None
            if detector is None
            else {"optics": asdict(detector.optics), "psf_half_px": detector.psf_half_px},
        },
    )


def _inspect(
    prepared: PreparedFilter,
    options: FieldOptions,
    product: Drizzled,
    compared: tuple[SideBySide, float],
    directory: Path,
) -> None:
    """Choose stars and boxes, check the exposures there, and write both."""
    # here, because who finds its regions needs neither photutils' detection nor the checks
    from hstdriz_study.checks import check_exposures
    from hstdriz_study.checks.by_exposure import exposures_table
    from hstdriz_study.field.expected import star_of_field
    from hstdriz_study.field.model_stars import ModelStars
    from hstdriz_study.measure import build_regions
    from hstdriz_study.measure.over_field.psf import planes_table, psf_over_field

    seen, misaligned_arcsec = compared
    log.info("choosing stars and boxes of %s", prepared.name)
    expected = star_of_field(prepared, options).misaligned(misaligned_arcsec)
    log.info("expected width of a star of %s: %s", prepared.name, expected.text)
    log.info(Part(_DOING, 1, 4))
    model = ModelStars.of(prepared, options)
    regions = build_regions(
        product,
        prepared.footprints,
        options.geometry,
        options.regions,
        saturated=partial(near_saturated, prepared.exposures),
        expected=expected,
        in_place=None if model is None else model.at,
        wanted=wanted_of(options.regions),
    )
    log.info(Part(_DOING, 2, 4))
    over_field = psf_over_field(product, regions)
    log.info(Part(_DOING, 3, 4))
    regions = over_field.with_blocks(regions)
    dithers = Table.read(prepared.directory / DITHERS_NAME)
    checks = check_exposures(
        prepared.exposures, dithers, product, regions, seen=seen, over_field=over_field,
        good_bits=options.native.final_bits, seed=options.regions.seed,
    )  # fmt: skip
    log.info(Part(_DOING, 4, 4))
    _save(regions, checks, directory)
    exposures_table(seen, options.checks.max_width_difference).write(directory / EXPOSURES_NAME)
    over_field.stars.write(directory / OVER_FIELD_NAME)
    planes_table(over_field).write(directory / PLANES_NAME)


CHOOSING_REGIONS = Code(
    "choosing stars and boxes",
    roots=(load_prepared, _inspect),
    libraries=("astropy", "drizzle", "numpy", "photutils", "regions", "scipy", "shapely", "stwcs"),
)


NEEDED = ("hstdriz_study.checks", "hstdriz_study.drizzle", "hstdriz_study.measure.regions.build")
"""What choosing stars and boxes imports that takes long."""


def _save(regions: StudyRegions, checks: ExposureChecks, directory: Path) -> None:
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
            "expected_fwhm_arcsec": regions.expected_fwhm_arcsec,
            "sky_light": None if regions.sky_light is None else regions.sky_light.tolist(),
            "checks": asdict(checks),
        },
    )


def load_inspection(directory: Path) -> Inspection:
    """Read back what was kept in a directory."""
    stored = read_json(directory / REGIONS_NAME)
    return Inspection(directory, _regions(stored, directory), _checks(stored))


def _regions(stored: Mapping[str, Any], directory: Path) -> StudyRegions:
    # not in an earlier version's file
    expected, light = (stored.get(name) for name in ("expected_fwhm_arcsec", "sky_light"))
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
        expected_fwhm_arcsec=None if expected is None else tuple(expected),
        sky_light=None if light is None else np.array(light),
    )


def _checks(stored: Mapping[str, Any]) -> ExposureChecks:
    """Read the checks back; JSON has null where a number was not finite."""
    found: dict[str, Any] = {
        name: math.nan if one is None else one for name, one in stored["checks"].items()
    }
    return ExposureChecks(**found)
