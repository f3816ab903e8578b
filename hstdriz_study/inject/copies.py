"""From prepared exposures and a list of stars to copies of the exposures that hold them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits

from hstdriz_study.inject.model import chip_views
from hstdriz_study.optics.psf import StarPainter

if TYPE_CHECKING:
    from pathlib import Path

    from astropy.table import Table

    from hstdriz_study.contracts import PreparedFilter
    from hstdriz_study.inject.model import PsfModel
    from hstdriz_study.optics.chip_view import ChipView

_STREAM = 11  # of random numbers; the positions have another


def copy_with_stars(
    prepared: PreparedFilter, stars: Table, model: PsfModel, directory: Path, seed: int
) -> None:
    """Copy a cache entry of prepared exposures and add stars to the pixels.

    Stars are painted through each exposure's distorted WCS and get photon
    noise of their own, which is added to the errors as the pipeline does it:
    with the counts that were drawn. Flags stay as they are: a star meets the
    cosmic rays and bad pixels that the exposures have.

    Parameters
    ----------
    prepared : `~hstdriz_study.contracts.PreparedFilter`
    stars : `~astropy.table.Table`
        Columns ``ra``, ``dec`` (degrees) and ``flux_total`` (electrons / s).
    model : `~hstdriz_study.inject.model.PsfModel`
    directory : `~pathlib.Path`
        Receives the copy.
    seed : int
        Of the photon noise.
    """
    shutil.copytree(prepared.directory, directory, dirs_exist_ok=True)
    painter = StarPainter(model.psf)
    for number, exposure in enumerate(prepared.exposures):
        with fits.open(directory / exposure.name, mode="update") as hdus:
            for chip, view in chip_views(prepared, exposure):
                rng = np.random.default_rng([seed, _STREAM, number, chip.extver])
                electrons = rng.poisson(star_rates(stars, view, painter) * chip.exptime_s)
                unit_e = chip.electrons_per_unit * (chip.exptime_s if chip.in_units == "cps" else 1)
                _add(hdus, chip.extver, electrons / unit_e, electrons / unit_e**2)
            hdus[0].header["INJSTARS"] = (len(stars), "artificial stars added by hstdriz-study")


def copy_of_stars_alone(
    prepared: PreparedFilter, stars: Table, model: PsfModel, directory: Path
) -> None:
    """Copy a cache entry of prepared exposures, its pixels replaced by noiseless stars.

    What remains after the subtraction of the sky is the stars and nothing else.
    Geometry, flags and errors stay as they are.

    Parameters
    ----------
    prepared, stars, model, directory
        As in `copy_with_stars`.
    """
    shutil.copytree(prepared.directory, directory, dirs_exist_ok=True)
    painter = StarPainter(model.psf)
    for exposure in prepared.exposures:
        with fits.open(directory / exposure.name, mode="update") as hdus:
            for chip, view in chip_views(prepared, exposure):
                time_s = 1.0 if chip.in_units == "cps" else chip.exptime_s
                light = star_rates(stars, view, painter) * (time_s / chip.electrons_per_unit)
                hdus["SCI", chip.extver].data[...] = (light + chip.mdrizsky).astype(np.float32)
            hdus[0].header["INJSTARS"] = (len(stars), "noiseless stars on nothing, hstdriz-study")


def _add(hdus: fits.HDUList, extver: int, light: np.ndarray, variance: np.ndarray) -> None:
    """Add light and its variance, in the unit of the pixels and its square, in place."""
    hdus["SCI", extver].data += light.astype(np.float32)
    if ("ERR", extver) in hdus:
        error = hdus["ERR", extver].data
        lit = variance > 0
        error[lit] = np.sqrt(error[lit] ** 2 + variance[lit])


def star_rates(stars: Table, view: ChipView, painter: StarPainter) -> np.ndarray:
    """Paint stars on a blank chip, electrons / s in the flat-fielded image, 2D."""
    rates = np.zeros((view.ny, view.nx))
    xy = view.sky_to_pixel(np.asarray(stars["ra"], float), np.asarray(stars["dec"], float))
    for (x, y), flux in zip(xy.tolist(), np.asarray(stars["flux_total"], float), strict=True):
        if np.isfinite(x):
            painter.add(rates, x, y, flux * view.counts_per_flux(x, y))
    return np.maximum(rates, 0.0)  # a spline may undershoot between its nodes
