"""Extensions and cards that are not those of an exposure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits

from tests.hostile.edits import (
    SCIENCE,
    extensions,
    keyword,
    pixels,
    raw_card,
    value_card,
    without,
)
from tests.hostile.rows import BrokenInput, second

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def _header(path: Path, name: str, value: object, extension: tuple[str, int] = SCIENCE) -> None:
    """Write a card that says something else of the data than is true."""
    text = f"{value:>20}" if not isinstance(value, str) else f"'{value}'"
    value_card(path, name, text, extension)


def _renamed(path: Path, name: str, extension: tuple[str, int] = SCIENCE) -> None:
    def change(hdus: fits.HDUList) -> None:
        hdus[extension].name = name

    extensions(path, change)


def _doubled(path: Path, name: str) -> None:
    def change(hdus: fits.HDUList) -> None:
        hdus.append(hdus[name, 1].copy())

    extensions(path, change)


def structure() -> Iterator[BrokenInput]:
    kind = "structure"
    for name in ("ERR", "DQ"):
        yield second(
            kind, f"{name} missing", f"{name},1 is not there", lambda p, n=name: without(p, n)
        )
        yield second(
            kind,
            f"{name} of another shape",
            f"{name},1 has",
            lambda p, n=name: pixels(p, lambda a: a[:-1], n),
        )
        yield second(
            kind,
            f"{name} of three axes",
            f"{name},1 is no image",
            lambda p, n=name: pixels(p, lambda a: a[None], n),
        )
    for name in ("SCI", "ERR", "DQ"):
        yield second(
            kind, f"{name} twice", f"{name},1 is there 2 times", lambda p, n=name: _doubled(p, n)
        )
    yield second(kind, "SCI missing", "no SCI data", lambda p: without(p, "SCI"))
    yield second(
        kind, "SCI of three axes", "SCI,1 is no image", lambda p: pixels(p, lambda a: a[None])
    )
    yield second(kind, "SCI of one axis", "SCI,1 is no image", lambda p: pixels(p, lambda a: a[0]))
    yield second(
        kind,
        "SCI without an EXTNAME",
        "no SCI data",
        lambda p: keyword(p, "EXTNAME", None, SCIENCE),
    )
    yield second(kind, "SCI named otherwise", "no SCI data", lambda p: _renamed(p, "SCIENCE"))
    yield second(
        kind,
        "EXTVER 2 of SCI alone",
        "ERR,2 is not there",
        lambda p: keyword(p, "EXTVER", 2, SCIENCE),
    )
    yield second(
        kind,
        "EXTVER a text",
        "ERR,one is not there, beside SCI,one",
        lambda p: _header(p, "EXTVER", "one"),
    )
    yield second(
        kind, "EXTVER negative", "is not there", lambda p: keyword(p, "EXTVER", -1, SCIENCE)
    )
    yield second(kind, "SCI is a table", "SCI,1 is no image", _table_named_sci)
    for value, said in (
        (-1, "not a complete FITS file"),
        (10**6, "truncated"),
        (10**12, "not a complete FITS"),
    ):
        yield second(kind, f"NAXIS1 {value} of the same data", said,
                      lambda p, v=value: _header(p, "NAXIS1", v))  # fmt: skip
    yield second(
        kind,
        "NAXIS 0 of the same data",
        "not a complete FITS file",
        lambda p: _header(p, "NAXIS", 0),
    )
    yield second(
        kind, "NAXIS 999", "its headers cannot be read", lambda p: _header(p, "NAXIS", 999)
    )
    yield second(kind, "BITPIX 7", "not a complete FITS file", lambda p: _header(p, "BITPIX", 7))
    yield second(
        kind, "XTENSION garbage", "SCI,1 is no image", lambda p: _header(p, "XTENSION", "IMAGINE")
    )
    yield second(
        kind,
        "DQ of floating point",
        "DQ,1 holds no flags: BITPIX is -32",
        lambda p: pixels(p, lambda a: a.astype(np.float32) + 0.5, "DQ"),
    )
    yield second(
        kind, "BITPIX a text", "its headers cannot be read", lambda p: _header(p, "BITPIX", "-32")
    )


def _table_named_sci(path: Path) -> None:
    def change(hdus: fits.HDUList) -> None:
        column = fits.Column("X", "E", array=np.zeros(5))
        hdus[1] = fits.BinTableHDU.from_columns([column], name="SCI", ver=1)

    extensions(path, change)


# --- cards ------------------------------------------------------------------------------------


def cards() -> Iterator[BrokenInput]:
    kind = "cards"
    yield second(
        kind,
        "a letter in FILTER that is not of ASCII",
        "bytes not of ASCII",
        lambda p: raw_card(p, "FILTER", b"FILTER  = 'F1\xe960W'"),
    )
    yield second(
        kind,
        "NUL in FILTER",
        "the card of FILTER cannot be read",
        lambda p: raw_card(p, "FILTER", b"FILTER  = 'F1\x0060W'"),
    )
    yield second(
        kind,
        "escape codes of a terminal in FILTER",
        "the card of FILTER cannot be read",
        lambda p: raw_card(p, "FILTER", b"FILTER  = '\x1b[31mF160W'"),
    )
    yield second(
        kind,
        "SIMPLE = F",
        "its first header is not that of a FITS file",
        lambda p: raw_card(p, "SIMPLE", b"SIMPLE  =                    F"),
    )
    yield second(
        kind,
        "NAXIS of the primary header a text",
        "its headers cannot be read",
        lambda p: raw_card(p, "NAXIS", b"NAXIS   = 'none'"),
    )
    yield second(
        kind, "EXTNAME a number", "no SCI data", lambda p: value_card(p, "EXTNAME", "7", SCIENCE)
    )
