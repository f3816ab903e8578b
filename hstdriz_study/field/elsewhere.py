"""Whether what a user wants to measure is where the exposures are, before these are prepared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS

from hstdriz_study.field.wanted import wanted_of

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.dataset import FilterExposures
    from hstdriz_study.field.settings import FieldOptions

# Headers are read without distortion, which moves corners by 2 % of a side, and pointings are off
# by arcseconds: what is refused here is elsewhere whatever aligning finds.
_WIDER_PX = 150.0


def refuse_elsewhere(found: FilterExposures, options: FieldOptions) -> None:
    """Refuse an area of the user's that lies beside the exposures, by their headers alone.

    Raises
    ------
    DatasetError
        As `~hstdriz_study.measure.regions.science.restricted`.
    ConfigError
        As `~hstdriz_study.field.wanted.wanted_of`.
    """
    wanted = wanted_of(options.regions)
    if wanted.region is wanted.leave_out is None:
        return
    # here, for a study whose exposures are prepared needs none of it before its first point
    from hstdriz_study.measure.regions.full_depth import full_depth_region
    from hstdriz_study.measure.regions.science import restricted

    footprints = [_footprint(exposure.path) for exposure in found.exposures]
    grid = _grid(footprints[0][0].mean(axis=0), options.geometry.native_scale_arcsec)
    restricted(full_depth_region(footprints, grid, -_WIDER_PX), wanted, grid)


def _footprint(path: Path) -> list[np.ndarray]:
    with fits.open(path) as hdus:
        return [_corners(hdu.header) for hdu in hdus if hdu.name == "SCI"]


def _corners(header: fits.Header) -> np.ndarray:
    """Corners of a chip, right ascension and declination in degrees, shape (4, 2)."""
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = "RA---TAN", "DEC--TAN"
    wcs.wcs.crpix, wcs.wcs.crval = (
        [header[f"{name}{axis}"] for axis in (1, 2)] for name in ("CRPIX", "CRVAL")
    )
    wcs.wcs.cd = [[header[f"CD{row}_{column}"] for column in (1, 2)] for row in (1, 2)]
    nx, ny = header["NAXIS1"], header["NAXIS2"]
    return np.column_stack(wcs.pixel_to_world_values([0, nx, nx, 0], [0, 0, ny, ny]))


def _grid(centre: np.ndarray, scale_arcsec: float) -> WCS:
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = "RA---TAN", "DEC--TAN"
    wcs.wcs.crval, wcs.wcs.cdelt = centre, (-scale_arcsec / 3600, scale_arcsec / 3600)
    return wcs
