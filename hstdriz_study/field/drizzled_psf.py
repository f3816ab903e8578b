"""The PSF drizzled through the settings of a point.

Noiseless stars of the model PSF take the place of the sky in copies of the exposures, which
are drizzled as the exposures were: grid, dithers, flags and weights are the product's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from astropy.table import Table

from hstdriz_study.cache import scratch_directory
from hstdriz_study.drizzle import grid_wcs, output_grid
from hstdriz_study.field.pixels import point_pixels
from hstdriz_study.field.setup import of_stars
from hstdriz_study.inject import copy_of_stars_alone, psf_model
from hstdriz_study.measure.patches import STAR_PATCH_OVER_EE_RADIUS
from hstdriz_study.measure.psf_stamp import psf_stamp
from hstdriz_study.measure.thinning import thinned
from hstdriz_study.prepare.prepare import load_prepared

if TYPE_CHECKING:
    from pathlib import Path

    from astropy.wcs import WCS

    from hstdriz_study.contracts import DrizzleSettings, OutputGrid, StudyRegions
    from hstdriz_study.field.setup import FieldSetup
    from hstdriz_study.inject import PsfModel
    from hstdriz_study.measure.psf_stamp import PsfStamp
    from hstdriz_study.optics.detector import Detector

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


def drizzled_psf(
    setup: FieldSetup, settings: DrizzleSettings, engine: str, detector: Detector, log_dir: Path
) -> DrizzledPsf:
    """Drizzle stars through the settings of a point.

    The stars lie on centres of output pixels, so that the stamp is centred, and
    at many phases of the detector pixels, over which it is averaged.

    Parameters
    ----------
    setup, settings, engine, log_dir
        As in `~hstdriz_study.field.pixels.point_pixels`.
    detector : `~hstdriz_study.optics.detector.Detector`
        With which the exposures were taken.

    Raises
    ------
    StudyError
        If there is no model of the PSF, or drizzling fails.
    """
    prepared = setup.prepared
    model = psf_model(prepared, detector)
    grid = output_grid(prepared.mosaic, settings)
    half_px = int(model.reach_arcsec / grid.scale_arcsec)
    stars = _centred_stars(setup.regions, grid_wcs(grid), _APART_PER_REACH * half_px)
    with scratch_directory(prepared.directory.parent) as scratch:
        copy_of_stars_alone(prepared, stars, model, scratch)
        key = f"{prepared.key}-stars-alone"
        copies = load_prepared(scratch, prepared.name, key, prepared.inputs)
        alone = of_stars(setup, stars, copies)
        regions = _with_patches_of(alone.regions, half_px, grid)
        pixels = point_pixels(replace(alone, regions=regions), settings, engine, log_dir)
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
