"""From the WCS of exposures and products to outlines on the sky and pixel grids."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits

from hstdriz_study.contracts import OutputGrid

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from astropy.wcs import WCS

# Points along one edge: the edge's curvature between two of them is below 0.01 pixel.
POINTS_PER_EDGE = 17


def footprints(exposures: Sequence[Path]) -> tuple[tuple[np.ndarray, ...], ...]:
    """Trace the edge of every chip of every exposure.

    Returns
    -------
    tuple of tuple of (N, 2) `~numpy.ndarray`
        Right ascension and declination in degrees along the outer edge of each chip's lit
        pixels.
    """
    return tuple(_exposure_footprints(path) for path in exposures)


def _exposure_footprints(path: Path) -> tuple[np.ndarray, ...]:
    from stwcs.wcsutil import HSTWCS

    outlines = []
    with fits.open(path) as hdus:
        for hdu in hdus:
            if hdu.name == "SCI":
                # the pyramid mirror shades the first columns and rows of WFPC2's chips
                shaded = hdu.header.get("LITX", 0), hdu.header.get("LITY", 0)
                x, y = _edge(shaded, hdu.shape)
                outlines.append(
                    HSTWCS(hdus, ("SCI", hdu.ver)).all_pix2world(np.column_stack([x, y]), 0)
                )
    return tuple(outlines)


def _edge(first: tuple[int, int], shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Walk once around the outer edge of the pixels from a first column and row on, 0-based."""
    (x0, y0), (ny, nx) = first, shape
    t = np.linspace(0, 1, POINTS_PER_EDGE)[:-1]
    x = x0 + np.concatenate([t, np.ones_like(t), 1 - t, np.zeros_like(t)]) * (nx - x0) - 0.5
    y = y0 + np.concatenate([np.zeros_like(t), t, np.ones_like(t), 1 - t]) * (ny - y0) - 0.5
    return x, y


def grid_of(wcs: WCS, shape: tuple[int, int]) -> OutputGrid:
    """Describe the linear part of a WCS, as stwcs defines scale and orientation."""
    (cd11, cd12), (cd21, cd22) = wcs.wcs.cd.tolist()
    return OutputGrid(
        crval_deg=(float(wcs.wcs.crval[0]), float(wcs.wcs.crval[1])),
        crpix=(float(wcs.wcs.crpix[0]), float(wcs.wcs.crpix[1])),
        cd=((cd11, cd12), (cd21, cd22)),
        shape=(int(shape[0]), int(shape[1])),
        scale_arcsec=math.hypot(cd11, cd21) * 3600,
        orientation_deg=math.degrees(math.atan2(cd12, cd22)),
    )
