"""Whether a file that came is the exposure that was asked for, to its last byte."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from astropy.io import fits

from hstdriz_study.errors import first_line

if TYPE_CHECKING:
    from pathlib import Path

_DIFFERS = 0  # of astropy's verify_datasum


def why_not_whole(path: Path, rootname: str = "") -> str | None:
    """Say what a FITS file lacks; None of one that is whole.

    Its length is compared with what its headers describe, the number of its extensions with
    NEXTEND, its pixels with DATASUM where that is given, and ROOTNAME with the name asked for.

    Parameters
    ----------
    path : `~pathlib.Path`
    rootname : str
        Of the exposure, lower case; without it the file is no exposure.
    """
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            with fits.open(path, memmap=True, lazy_load_hdus=False) as hdus:
                found = _lacking(hdus, path.stat().st_size, rootname)
    except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
        return f"it is no FITS file ({first_line(error)})"
    return next((str(one.message) for one in caught if "truncated" in str(one.message)), found)


def _lacking(hdus: fits.HDUList, n_bytes: int, rootname: str) -> str | None:
    last = hdus[-1].fileinfo()
    described = last["datLoc"] + last["datSpan"]
    if described != n_bytes:
        return f"its headers describe {described} bytes and it has {n_bytes}"
    if hdus[0].header.get("NEXTEND", 0) > len(hdus) - 1:
        return f"NEXTEND is {hdus[0].header['NEXTEND']} and {len(hdus) - 1} extensions are there"
    named = str(hdus[0].header.get("ROOTNAME", "")).strip().lower()
    if rootname and named != rootname:
        return f"it is the exposure {named or 'of no name'}"
    for number, hdu in enumerate(hdus):
        if "DATASUM" in hdu.header and hdu.verify_datasum() == _DIFFERS:
            return f"the content of extension {number} is not that of its DATASUM"
    return None
