"""Sets of exposures that cannot be used, by kind."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits

from tests.hostile.edits import (
    SCIENCE,
    boundaries,
    cut,
    everywhere,
    extensions,
    keyword,
    pixels,
    raw_card,
    tiled,
    value_card,
    without,
    zipped,
)
from tests.hostile.rows import BrokenInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    Spoil = Callable[[Path], object]


def _second(kind: str, what: str, said: str, spoil: Spoil) -> BrokenInput:
    """Break the second exposure alone."""
    return BrokenInput(kind, what, said, lambda paths: spoil(paths[1]))


def _all(kind: str, what: str, said: str, spoil: Spoil) -> BrokenInput:
    """Break all four alike, and name none."""
    return BrokenInput(
        kind, what, said, lambda paths: [spoil(path) for path in paths], names_file=False
    )


def _set(kind: str, what: str, said: str, spoil: Callable[[Sequence[Path]], object],
         *, names_file: bool = True) -> BrokenInput:  # fmt: skip
    return BrokenInput(kind, what, said, spoil, names_file)


# --- no file ----------------------------------------------------------------------------------


def _instead(make: Spoil) -> Spoil:
    """Put something else in the place of a file."""

    def replaced(path: Path) -> None:
        path.unlink()
        make(path)

    return replaced


def _no_file() -> Iterator[BrokenInput]:
    kind = "no file"
    for what, said, make in (
        (
            "a directory with the name of an exposure",
            "a directory, not a file",
            lambda p: p.mkdir(),
        ),
        ("a pipe", "a pipe, a socket or a device", os.mkfifo),
        ("a link to a device", "a pipe, a socket or a device", lambda p: p.symlink_to("/dev/zero")),
        ("a link to nothing", "a link to nothing", lambda p: p.symlink_to("nowhere.fits")),
        ("a link to itself", "a link to nothing", lambda p: p.symlink_to(p.name)),
        ("a link to its directory", "a directory, not a file", lambda p: p.symlink_to(p.parent)),
    ):
        yield _second(kind, what, said, _instead(make))


# --- no FITS ----------------------------------------------------------------------------------


def _not_fits() -> Iterator[BrokenInput]:
    kind = "not FITS"
    page = b"<!DOCTYPE html><html><body>503 Service Unavailable</body></html>\n"
    contents = (
        ("no byte", b""),
        ("one byte", b"S"),
        ("a page of HTML, as a server's error is saved", page),
        ("a block of blanks", b" " * 2880),
        ("a block of NUL", bytes(2880)),
        ("text", b"not a FITS file\n" * 500),
        ("a picture", b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20),
        ("SIMPLE and nothing else", b"SIMPLE  =                    T"),
        ("a header without END", (b"SIMPLE  =                    T".ljust(80) * 36)),
        ("the sign of gzip and noise", b"\x1f\x8b" + bytes(range(256)) * 20),
    )
    for what, content in contents:
        yield _second(kind, what, "not a complete FITS file", lambda p, c=content: p.write_bytes(c))


def _truncated() -> Iterator[BrokenInput]:
    kind = "cut off"
    for part in ("PRIMARY,1", "SCI,1", "ERR,1", "DQ,1"):
        for what, offset in (("in the header of", -100), ("behind the header of", 0)):
            said = "no SCI data" if (part, offset) == ("PRIMARY,1", 0) else "not a complete FITS"
            yield _second(
                kind, f"{what} {part}", said,
                lambda p, part=part, n=offset: cut(p, boundaries(p)[f"header of {part}"] + n),
            )  # fmt: skip
    for part in ("SCI,1", "ERR,1", "DQ,1"):
        for what, offset in (("in the pixels of", -4000), ("one byte before the end of", -1)):
            yield _second(
                kind, f"{what} {part}", "not a complete FITS file",
                lambda p, part=part, n=offset: cut(p, boundaries(p)[f"data of {part}"] + n),
            )  # fmt: skip
    yield _second(kind, "behind SCI,1", "ERR,1 is not there",
                  lambda p: cut(p, boundaries(p)["data of SCI,1"]))  # fmt: skip
    yield _second(kind, "behind ERR,1", "DQ,1 is not there",
                  lambda p: cut(p, boundaries(p)["data of ERR,1"]))  # fmt: skip


def _packed() -> Iterator[BrokenInput]:
    kind = "packed"
    whole = "not a complete FITS file"
    for part in (0.0, 0.001, 0.5, 0.999):
        yield _second(
            kind, f"{100 * part:g} % of a .fits.gz", whole, lambda p, n=part: zipped(p, n)
        )
    for part in (0.0, 0.01, 0.5, 0.98):
        yield _second(kind, f"{100 * part:g} % of a .fits.fz", whole, lambda p, n=part: tiled(p, n))

    def page(path: Path) -> None:
        path.write_text("<html>404</html>")
        zipped(path)

    yield _second(kind, "a page of HTML in a .fits.gz", whole, page)
    yield _second(kind, "text named .fits.gz", whole,
                  lambda p: p.replace(p.with_name(f"{p.name}.gz")).write_text("text"))  # fmt: skip
    yield _all(kind, "all by bzip2", "unpack them",
               lambda p: p.replace(p.with_name(f"{p.name}.bz2")))  # fmt: skip


# --- other files of the archive ---------------------------------------------------------------


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


def _products() -> Iterator[BrokenInput]:
    kind = "another file of the archive"
    yield _second(kind, "a drizzled product (SCI, WHT, CTX)", "ERR,1 is not there", _drizzled)
    yield _second(kind, "a raw file (ERR and DQ without pixels)", "has no pixels (NAXIS 0)", _raw)
    yield _second(kind, "a support file (spt)", "no SCI data", _support)
    yield _second(kind, "an association table (asn)", "no SCI data", _table)
    yield _second(kind, "an image in the primary HDU", "no SCI data", _primary_image)
    yield _all(kind, "raw files alone", "holds no *_flt.fits or *_flc.fits",
               lambda p: p.replace(p.with_name(p.name.replace("_flt", "_raw"))))  # fmt: skip
    yield _second(
        kind,
        "of another telescope",
        "TELESCOP is JWST, not HST",
        lambda p: keyword(p, "TELESCOP", "JWST"),
    )
    yield _second(
        kind, "of no telescope", "TELESCOP is missing", lambda p: keyword(p, "TELESCOP", None)
    )


# --- keywords ---------------------------------------------------------------------------------

_WRONG_NUMBERS = (
    ("missing", None, "is not there"),
    ("a text", "long", "is long, not a number"),
    ("true", True, "is True, not a number"),
    ("empty", "", "is not there"),
)


def _keywords() -> Iterator[BrokenInput]:
    kind = "primary header"
    for name in ("EXPTIME", "EXPSTART"):
        for what, value, said in _WRONG_NUMBERS:
            yield _second(kind, f"{name} {what}", f"{name} {said}",
                          lambda p, n=name, v=value: keyword(p, n, v))  # fmt: skip
    for value in (0.0, -3.5, 1e9):
        yield _second(kind, f"EXPTIME {value:g}", f"EXPTIME is {value:g}",
                      lambda p, v=value: keyword(p, "EXPTIME", v))  # fmt: skip
    for name, value in (("EXPTIME", "NaN"), ("EXPTIME", "inf"), ("EXPSTART", "1.0E999")):
        yield _second(kind, f"{name} {value}", name, lambda p, n=name, v=value: value_card(p, n, v))
    for name in ("ROOTNAME", "INSTRUME", "DETECTOR", "FILTER"):
        yield _second(kind, f"{name} missing", "there", lambda p, n=name: keyword(p, n, None))
        yield _second(
            kind,
            f"{name} unreadable",
            f"the card of {name} cannot be read",
            lambda p, n=name: value_card(p, n, "'open"),
        )
    for name in ("INSTRUME", "DETECTOR", "FILTER"):
        yield _second(
            kind,
            f"{name} blank",
            f"{name} is '', not a name",
            lambda p, n=name: keyword(p, n, "   "),
        )
        yield _second(
            kind, f"{name} a number", f"{name} is 7, not a name", lambda p, n=name: keyword(p, n, 7)
        )
    yield _second(
        kind, "DETECTOR misspelt", "DETECTOR is IRR", lambda p: keyword(p, "DETECTOR", "IRR")
    )
    yield _second(kind, "FILTER misspelt", "F16OW", lambda p: keyword(p, "FILTER", "F16OW"))
    yield _second(kind, "MTFLAG", "moving target", lambda p: keyword(p, "MTFLAG", "T"))
    yield _second(kind, "IDCTAB N/A", "IDCTAB is N/A", lambda p: keyword(p, "IDCTAB", "N/A"))
    yield _second(kind, "IDCTAB missing", "IDCTAB is N/A", lambda p: keyword(p, "IDCTAB", None))
    yield _second(
        kind,
        "IDCTAB that is not there",
        "is not in iref=",
        lambda p: keyword(p, "IDCTAB", "iref$gone_idc.fits"),
    )
    yield _second(
        kind,
        "IDCTAB of an unknown directory",
        "the variable zref is not set",
        lambda p: keyword(p, "IDCTAB", "zref$x_idc.fits"),
    )
    yield _second(
        kind,
        "NPOLFILE that is not there",
        "NPOLFILE",
        lambda p: keyword(p, "NPOLFILE", "iref$gone_npl.fits"),
    )


def _science_keywords() -> Iterator[BrokenInput]:
    kind = "SCI header"
    for name in ("CRPIX1", "CRPIX2", "CRVAL1", "CRVAL2", "CD1_1", "CD2_2"):
        for what, value, said in _WRONG_NUMBERS[:2]:
            yield _second(kind, f"{name} {what}", f"{name} {said}",
                          lambda p, n=name, v=value: keyword(p, n, v, SCIENCE))  # fmt: skip
    for name, value in (("CRVAL1", "NaN"), ("CRPIX1", "1.0E999"), ("CD1_1", "inf")):
        yield _second(kind, f"{name} {value}", name,
                      lambda p, n=name, v=value: value_card(p, n, v, SCIENCE))  # fmt: skip
    for name, value in (("CRVAL1", 4000.0), ("CRVAL2", 91.0), ("CRVAL2", -1e30), ("CRPIX1", 1e30)):
        yield _second(kind, f"{name} {value:g}", f"{name} is {value:g}",
                      lambda p, n=name, v=value: keyword(p, n, v, SCIENCE))  # fmt: skip
    yield _second(
        kind,
        "CD matrix of zeros",
        "no area on the sky",
        lambda p: [keyword(p, n, 0.0, SCIENCE) for n in ("CD1_1", "CD1_2", "CD2_1", "CD2_2")],
    )
    yield _second(
        kind,
        "CD matrix that is singular",
        "no area on the sky",
        lambda p: [keyword(p, n, 1e-5, SCIENCE) for n in ("CD1_1", "CD1_2", "CD2_1", "CD2_2")],
    )
    yield _second(
        kind,
        "CD matrix of degrees in a pixel",
        "pixel scales",
        lambda p: [keyword(p, n, v, SCIENCE) for n, v in (("CD1_1", 1.0), ("CD2_2", 1.0))],
    )
    yield _second(
        kind, "CTYPE1 garbage", "CTYPE1 is", lambda p: keyword(p, "CTYPE1", "XYZ", SCIENCE)
    )
    yield _second(
        kind, "CTYPE1 missing", "CTYPE1 is missing", lambda p: keyword(p, "CTYPE1", None, SCIENCE)
    )
    yield _second(
        kind,
        "CTYPE1 and CTYPE2 exchanged",
        "CTYPE1 is",
        lambda p: [
            keyword(p, "CTYPE1", "DEC--TAN", SCIENCE),
            keyword(p, "CTYPE2", "RA---TAN", SCIENCE),
        ],
    )
    for value in ("COUNTS", "DN", "JY", "ELECTRONS/HOUR"):
        yield _second(
            kind,
            f"BUNIT {value}",
            f"BUNIT is {value}",
            lambda p, v=value: keyword(p, "BUNIT", v, SCIENCE),
        )
    yield _second(
        kind,
        "BUNIT of the others missing",
        "BUNIT differs",
        lambda p: keyword(p, "BUNIT", None, SCIENCE),
    )
    yield _second(
        kind, "PHOTFLAM a text", "PHOTFLAM is", lambda p: keyword(p, "PHOTFLAM", "bright", SCIENCE)
    )
    for value in (0.0, -1e-19):
        yield _second(
            kind,
            f"PHOTFLAM {value:g}",
            "PHOTFLAM is missing or 0",
            lambda p, v=value: everywhere(p, "PHOTFLAM", v),
        )
    yield _second(kind, "NGOODPIX 0", "NGOODPIX", lambda p: keyword(p, "NGOODPIX", 0, SCIENCE))
    yield _second(
        kind, "NGOODPIX a text", "NGOODPIX is", lambda p: keyword(p, "NGOODPIX", "all", SCIENCE)
    )
    yield _second(
        kind, "CCDCHIP a text", "CCDCHIP is", lambda p: keyword(p, "CCDCHIP", "one", SCIENCE)
    )
    yield _second(
        kind, "BINAXIS1 a text", "BINAXIS1 is", lambda p: keyword(p, "BINAXIS1", "two", SCIENCE)
    )
    yield _second(
        kind,
        "CRVAL1 unreadable",
        "CRVAL1",
        lambda p: raw_card(p, "CRVAL1", b"CRVAL1  = 'open", SCIENCE),
    )


# --- structure --------------------------------------------------------------------------------


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


def _structure() -> Iterator[BrokenInput]:
    kind = "structure"
    for name in ("ERR", "DQ"):
        yield _second(
            kind, f"{name} missing", f"{name},1 is not there", lambda p, n=name: without(p, n)
        )
        yield _second(
            kind,
            f"{name} of another shape",
            f"{name},1 has",
            lambda p, n=name: pixels(p, lambda a: a[:-1], n),
        )
        yield _second(
            kind,
            f"{name} of three axes",
            f"{name},1 is no image",
            lambda p, n=name: pixels(p, lambda a: a[None], n),
        )
    for name in ("SCI", "ERR", "DQ"):
        yield _second(
            kind, f"{name} twice", f"{name},1 is there 2 times", lambda p, n=name: _doubled(p, n)
        )
    yield _second(kind, "SCI missing", "no SCI data", lambda p: without(p, "SCI"))
    yield _second(
        kind, "SCI of three axes", "SCI,1 is no image", lambda p: pixels(p, lambda a: a[None])
    )
    yield _second(kind, "SCI of one axis", "SCI,1 is no image", lambda p: pixels(p, lambda a: a[0]))
    yield _second(
        kind,
        "SCI without an EXTNAME",
        "no SCI data",
        lambda p: keyword(p, "EXTNAME", None, SCIENCE),
    )
    yield _second(kind, "SCI named otherwise", "no SCI data", lambda p: _renamed(p, "SCIENCE"))
    yield _second(
        kind,
        "EXTVER 2 of SCI alone",
        "ERR,2 is not there",
        lambda p: keyword(p, "EXTVER", 2, SCIENCE),
    )
    yield _second(
        kind,
        "EXTVER a text",
        "ERR,one is not there, beside SCI,one",
        lambda p: _header(p, "EXTVER", "one"),
    )
    yield _second(
        kind, "EXTVER negative", "is not there", lambda p: keyword(p, "EXTVER", -1, SCIENCE)
    )
    yield _second(kind, "SCI is a table", "SCI,1 is no image", _table_named_sci)
    for value, said in (
        (-1, "not a complete FITS file"),
        (10**6, "truncated"),
        (10**12, "not a complete FITS"),
    ):
        yield _second(kind, f"NAXIS1 {value} of the same data", said,
                      lambda p, v=value: _header(p, "NAXIS1", v))  # fmt: skip
    yield _second(
        kind,
        "NAXIS 0 of the same data",
        "not a complete FITS file",
        lambda p: _header(p, "NAXIS", 0),
    )
    yield _second(
        kind, "NAXIS 999", "its headers cannot be read", lambda p: _header(p, "NAXIS", 999)
    )
    yield _second(kind, "BITPIX 7", "not a complete FITS file", lambda p: _header(p, "BITPIX", 7))
    yield _second(
        kind, "XTENSION garbage", "SCI,1 is no image", lambda p: _header(p, "XTENSION", "IMAGINE")
    )
    yield _second(
        kind,
        "DQ of floating point",
        "DQ,1 holds no flags: BITPIX is -32",
        lambda p: pixels(p, lambda a: a.astype(np.float32) + 0.5, "DQ"),
    )
    yield _second(
        kind, "BITPIX a text", "its headers cannot be read", lambda p: _header(p, "BITPIX", "-32")
    )


def _table_named_sci(path: Path) -> None:
    def change(hdus: fits.HDUList) -> None:
        column = fits.Column("X", "E", array=np.zeros(5))
        hdus[1] = fits.BinTableHDU.from_columns([column], name="SCI", ver=1)

    extensions(path, change)


# --- cards ------------------------------------------------------------------------------------


def _cards() -> Iterator[BrokenInput]:
    kind = "cards"
    yield _second(
        kind,
        "a letter in FILTER that is not of ASCII",
        "bytes not of ASCII",
        lambda p: raw_card(p, "FILTER", b"FILTER  = 'F1\xe960W'"),
    )
    yield _second(
        kind,
        "NUL in FILTER",
        "the card of FILTER cannot be read",
        lambda p: raw_card(p, "FILTER", b"FILTER  = 'F1\x0060W'"),
    )
    yield _second(
        kind,
        "escape codes of a terminal in FILTER",
        "the card of FILTER cannot be read",
        lambda p: raw_card(p, "FILTER", b"FILTER  = '\x1b[31mF160W'"),
    )
    yield _second(
        kind,
        "SIMPLE = F",
        "its first header is not that of a FITS file",
        lambda p: raw_card(p, "SIMPLE", b"SIMPLE  =                    F"),
    )
    yield _second(
        kind,
        "NAXIS of the primary header a text",
        "its headers cannot be read",
        lambda p: raw_card(p, "NAXIS", b"NAXIS   = 'none'"),
    )
    yield _second(
        kind, "EXTNAME a number", "no SCI data", lambda p: value_card(p, "EXTNAME", "7", SCIENCE)
    )


# --- pixels -----------------------------------------------------------------------------------


def _pixels() -> Iterator[BrokenInput]:
    kind = "pixels"
    fill = np.full_like
    for what, value in (("NaN", np.nan), ("infinite", np.inf), ("0", 0.0), ("17", 17.0)):
        yield _second(
            kind,
            f"SCI {what} throughout",
            "of SCI,1",
            lambda p, v=value: pixels(p, lambda a: fill(a, v)),
        )
    yield _second(
        kind,
        "DQ with a flag everywhere",
        "every pixel of SCI,1 is flagged",
        lambda p: pixels(p, lambda a: a | 4, "DQ"),
    )
    yield _second(kind, "ERR squared", "times what ERR says", lambda p: pixels(p, np.square, "ERR"))
    yield _second(
        kind,
        "SCI a hundred times larger",
        "times what ERR says",
        lambda p: pixels(p, lambda a: a * 100),
    )
    yield _second(kind, "SCI of whole numbers, all BLANK", "every pixel of SCI,1 is NaN", _blank)
    yield _second(kind, "BSCALE 0", "BSCALE is 0", lambda p: _scaled(p, 0.0, 0.0))
    yield _second(kind, "BSCALE 1000", "times what ERR says", lambda p: _scaled(p, 1000.0, 0.0))
    yield _second(kind, "BZERO 1e30", "SCI,1", lambda p: _scaled(p, 1.0, 1e30))
    for side in (1, 3):
        yield _all(
            kind,
            f"{side} x {side} pixels in all",
            "too few for a star",
            lambda p, n=side: _cropped(p, n, n),
        )
    yield _all(
        kind, "one row of pixels in all", "too few for a star", lambda p: _cropped(p, 1, 256)
    )
    yield _second(kind, "1 x 1 pixel in one", "too few for a star", lambda p: _cropped(p, 1, 1))


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


# --- sets -------------------------------------------------------------------------------------


def _sets() -> Iterator[BrokenInput]:
    kind = "sets"

    def beside(
        name: str, make: Callable[[Path, Path], object]
    ) -> Callable[[Sequence[Path]], object]:
        return lambda paths: make(paths[1], paths[1].with_name(name))

    twice = "is there more than once"
    yield _set(
        kind,
        "one exposure alone",
        "only one exposure",
        lambda ps: [p.unlink() for i, p in enumerate(ps) if i != 1],
    )
    yield _set(
        kind, "none", "holds no *_flt.fits", lambda ps: [p.unlink() for p in ps], names_file=False
    )
    yield _set(kind, "a copy of other name", twice, beside("a_flt.fits", shutil.copyfile))
    yield _set(
        kind, "a link of other name", twice, beside("a_flt.fits", lambda p, q: q.symlink_to(p))
    )
    yield _set(
        kind,
        "a hard link of other name",
        twice,
        beside("a_flt.fits", lambda p, q: q.hardlink_to(p)),
    )
    yield _set(
        kind,
        "a copy packed of other name",
        twice,
        beside("a_flt.fits", lambda p, q: zipped(shutil.copyfile(p, q))),
    )
    yield _set(
        kind,
        "two hundred copies",
        twice,
        lambda ps: [(ps[1].with_name(f"c{n:03d}_flt.fits")).symlink_to(ps[1]) for n in range(200)],
        names_file=False,
    )
    yield _set(
        kind,
        "names that are one after copying",
        "their copies would have one name",
        _colliding,
        names_file=False,
    )
    yield _all(
        kind,
        "of another filter",
        "no WFC3/IR F160W exposures",
        lambda p: keyword(p, "FILTER", "F110W"),
    )
    yield _all(
        kind,
        "of another detector",
        "no WFC3/IR F160W exposures",
        lambda p: keyword(p, "DETECTOR", "UVIS"),
    )
    yield _second(
        kind,
        "another place on the sky",
        "no part of the sky",
        lambda p: keyword(p, "CRVAL2", 60.0, SCIENCE),
    )
    yield _second(
        kind,
        "another pixel scale",
        "pixel scales",
        lambda p: [keyword(p, n, 1e-4, SCIENCE) for n in ("CD1_1", "CD2_2")],
    )


def _colliding(paths: Sequence[Path]) -> None:
    paths[1].replace(paths[1].with_name("a[1_flt.fits"))
    paths[2].replace(paths[2].with_name("a]1_flt.fits"))


def all_inputs() -> list[BrokenInput]:
    """Return the whole table."""
    return [
        *_no_file(),
        *_not_fits(),
        *_truncated(),
        *_packed(),
        *_products(),
        *_keywords(),
        *_science_keywords(),
        *_structure(),
        *_cards(),
        *_pixels(),
        *_sets(),
    ]
