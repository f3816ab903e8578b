"""From pixels and flags of WFPC2 in files of their own to one file of some chips.

The product script holds the text of the functions below: they need nothing but itertools, warnings,
numpy, astropy.io.fits, drizzlepac, stsci.tools and pathlib.Path.
"""

from __future__ import annotations

import itertools
import warnings
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits

if TYPE_CHECKING:
    from pathlib import Path

SHADED_AT_MOST = 0.1  # of the pixels of a column or row that is lit


def gather(pixels: Path, flags: Path, chips: tuple[int, ...], made: Path) -> None:
    """Write some chips of an exposure of WFPC2 with their flags and errors into one file.

    Pixels stay in the numbers (DN) of the file, which AstroDrizzle multiplies by the gain; PHOTFLAM
    is divided by it. Errors are those of photons and read noise.
    Saturation of the converter (flag 8) has the flag of saturation of later cameras (256) too.
    Where the edge of the pyramid mirror shades a chip (flag 2) is noted. DGEOFILE, the height of
    every 34th row, is left out: stwcs 1.7.7 puts it into chip 1 alone, along the wrong axis.

    Parameters
    ----------
    pixels, flags : `~pathlib.Path`
        Unpacked files; one and the same if it holds both.
    chips : tuple of int
        Those that are taken, all of which are there.
    made : `~pathlib.Path`

    Raises
    ------
    ValueError
        If ATODGAIN is not 7 or 15.
    """
    science, flagged = chips_of(pixels, ("SCI",)), chips_of(flags, ("DQ", "SDQ", "SCI"))
    with fits.open(pixels) as hdus:
        primary = hdus[0].header.copy()
    for keyword in ("NAXIS1", "NAXIS2", "NAXIS3"):
        primary.remove(keyword, ignore_missing=True)
    primary["DGEOFILE"] = "N/A"
    wheel = [str(primary.get(name, "")).strip() for name in ("FILTNAM1", "FILTNAM2")]
    primary["FILTER"] = ("+".join(filter(None, wheel)), "of FILTNAM1 and FILTNAM2")
    primary["DETECTOR"] = ("PC" if chips == (1,) else "WF", "which chips this file holds")
    primary["FILENAME"], primary["NEXTEND"] = made.name, 3 * len(chips)
    of_chips = [
        chip_arrays(*science[chip], flagged[chip][0], primary["ATODGAIN"]) for chip in chips
    ]
    # in this order: DrizzlePac 3.11 looks for the flags of the n-th extension in DQ,n
    out = fits.HDUList(
        [fits.PrimaryHDU(header=primary), *itertools.chain(*zip(*of_chips, strict=True))]
    )
    for version, hdu in enumerate(out[1:]):
        hdu.ver = version % len(chips) + 1
    out.writeto(made, output_verify="silentfix")


def chip_arrays(
    data: np.ndarray, header: fits.Header, flags: np.ndarray, step: float
) -> tuple[fits.ImageHDU, fits.ImageHDU, fits.ImageHDU]:
    """Return pixels, errors and flags of one chip; ``step`` is ATODGAIN."""
    from drizzlepac.wfpc2Data import WFPC2_GAINS

    chip = header["DETECTOR"]
    if step not in WFPC2_GAINS[chip]:
        raise ValueError(f"ATODGAIN is {step}, not 7 or 15")
    gain, noise = WFPC2_GAINS[chip][step]
    header["BUNIT"], header["CCDCHIP"] = "COUNTS", chip
    if "EPERDN" not in header and "PHOTFLAM" in header:
        header["PHOTFLAM"] = (header["PHOTFLAM"] / gain, "of one electron a second")
    header["EPERDN"] = (gain, "electrons in one unit of the pixels")
    for axis, keyword in ((0, "LITX"), (1, "LITY")):
        header[keyword] = (first_lit(flags & 2 > 0, axis), "first lit pixel, from 0")
    error = np.sqrt(np.clip(data * gain, 0, None) + noise**2) / gain
    flags = flags.astype(np.int32)  # of files that hold eight bits
    bad = np.where(flags & 8 > 0, flags | 256, flags)
    return (
        fits.ImageHDU(data.astype(np.float32), header, name="SCI"),
        fits.ImageHDU(error.astype(np.float32), header, name="ERR"),
        fits.ImageHDU(bad.astype(np.int16), header, name="DQ"),
    )


def chips_of(path: Path, names: tuple[str, ...]) -> dict[int, tuple[np.ndarray, fits.Header]]:
    """Return array and header of each chip by its number, of the first name that is there."""
    with read_extensions(path) as hdus:
        return {
            int(hdu.header["DETECTOR"]): (np.asarray(hdu.data), hdu.header.copy())
            for hdu in of_kind(hdus, names)
        }


def read_extensions(path: Path) -> fits.HDUList:
    """Open a file, with an extension for each chip also where one array holds them all."""
    from stsci.tools.convertwaiveredfits import convertwaiveredfits

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of how the columns of old tables are to be displayed
        with fits.open(path) as hdus:
            in_one_array = hdus[0].header["NAXIS"] > 0
        return convertwaiveredfits(str(path)) if in_one_array else fits.open(path)


def of_kind(hdus: fits.HDUList, names: tuple[str, ...]) -> list[fits.ImageHDU]:
    """Return the extensions of the first name that is there."""
    name = next((one for one in names if one in hdus), "")
    return [hdu for hdu in hdus[1:] if hdu.name == name]


def first_lit(shaded: np.ndarray, axis: int) -> int:
    """Return the first column (axis 0) or row (1) of which the pyramid shades less than a tenth.

    The shadow of the other side, which is across, is left out of account.
    """
    half = shaded.shape[0] // 2
    part = shaded[half:] if axis == 0 else shaded[:, half:]
    lit = part.mean(axis=axis) < SHADED_AT_MOST
    return int(np.argmax(lit)) if lit.any() else 0
