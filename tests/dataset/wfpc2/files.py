"""WFPC2 exposures as the archive has them: pixels and flags in files of their own."""

from __future__ import annotations

import numpy as np
from astropy.io import fits

from tests.dataset.exposure_files import STARTS_MJD

SIDE = 800
SCALE_DEG = {1: 0.0455 / 3600, 2: 0.0996 / 3600, 3: 0.0996 / 3600, 4: 0.0996 / 3600}


def write_c0m(directory, root, *, chips=(1, 2, 3, 4), flags_of=(1, 2, 3, 4), **primary):
    """Write pixels and flags as the archive has them; return the path of the pixels."""
    header = {
        "TELESCOP": "HST", "INSTRUME": "WFPC2", "ROOTNAME": root, "FILTNAM1": "F555W",
        "FILTNAM2": "", "ATODGAIN": 7.0, "EXPTIME": 100.0, "EXPSTART": next(STARTS_MJD),
        "IDCTAB": "uref$x_idc.fits", "MODE": "FULL", "DATE-OBS": "1997-06-13", "DGEOFILE": "N/A",
    } | primary  # fmt: skip
    for kind, of, dtype in (("c0m", chips, np.float32), ("c1m", flags_of, np.int16)):
        hdus = fits.HDUList([fits.PrimaryHDU()])
        hdus[0].header.update(header)
        for version, chip in enumerate(of, 1):
            data = np.zeros((SIDE, SIDE), dtype)
            data[:] = chip if kind == "c0m" else 0
            if kind == "c1m":
                data[: 40 + chip], data[:, : 50 + chip], data[400, 400] = 2, 2, 8
            hdus.append(fits.ImageHDU(data, _wcs(chip), name="SCI", ver=version))
        hdus.writeto(directory / f"{root}_{kind}.fits")
    return directory / f"{root}_c0m.fits"


def _wcs(chip):
    return fits.Header(
        {
            "DETECTOR": chip, "CRPIX1": 400.0, "CRPIX2": 400.0, "CRVAL1": 150.0, "CRVAL2": 2.0,
            "CD1_1": -SCALE_DEG[chip], "CD1_2": 0.0, "CD2_1": 0.0, "CD2_2": SCALE_DEG[chip],
            "CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "PHOTFLAM": 3.48e-18, "PHOTPLAM": 5443.0,
        }
    )  # fmt: skip


def edited(path, extension, **cards):
    with fits.open(path, mode="update") as hdus:
        for keyword, value in cards.items():
            if value is None:
                del hdus[extension].header[keyword]
            else:
                hdus[extension].header[keyword] = value


def retyped(path, dtype):
    with fits.open(path) as hdus:
        copies = [fits.ImageHDU(hdu.data.astype(dtype), hdu.header) for hdu in hdus[1:]]
        changed = fits.HDUList([hdus[0].copy(), *copies])
    changed.writeto(path, overwrite=True)
