"""From the exposures and regions of a filter to artificial stars in copies of the exposures.

The copies serve the patches of these stars alone. All else is measured on the exposures
themselves, which no artificial star disturbs.
"""

from __future__ import annotations

import logging
import shutil
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from astropy import units
from astropy.table import Table

from hstdriz_study import __version__
from hstdriz_study.cache import cached, content_key
from hstdriz_study.config import filter_detector, native_settings
from hstdriz_study.contracts import MeasureContext
from hstdriz_study.contracts.metric_table import DEPTH
from hstdriz_study.errors import DatasetError, MetricUnavailableError
from hstdriz_study.inject import brightness, copy_with_stars, psf_model
from hstdriz_study.inject.brightness import LADDER_MAG
from hstdriz_study.measure.empty_apertures import empty_apertures
from hstdriz_study.measure.fidelity import aperture_fluxes
from hstdriz_study.measure.patches import extract
from hstdriz_study.prepare.prepare import load_prepared
from hstdriz_study.study.native import native_product

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hstdriz_study.config import StudyConfig
    from hstdriz_study.contracts import Drizzled, PreparedFilter, StudyRegions
    from hstdriz_study.inject import PsfModel
    from hstdriz_study.study.filter_setup import FilterSetup

log = logging.getLogger(__name__)

INJECTED_NAME = "injected.ecsv"
_PSF, _FAINT = "psf", "faint"
# Raised when this package injects other stars from the same settings.
_RECIPE_VERSION = 1


def inject_stars(
    config: StudyConfig,
    prepared: PreparedFilter,
    regions: StudyRegions,
    reference_dirs: Mapping[str, Path],
    directory: Path,
) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
    """Inject the stars that ``measure.inject_stars`` asks for.

    Parameters
    ----------
    config, prepared, regions, reference_dirs
        Of the filter, without artificial stars.
    directory : `~pathlib.Path`
        Of the filter in the study; receives the table of the stars.

    Returns
    -------
    stored : dict or None
        Where the copies of the exposures are, JSON-able; None without stars.
    warnings : tuple of str
    """
    if not config.measure.inject_stars:
        return None, ()
    try:
        entry, key = _entry(config, prepared, regions, reference_dirs)
    except (DatasetError, MetricUnavailableError) as error:
        return None, (f"no star was injected: {error}",)
    shutil.copyfile(entry / INJECTED_NAME, directory / INJECTED_NAME)
    stars = Table.read(entry / INJECTED_NAME)
    stored = {"directory": str(entry), "key": key, "min_stars": config.measure.min_stars}
    return stored, _warnings(stars, len(regions.stars), config)


def _entry(
    config: StudyConfig,
    prepared: PreparedFilter,
    regions: StudyRegions,
    reference_dirs: Mapping[str, Path],
) -> tuple[Path, str]:
    """Return the cached directory of the exposures with stars, and its key."""
    native = native_settings(config)
    measure, detector = config.measure, filter_detector(config.filter)
    key = content_key(
        [
            _RECIPE_VERSION, __version__, prepared.key, asdict(native), asdict(regions.geometry),
            regions.sky_boxes.tolist(), measure.inject_stars, measure.inject_snr, measure.min_stars,
            measure.seed, asdict(detector.optics), detector.psf_half_px, detector.full_well_e,
        ]
    )  # fmt: skip

    def build(directory: Path) -> None:
        log.info("injecting stars into %s", prepared.name)
        model = psf_model(prepared, detector)
        product = native_product(config, prepared, reference_dirs)
        stars = _place_stars(config, prepared, regions, product, model)
        copy_with_stars(prepared, stars, model, directory, measure.seed)
        copies = load_prepared(directory, prepared.name, key, prepared.inputs)
        with_stars = native_product(config, copies, reference_dirs)
        _add_native_fluxes(stars, regions, with_stars, config)
        stars.write(directory / INJECTED_NAME)

    parent = prepared.directory.parent.parent / "injected"
    return cached(parent, f"{prepared.name}-{key}", build), key


def _place_stars(
    config: StudyConfig,
    prepared: PreparedFilter,
    regions: StudyRegions,
    native: Drizzled,
    model: PsfModel,
) -> Table:
    """Decide where the stars stand and how bright they are."""
    # here and below, because a study that injects nothing needs no detection
    from hstdriz_study.measure.regions.injected import star_places

    if prepared.zero_point_abmag is None:
        raise DatasetError("the headers have no PHOTFLAM and PHOTPLAM; use calibrated files")
    measure, geometry = config.measure, regions.geometry
    noise = empty_apertures(extract(native, regions), _context(regions, config, 0))
    exposures = {chip.exposure: chip.exptime_s for chip in prepared.chips}
    light = brightness(
        model,
        (geometry.aperture_radius_arcsec, geometry.ee_radius_arcsec),
        aperture_sigma=float(noise.sigma[0]),
        snr=measure.inject_snr,
        exptimes_s=tuple(exposures.values()),
    )
    places = star_places(
        native,
        prepared.footprints,
        geometry,
        n_bright=measure.inject_stars,
        n_faint=measure.inject_stars * len(LADDER_MAG),
        seed=measure.seed,
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
    table.meta = _meta(config, model, light.psf_snr)
    return table


def _meta(config: StudyConfig, model: PsfModel, psf_snr: float) -> dict[str, Any]:
    return {
        "filter": config.filter.name,
        "psf": model.description,
        "seed": config.measure.seed,
        "psf_snr": round(psf_snr, 2),
        "columns": (
            "role: psf (bright) or faint; flux, mag: inside the energy radius, as "
            f"{DEPTH.name}; flux_total: all light painted; step_mag: from the expected depth; "
            "flux_native: in the photometric aperture of the native-scale product"
        ),
    }


def _add_native_fluxes(
    stars: Table, regions: StudyRegions, native: Drizzled, config: StudyConfig
) -> None:
    """Measure the bright stars on the native-scale product, as the field's own were."""
    from hstdriz_study.measure.regions.preview import star_stretch
    from hstdriz_study.measure.regions.sources import sky_level

    stars["flux_native"] = np.full(len(stars), np.nan) * units.electron / units.s
    bright = _role(stars, _PSF)
    if len(bright) < config.measure.min_stars:
        return  # no point will use them
    of_bright = replace(regions, stars=stars[bright])
    context = _context(of_bright, config, min_stars=1)
    stars["flux_native"][bright] = aperture_fluxes(extract(native, of_bright), context)
    x, y = native.wcs.world_to_pixel_values(stars["ra"][bright], stars["dec"][bright])
    shown = Table({"x": x, "y": y})
    stars.meta["star_stretch"] = list(star_stretch(native, shown, sky_level(native)))


def _context(regions: StudyRegions, config: StudyConfig, min_stars: int) -> MeasureContext:
    return MeasureContext(
        regions=regions, zero_point_abmag=None, n_exposures=1, min_stars=min_stars,
        n_bootstrap=0, seed=config.measure.seed,
    )  # fmt: skip


def _role(stars: Table, role: str) -> np.ndarray:
    return np.flatnonzero(np.asarray(stars["role"]).astype(str) == role)


def with_injected(regions: StudyRegions, stars: Table, min_stars: int) -> StudyRegions:
    """Add artificial stars to the regions; the bright ones stand in where the field has too few."""
    bright = stars[_role(stars, _PSF)]
    stand_in = len(regions.stars) < min_stars <= len(bright)
    added = replace(regions, injected=stars, injected_for_psf=stand_in)
    if not stand_in:
        return added
    black, white = stars.meta["star_stretch"]
    return replace(added, stars=bright, star_stretch=(float(black), float(white)))


def _warnings(stars: Table, n_own: int, config: StudyConfig) -> tuple[str, ...]:
    """Say what a reader must know of the artificial stars."""
    min_stars, n_bright = config.measure.min_stars, len(_role(stars, _PSF))
    warnings = []
    if n_own < min_stars <= n_bright:
        warnings.append(
            f"the PSF metrics are of {n_bright} artificial stars of a model PSF "
            f"(measure.inject_stars), for the field has {n_own} of the {min_stars} stars they "
            "need: they hold the dithers, flags and drizzling of your exposures, but neither your "
            "focus nor an error of alignment"
        )
    n_asked = config.measure.inject_stars * (1 + len(LADDER_MAG))
    if len(stars) < n_asked:
        warnings.append(
            f"the blank sky has room for {len(stars)} of {n_asked} artificial stars, {n_bright} of "
            "them bright; a smaller measure.inject_stars is divided more evenly"
        )
    return tuple(warnings)


def of_injected_stars(setup: FilterSetup) -> FilterSetup:
    """Return a setup that measures nothing but the artificial stars, on their exposures."""
    if setup.injected is None or setup.regions.injected is None:
        raise ValueError("no star was injected")
    regions = stars_alone(setup.regions, setup.regions.injected)
    return replace(setup, prepared=setup.injected, regions=regions)


def stars_alone(regions: StudyRegions, stars: Table) -> StudyRegions:
    """Return regions in which nothing is measured but these stars."""
    nowhere = np.empty((0, 2))
    return replace(regions, stars=stars, sky_boxes=nowhere, weight_boxes=nowhere)
