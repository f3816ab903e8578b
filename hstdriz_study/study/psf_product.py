"""The PSF drizzled through the settings of a point, as a FITS file.

Noiseless stars of the model PSF take the place of the sky in copies of the exposures, which
are drizzled as the exposures were: grid, dithers, flags and weights are the product's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits
from astropy.table import Table

from hstdriz_study import __version__
from hstdriz_study.cache import scratch_directory
from hstdriz_study.config import drizzle_settings, filter_detector
from hstdriz_study.drizzle import grid_wcs, output_grid
from hstdriz_study.good_bits import bits_text
from hstdriz_study.inject import copy_of_stars_alone, psf_model
from hstdriz_study.measure.patches import STAR_PATCH_OVER_EE_RADIUS
from hstdriz_study.measure.psf_stamp import psf_stamp
from hstdriz_study.measure.thinning import thinned
from hstdriz_study.prepare.prepare import load_prepared
from hstdriz_study.study.injection import stars_alone
from hstdriz_study.study.pixels import point_pixels

if TYPE_CHECKING:
    from pathlib import Path

    from astropy.wcs import WCS

    from hstdriz_study.config import StudyConfig
    from hstdriz_study.contracts import OutputGrid, StudyRegions
    from hstdriz_study.inject import PsfModel
    from hstdriz_study.measure.psf_stamp import PsfStamp
    from hstdriz_study.study.filter_setup import FilterSetup

MAX_STARS = 25
_FLUX = 1e4  # electrons / s; any, for what is drizzled is linear and without noise
_SEED = 13
# A star is painted on a square of the detector, whose corners reach further than its sides.
_APART_PER_REACH = 1 + 1.5


@dataclass(frozen=True)
class DrizzledPsf:
    """The PSF of one filter at the settings of one point.

    Attributes
    ----------
    stamp : `~hstdriz_study.measure.psf_stamp.PsfStamp`
    grid : `~hstdriz_study.contracts.OutputGrid`
        Of the product.
    model : `~hstdriz_study.inject.PsfModel`
    stars : `~astropy.table.Table`
        ``ra`` and ``dec`` of the positions that were averaged, degrees.
    """

    stamp: PsfStamp
    grid: OutputGrid
    model: PsfModel
    stars: Table


def drizzled_psf(config: StudyConfig, setup: FilterSetup, directory: Path) -> DrizzledPsf:
    """Drizzle stars through the settings of a point.

    The stars lie on centres of output pixels, so that the stamp is centred, and
    at many phases of the detector pixels, over which it is averaged.

    Parameters
    ----------
    config : `~hstdriz_study.config.StudyConfig`
        Of the point.
    setup : `~hstdriz_study.study.filter_setup.FilterSetup`
    directory : `~pathlib.Path`
        Receives AstroDrizzle's log, when that is the engine.

    Raises
    ------
    StudyError
        If there is no model of the PSF, or drizzling fails.
    """
    prepared, settings = setup.prepared, drizzle_settings(config)
    model = psf_model(prepared, filter_detector(config.filter))
    grid = output_grid(prepared.mosaic, settings)
    half_px = int(model.reach_arcsec / grid.scale_arcsec)
    stars = _centred_stars(setup.regions, grid_wcs(grid), _APART_PER_REACH * half_px)
    with scratch_directory(prepared.directory.parent) as scratch:
        copy_of_stars_alone(prepared, stars, model, scratch)
        key = f"{prepared.key}-stars-alone"
        copies = load_prepared(scratch, prepared.name, key, prepared.inputs)
        regions = _with_patches_of(stars_alone(setup.regions, stars), half_px, grid)
        stars_setup = replace(setup, prepared=copies, regions=regions, injected=None)
        pixels = point_pixels(config, stars_setup, settings, directory)
    stamp = psf_stamp(pixels.stars, half_px, grid.scale_arcsec)
    return DrizzledPsf(stamp, grid, model, stars)


def _with_patches_of(regions: StudyRegions, half_px: int, grid: OutputGrid) -> StudyRegions:
    """Let the patches of the stars hold the stamp and a pixel around it."""
    reach_arcsec = (half_px + 1.5) * grid.scale_arcsec / STAR_PATCH_OVER_EE_RADIUS
    return replace(regions, geometry=replace(regions.geometry, ee_radius_arcsec=reach_arcsec))


def _centred_stars(regions: StudyRegions, wcs: WCS, apart_px: float) -> Table:
    """Choose centres of output pixels that lie apart in the full-depth region."""
    places = regions.weight_boxes if len(regions.weight_boxes) else [regions.preview_center]
    places = np.random.default_rng(_SEED).permutation(np.asarray(places))
    centres = np.rint(np.column_stack(wcs.world_to_pixel_values(*places.T)))
    chosen = thinned(centres, MAX_STARS, apart_px)
    ra, dec = wcs.pixel_to_world_values(*chosen.T)
    table = Table({"id": np.arange(1, len(chosen) + 1), "ra": ra, "dec": dec})
    table["flux_total"] = _FLUX
    return table


def write_psf(drizzled: DrizzledPsf, config: StudyConfig, setup: FilterSetup, path: Path) -> None:
    """Write the stamp, its spread over the positions, and these."""
    settings, stamp = drizzle_settings(config), drizzled.stamp
    header = fits.Header()
    guess = config.filter.psf_fwhm_arcsec
    for key, value, comment in (
        ("FILTER", config.filter.filter, "as in the exposures"),
        ("INSTRUME", config.filter.instrument, ""),
        ("DETECTOR", config.filter.detector, ""),
        ("D001SCAL", stamp.final_scale_arcsec, "[arcsec] final_scale: side of a pixel"),
        ("D001PIXF", settings.pixfrac, "final_pixfrac"),
        ("D001KERN", settings.final_kernel, "final_kernel"),
        ("D001WHT", settings.final_wht_type, "final_wht_type"),
        ("D001BITS", bits_text(settings.final_bits), "final_bits"),
        ("ORIENTAT", drizzled.grid.orientation_deg, "[deg] position angle of the y axis"),
        ("PSFNORM", stamp.radius_arcsec, "[arcsec] unit sum inside, 0 outside this radius"),
        ("PSFLIGHT", drizzled.model.energy_inside(stamp.radius_arcsec),
         "part of all light inside PSFNORM (model)"),
        ("PSFFWHM", stamp.fwhm_arcsec(guess), "[arcsec] half-maximum width as delivered"),
        ("PSFEE50", stamp.energy_radius_arcsec(0.5), "[arcsec] holds 50 % of the unit sum"),
        ("PSFEE80", stamp.energy_radius_arcsec(0.8), "[arcsec] holds 80 % of the unit sum"),
        ("PSFSTARS", stamp.n_stars, "positions that were averaged"),
        ("NEXPOSUR", len(setup.prepared.exposures), "exposures drizzled"),
        ("PREPARED", setup.prepared.key, "key of the prepared exposures"),
        ("CREATOR", f"hstdriz-study {__version__}", ""),
    ):  # fmt: skip
        header[key] = (value, comment)
    header["COMMENT"] = f"PSF: {drizzled.model.description}."
    header["COMMENT"] = (
        "Drizzled with the exposures' own WCS, flags and weights onto the product's grid; the star "
        "is at the centre of the middle pixel. Extension SPREAD: standard deviation over the "
        "positions of extension STARS, which fall on different phases of the detector pixels."
    )
    hdus = fits.HDUList(
        [
            fits.PrimaryHDU(stamp.values.astype(np.float32), header),
            fits.ImageHDU(stamp.spread.astype(np.float32), name="SPREAD"),
            fits.BinTableHDU(drizzled.stars["id", "ra", "dec"], name="STARS"),
        ]
    )
    hdus.writeto(path, overwrite=True)
