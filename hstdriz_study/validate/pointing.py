"""Pointing errors put into the headers against what TweakReg leaves of them."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits
from astropy.table import QTable

from hstdriz_study.dataset import synthetic_directory
from hstdriz_study.field import Field
from hstdriz_study.validate.many import rows_of_each
from hstdriz_study.validate.rows import Claims

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.validate.context import CheckContext, SetOptions
    from hstdriz_study.validate.rows import Row

CLAIMS = Claims("pointing errors", "true pointings that the simulator writes beside the exposures")
_ARCSEC_PER_DEG = 3600.0
_LEFT_PX = 0.1


def check(context: CheckContext) -> list[Row]:
    """Align a set with pointing errors in every filter and compare with the truth."""
    asked = context.options.pointing_error_px
    sets = [context.of_filter(name, asked) for name in context.options.filters]
    return rows_of_each(CLAIMS, _rows, sets, context.n_processes)


def _rows(of_set: SetOptions) -> list[Row]:
    prepared = Field(of_set.field).prepared
    directory = synthetic_directory(of_set.source) / "truth"
    truth = QTable.read(directory / f"pointing_{of_set.name}.ecsv")
    left = partial(pointing_errors_px, truth, native_arcsec=of_set.native_arcsec)
    return [residual_row(of_set.name, left(prepared.inputs), left(prepared.exposures))]


def residual_row(name: str, before_px: np.ndarray, after_px: np.ndarray) -> Row:
    """Judge what is left of the errors.

    Parameters
    ----------
    name : str
    before_px, after_px : 1D `~numpy.ndarray`
        Length of the error of every exposure but the first, native pixels.
    """
    return CLAIMS.at_most(
        f"{name}: largest pointing error after TweakReg (before: {np.max(before_px):.2f})",
        float(np.max(after_px)),
        _LEFT_PX,
        reason="TweakReg finds its stars in single, undersampled exposures: 0.05 to 0.2 pixel a "
        "star over some ten stars; a tenth of a pixel widens the PSF by less than 1 %",
        unit="native pixel",
    )


def pointing_errors_px(
    truth: QTable, exposures: Sequence[Path], *, native_arcsec: float
) -> np.ndarray:
    """Compare the pointings of headers with the true ones.

    Parameters
    ----------
    truth : `~astropy.table.QTable`
        ``pointing_<filter>.ecsv`` of a synthetic set.
    exposures : sequence of `~pathlib.Path`
    native_arcsec : float

    Returns
    -------
    1D `~numpy.ndarray`
        Error of every exposure but the first, relative to that of the first,
        which is the reference, native pixels.

    Notes
    -----
    `~astropy.coordinates.SkyCoord.spherical_offsets_to` differs by up to 1e-10 arcsec (astropy
    8.0.2), the rounding of degrees: the same to 1e-7 of a pointing error, not to the last digit.
    """
    rows = {str(root): index for index, root in enumerate(truth["rootname"])}
    errors = []
    for path in exposures:
        header = fits.getheader(path, "SCI", 1)
        row = truth[rows[fits.getval(path, "ROOTNAME")]]
        dec = row["true_dec"].to_value("deg")
        east = (header["CRVAL1"] - row["true_ra"].to_value("deg")) * math.cos(math.radians(dec))
        errors.append((east, header["CRVAL2"] - dec))
    relative = np.array(errors[1:]) - np.array(errors[0])
    return np.asarray(np.hypot(*relative.T) * _ARCSEC_PER_DEG / native_arcsec)
