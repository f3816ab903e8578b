"""Other files of the archive in the place of an exposure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits

from tests.hostile.edits import (
    extensions,
    keyword,
)
from tests.hostile.rows import BrokenInput, all_four, second

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def _drizzled(path: Path) -> None:
    def change(hdus: fits.HDUList) -> fits.HDUList:
        weight = fits.ImageHDU(np.ones_like(hdus["SCI", 1].data), name="WHT", ver=1)
        context = fits.ImageHDU(np.ones(hdus["SCI", 1].shape, np.int32), name="CTX", ver=1)
        return fits.HDUList([hdus[0], hdus["SCI", 1], weight, context])

    extensions(path, change)


def _raw(path: Path) -> None:
    def change(hdus: fits.HDUList) -> fits.HDUList:
        hdus["SCI", 1].data = hdus["SCI", 1].data.astype(np.int16)
        hdus["SCI", 1].header["BUNIT"] = "COUNTS"
        for name in ("ERR", "DQ"):
            empty = fits.ImageHDU(header=fits.Header({"PIXVALUE": 0}), name=name, ver=1)
            hdus[hdus.index_of((name, 1))] = empty
        return hdus

    extensions(path, change)


def _support(path: Path) -> None:
    extensions(path, lambda hdus: fits.HDUList([hdus[0], fits.ImageHDU(name="UDL", ver=1)]))


def _table(path: Path) -> None:
    column = fits.Column("MEMNAME", "14A", array=["A", "B"])
    table = fits.BinTableHDU.from_columns([column], name="ASN")
    extensions(path, lambda hdus: fits.HDUList([hdus[0], table]))


def _primary_image(path: Path) -> None:
    def change(hdus: fits.HDUList) -> fits.HDUList:
        return fits.HDUList([fits.PrimaryHDU(hdus["SCI", 1].data, hdus[0].header)])

    extensions(path, change)


def products() -> Iterator[BrokenInput]:
    kind = "another file of the archive"
    yield second(kind, "a drizzled product (SCI, WHT, CTX)", "ERR,1 is not there", _drizzled)
    yield second(kind, "a raw file (ERR and DQ without pixels)", "has no pixels (NAXIS 0)", _raw)
    yield second(kind, "a support file (spt)", "no SCI data", _support)
    yield second(kind, "an association table (asn)", "no SCI data", _table)
    yield second(kind, "an image in the primary HDU", "no SCI data", _primary_image)
    yield all_four(kind, "raw files alone", "holds no *_flt.fits or *_flc.fits",
               lambda p: p.replace(p.with_name(p.name.replace("_flt", "_raw"))))  # fmt: skip
    yield second(
        kind,
        "of another telescope",
        "TELESCOP is JWST, not HST",
        lambda p: keyword(p, "TELESCOP", "JWST"),
    )
    yield second(
        kind, "of no telescope", "TELESCOP is missing", lambda p: keyword(p, "TELESCOP", None)
    )
