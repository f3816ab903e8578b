"""Pixels of which no image can be made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits

from tests.hostile.edits import (
    extensions,
    pixels,
)
from tests.hostile.rows import BrokenInput, all_four, second

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def pixels_of_no_use() -> Iterator[BrokenInput]:
    kind = "pixels"
    fill = np.full_like
    for what, value in (("NaN", np.nan), ("infinite", np.inf), ("0", 0.0), ("17", 17.0)):
        yield second(
            kind,
            f"SCI {what} throughout",
            "of SCI,1",
            lambda p, v=value: pixels(p, lambda a: fill(a, v)),
        )
    yield second(
        kind,
        "DQ with a flag everywhere",
        "every pixel of SCI,1 is flagged",
        lambda p: pixels(p, lambda a: a | 4, "DQ"),
    )
    yield second(kind, "ERR squared", "times what ERR says", lambda p: pixels(p, np.square, "ERR"))
    yield second(
        kind,
        "SCI a hundred times larger",
        "times what ERR says",
        lambda p: pixels(p, lambda a: a * 100),
    )
    yield second(kind, "SCI of whole numbers, all BLANK", "every pixel of SCI,1 is NaN", _blank)
    yield second(kind, "BSCALE 0", "BSCALE is 0", lambda p: _scaled(p, 0.0, 0.0))
    yield second(kind, "BSCALE 1000", "times what ERR says", lambda p: _scaled(p, 1000.0, 0.0))
    yield second(kind, "BZERO 1e30", "SCI,1", lambda p: _scaled(p, 1.0, 1e30))
    for side in (1, 3):
        yield all_four(
            kind,
            f"{side} x {side} pixels in all",
            "too few for a star",
            lambda p, n=side: _cropped(p, n, n),
        )
    yield all_four(
        kind, "one row of pixels in all", "too few for a star", lambda p: _cropped(p, 1, 256)
    )
    yield second(kind, "1 x 1 pixel in one", "too few for a star", lambda p: _cropped(p, 1, 1))


def _blank(path: Path) -> None:
    def change(hdus: fits.HDUList) -> None:
        data = np.full(hdus["SCI", 1].shape, -32768, np.int16)
        hdus["SCI", 1].data = data
        hdus["SCI", 1].header["BLANK"] = -32768

    extensions(path, change)


def _scaled(path: Path, scale: float, zero: float) -> None:
    with fits.open(path, mode="update", do_not_scale_image_data=True) as hdus:
        hdus["SCI", 1].header["BSCALE"] = scale
        hdus["SCI", 1].header["BZERO"] = zero


def _cropped(path: Path, rows: int, columns: int) -> None:
    def change(hdus: fits.HDUList) -> None:
        for hdu in hdus[1:]:
            if hdu.data is not None:
                hdu.data = hdu.data[:rows, :columns].copy()

    extensions(path, change)
