"""From published distortion coefficients to IDCTAB reference files.

WFC3/IR and ACS/WFC carry STScI's polynomials (see the ``citation`` in the
tables' headers). WFC3/UVIS is an approximation by pixel size and skew alone:
good for tests of two-chip WFC3 files, not a calibration.
"""

from __future__ import annotations

from importlib.resources import as_file
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits
from astropy.table import Table

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.optics.detector import Detector, Window
    from hstdriz_study.simulate.bands import Band

_PARITY = -1
_FITS_FORMATS = {"i": "J", "f": "D", "U": "8A"}


def _load(detector: Detector) -> Table:
    with as_file(detector.idctab) as path:
        return Table.read(path, format="ascii.ecsv")


def idctab_name(detector: Detector) -> str:
    """File name of the detector's distortion table."""
    return f"{detector.name}_idc.fits"


def window_shift(detector: Detector, windows: tuple[Window, ...]) -> tuple[tuple[int, int], ...]:
    """Origin of each chip's window that the distortion table has to absorb, pixels.

    A one-chip subarray says where it lies through LTV1 and LTV2. stwcs applies
    one chip's LTV to the reference chip as well, which is wrong when the
    windows of two chips differ (no real subarray has two chips). There LTV is
    0 and the table's reference pixel moves instead, which gives the same
    coordinates.
    """
    if len(detector.chips) == 1:
        return ((0, 0),)
    return tuple((window.x0, window.y0) for window in windows)


def write_idctab(path: Path, band: Band, windows: tuple[Window, ...]) -> None:
    """Write the IDCTAB that `stwcs.updatewcs` reads for this band.

    Parameters
    ----------
    path : `~pathlib.Path`
    band : `~hstdriz_study.simulate.bands.Band`
    windows : tuple of `~hstdriz_study.optics.detector.Window`
        One a chip, in order of EXTVER.
    """
    detector = band.detector
    table = _load(detector)
    for name, element in band.wheel.items():
        if name in table.colnames and "*" in table[name]:
            table[name] = [element] * len(table)
    for chip, (x0, y0) in zip(detector.chips, window_shift(detector, windows), strict=True):
        rows = table["DETCHIP"] == chip
        table["XREF"][rows] -= x0
        table["YREF"][rows] -= y0
    primary = fits.PrimaryHDU()
    primary.header["INSTRUME"] = detector.instrument
    primary.header["DETECTOR"] = detector.channel
    primary.header["NORDER"] = table.meta["order"]
    primary.header["PARITY"] = _PARITY
    primary.header["FILETYPE"] = "DISTORTION COEFFICIENTS"
    primary.header["USEAFTER"] = "Jan 01 2002 00:00:00"
    primary.header["DESCRIP"] = "Written by hstdriz-study for simulated exposures"
    for keyword, value in table.meta["keywords"].items():
        primary.header[keyword] = value
    primary.header.add_history(table.meta["citation"])
    columns = [
        fits.Column(name, _FITS_FORMATS[table[name].dtype.kind], array=np.asarray(table[name]))
        for name in table.colnames
    ]
    hdus = fits.HDUList([primary, fits.BinTableHDU.from_columns(columns)])
    hdus.writeto(path, overwrite=True)
