"""From the exposures and regions of a filter to artificial stars in copies of the exposures.

The copies serve the patches of these stars alone. All else is measured on the exposures
themselves, which no artificial star disturbs.
"""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from astropy import units
from astropy.table import Table

from hstdriz_study.contracts import MeasureContext
from hstdriz_study.contracts.metric_table import DEPTH
from hstdriz_study.errors import DatasetError, MetricUnavailableError
from hstdriz_study.field.drizzling_native import DRIZZLING_NATIVE
from hstdriz_study.field.inspection import inspection_stage, load_inspection
from hstdriz_study.field.wanted import wanted_of
from hstdriz_study.field.whole_image import frame_image
from hstdriz_study.inject import brightness, copy_with_stars, psf_model
from hstdriz_study.inject.brightness import LADDER_MAG
from hstdriz_study.keys import Code, StageKey, cached_stage, stage_key
from hstdriz_study.measure.fidelity import aperture_fluxes
from hstdriz_study.measure.patches import extract
from hstdriz_study.measure.sky_sample import blank_sky
from hstdriz_study.prepare.prepare import load_prepared

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hstdriz_study.contracts import Drizzled, PreparedFilter, StudyRegions
    from hstdriz_study.field.settings import FieldOptions
    from hstdriz_study.inject import PsfModel

log = logging.getLogger(__name__)

INJECTED_NAME = "injected.ecsv"
_PSF, _FAINT = "psf", "faint"


@dataclass(frozen=True)
class Injection:
    """Artificial stars in copies of the exposures.

    Attributes
    ----------
    exposures : `~hstdriz_study.contracts.PreparedFilter`
        The copies; ``injected.ecsv`` lies beside them.
    stars : `~astropy.table.Table`
        As `~hstdriz_study.contracts.StudyRegions.injected`.
    """

    exposures: PreparedFilter
    stars: Table


def inject_stars(
    prepared: PreparedFilter,
    regions: StudyRegions,
    options: FieldOptions,
    reference_dirs: Mapping[str, Path],
) -> tuple[Injection | None, tuple[str, ...]]:
    """Inject the stars that are asked for, or take them from the cache.

    Parameters
    ----------
    prepared, regions, options, reference_dirs
        Of the field, without artificial stars.

    Returns
    -------
    injection : `Injection` or None
        None when no star is asked for, or none can be injected.
    warnings : tuple of str
    """
    if not options.inject.inject_stars:
        return None, ()
    try:
        injection = _injected(prepared, regions, options, reference_dirs)
    except (DatasetError, MetricUnavailableError) as error:
        return None, (f"no star was injected: {error}",)
    return injection, _warnings(injection.stars, len(regions.stars), options)


def _injected(
    prepared: PreparedFilter,
    regions: StudyRegions,
    options: FieldOptions,
    reference_dirs: Mapping[str, Path],
) -> Injection:
    stage = injected_stage(prepared, options)

    def build(directory: Path) -> None:
        log.info("injecting stars into %s", prepared.name)
        _build(directory, prepared, regions, options, reference_dirs)

    entry = cached_stage(options.prepare.cache_dir / "injected", prepared.name, stage, build)
    exposures = load_prepared(entry, prepared.name, stage.key, prepared.inputs)
    return Injection(exposures, Table.read(entry / INJECTED_NAME))


def injected_stage(prepared: PreparedFilter, options: FieldOptions) -> StageKey:
    """Return what determines the exposures with artificial stars.

    Raises
    ------
    StudyError
        If there is no record of the detector.
    """
    detector, regions = options.detector, options.regions
    return stage_key(
        [DRIZZLING_NATIVE, INJECTING],
        options.prepare.cache_dir,
        inputs={"prepared": prepared.key, "regions": inspection_stage(prepared, options).key},
        options={
            "native": asdict(options.native),
            "detector": {
                "optics": asdict(detector.optics),
                "psf_half_px": detector.psf_half_px,
                "full_well_e": detector.full_well_e,
            },
            "measure": asdict(options.inject)
            | {"min_stars": regions.min_stars, "seed": regions.seed},
        },
    )


def _build(
    directory: Path,
    prepared: PreparedFilter,
    regions: StudyRegions,
    options: FieldOptions,
    reference_dirs: Mapping[str, Path],
) -> None:
    model = psf_model(prepared, options.detector)
    product = frame_image(prepared, options.native, reference_dirs)
    stars = _place_stars(prepared, regions, options, product, model)
    copy_with_stars(prepared, stars, model, directory, options.regions.seed)
    copies = load_prepared(directory, prepared.name, prepared.key, prepared.inputs)
    with_stars = frame_image(copies, options.native, reference_dirs)
    _add_native_fluxes(stars, regions, with_stars, options)
    stars.write(directory / INJECTED_NAME)


INJECTING = Code(
    "injecting stars",
    roots=(load_prepared, load_inspection, _build),
    without=(frame_image,),  # the product is drizzled by code of its own
    libraries=("astropy", "numpy", "photutils", "regions", "scipy", "shapely", "stwcs"),
)


def _place_stars(
    prepared: PreparedFilter,
    regions: StudyRegions,
    options: FieldOptions,
    native: Drizzled,
    model: PsfModel,
) -> Table:
    """Decide where the stars stand and how bright they are."""
    # here and below, because a study that injects nothing needs no detection
    from hstdriz_study.measure.regions.blank_places import star_places

    if prepared.zero_point_abmag is None:
        raise DatasetError("the headers have no PHOTFLAM and PHOTPLAM; use calibrated files")
    asked, seed, geometry = options.inject, options.regions.seed, regions.geometry
    noise = blank_sky(extract(native, regions), _context(regions, seed, 0)).empty
    exposures = {chip.exposure: chip.exptime_s for chip in prepared.chips}
    light = brightness(
        model,
        (geometry.aperture_radius_arcsec, geometry.ee_radius_arcsec),
        aperture_sigma=float(noise.sigma[0]),
        snr=asked.inject_snr,
        exptimes_s=tuple(exposures.values()),
    )
    places = star_places(
        native,
        prepared.footprints,
        geometry,
        n_bright=asked.inject_stars,
        n_faint=asked.inject_stars * len(LADDER_MAG),
        seed=seed,
        wanted=wanted_of(options.regions),
    )
    n_bright, n_faint = len(places.bright), len(places.faint)
    level = np.arange(n_faint) % len(LADDER_MAG)
    table = Table()
    table["id"] = np.arange(1, n_bright + n_faint + 1)
    table["role"] = [_PSF] * n_bright + [_FAINT] * n_faint
    table["ra"], table["dec"] = np.concatenate([places.bright, places.faint]).T * units.deg
    table["flux"] = np.concatenate([np.full(n_bright, light.psf), light.ladder[level]])
    table["flux_total"] = table["flux"] / light.light_inside
    table["mag"] = prepared.zero_point_abmag - 2.5 * np.log10(table["flux"])
    table["step_mag"] = np.concatenate([np.full(n_bright, np.nan), LADDER_MAG[level]])
    table["flux"].unit = table["flux_total"].unit = units.electron / units.s
    table["mag"].unit = units.ABmag
    table.meta = _meta(options, model, light.psf_snr)
    return table


def _meta(options: FieldOptions, model: PsfModel, psf_snr: float) -> dict[str, Any]:
    return {
        "filter": options.name,
        "psf": model.description,
        "seed": options.regions.seed,
        "psf_snr": round(psf_snr, 2),
        "columns": (
            "role: psf (bright) or faint; flux, mag: inside the energy radius, as "
            f"{DEPTH.name}; flux_total: all light painted; step_mag: from the expected depth; "
            "flux_native: in the photometric aperture of the native-scale product"
        ),
    }


def _add_native_fluxes(
    stars: Table, regions: StudyRegions, native: Drizzled, options: FieldOptions
) -> None:
    """Measure the bright stars on the native-scale product, as the field's own were."""
    from hstdriz_study.measure.regions.cut_out import star_stretch
    from hstdriz_study.measure.regions.sources import sky_level

    stars["flux_native"] = np.full(len(stars), np.nan) * units.electron / units.s
    bright = _role(stars, _PSF)
    if len(bright) < options.regions.min_stars:
        return  # no point will use them
    of_bright = replace(regions, stars=stars[bright])
    context = _context(of_bright, options.regions.seed, min_stars=1)
    stars["flux_native"][bright] = aperture_fluxes(extract(native, of_bright), context)
    x, y = native.wcs.world_to_pixel_values(stars["ra"][bright], stars["dec"][bright])
    shown = Table({"x": x, "y": y})
    stars.meta["star_stretch"] = list(star_stretch(native, shown, sky_level(native)))


def _context(regions: StudyRegions, seed: int, min_stars: int) -> MeasureContext:
    return MeasureContext(
        regions=regions, zero_point_abmag=None, n_exposures=1, min_stars=min_stars,
        n_bootstrap=0, seed=seed,
    )  # fmt: skip


def _role(stars: Table, role: str) -> np.ndarray:
    return np.flatnonzero(np.asarray(stars["role"]).astype(str) == role)


def with_injected(regions: StudyRegions, stars: Table, min_stars: int) -> StudyRegions:
    """Add artificial stars to the regions; the bright ones stand in where the field has too few."""
    bright = stars[_role(stars, _PSF)]
    stand_in = len(regions.stars) < min_stars <= len(bright)
    with_stars = replace(regions, injected=stars, injected_for_psf=stand_in)
    if not stand_in:
        return with_stars
    black, white = stars.meta["star_stretch"]
    return replace(with_stars, stars=bright, star_stretch=(float(black), float(white)))


def _warnings(stars: Table, n_own: int, options: FieldOptions) -> tuple[str, ...]:
    """Say what a reader must know of the artificial stars."""
    min_stars, n_bright = options.regions.min_stars, len(_role(stars, _PSF))
    warnings = []
    if n_own < min_stars <= n_bright:
        warnings.append(
            f"the PSF metrics are of {n_bright} artificial stars of a model PSF "
            f"(measure.inject_stars), for the field has {n_own} of the {min_stars} stars they "
            "need: they hold the dithers, flags and drizzling of your exposures, but neither your "
            "focus nor an error of alignment"
        )
    n_asked = options.inject.inject_stars * (1 + len(LADDER_MAG))
    if len(stars) < n_asked:
        warnings.append(
            f"the blank sky has room for {len(stars)} of {n_asked} artificial stars, {n_bright} of "
            "them bright; a smaller measure.inject_stars is divided more evenly"
        )
    return tuple(warnings)
