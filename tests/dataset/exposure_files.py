"""Small files with the headers of calibrated exposures, for tests of the reading of headers."""

from __future__ import annotations

import itertools
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# two exposures of a detector do not begin at the same time
STARTS_MJD = itertools.count(53436.3, 0.01)
PRIMARY = {
    "TELESCOP": "HST", "INSTRUME": "ACS", "DETECTOR": "WFC", "FILTER1": "CLEAR1L",
    "FILTER2": "F814W", "IDCTAB": "jref$qbu1641sj_idc.fits",
}  # fmt: skip


def write_exposure(
    path: Path,
    *,
    scale: float = 0.05,
    telescope: str = "HST",
    exptime: float = 400.0,
    at_deg: tuple[float, float] = (150.0, 2.0),
    chip: Mapping[str, object] = MappingProxyType({}),
    **primary: object,
) -> Path:
    """Write the headers of an ACS/WFC exposure with two small chips."""
    header = PRIMARY | {
        "ROOTNAME": path.name[:9], "EXPTIME": exptime, "EXPSTART": next(STARTS_MJD),
        "TELESCOP": telescope,
    } | primary  # fmt: skip
    hdus = fits.HDUList([fits.PrimaryHDU()])
    hdus[0].header.update(header)
    for version in (1, 2):
        science = fits.ImageHDU(np.ones((40, 50), np.float32), name="SCI", ver=version)
        science.header.update(
            {
                "CRVAL1": at_deg[0], "CRVAL2": at_deg[1], "CRPIX1": 25.0, "CRPIX2": 20.0,
                "CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN",
                "CD1_1": -scale / 3600, "CD1_2": 0.0, "CD2_1": 0.0, "CD2_2": scale / 3600,
                "CCDCHIP": 3 - version, "BUNIT": "ELECTRONS", "PHOTFLAM": 7e-20,
                "PHOTPLAM": 8045.0, "NGOODPIX": 2000, "WCSNAME": "OPUS",
            } | chip
        )  # fmt: skip
        error = fits.ImageHDU(np.ones((40, 50), np.float32), name="ERR", ver=version)
        flags = fits.ImageHDU(np.zeros((40, 50), np.int16), name="DQ", ver=version)
        hdus += [science, error, flags]
    hdus.writeto(path)
    return path
