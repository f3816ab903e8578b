"""Files that are none, no FITS, cut off or packed wrongly."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tests.hostile.edits import (
    boundaries,
    cut,
    tiled,
    zipped,
)
from tests.hostile.rows import BrokenInput, all_four, second

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.hostile.rows import Spoil


def _instead(make: Spoil) -> Spoil:
    """Put something else in the place of a file."""

    def replaced(path: Path) -> None:
        path.unlink()
        make(path)

    return replaced


def no_file() -> Iterator[BrokenInput]:
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
        yield second(kind, what, said, _instead(make))


# --- no FITS ----------------------------------------------------------------------------------


def not_fits() -> Iterator[BrokenInput]:
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
        yield second(kind, what, "not a complete FITS file", lambda p, c=content: p.write_bytes(c))


def truncated() -> Iterator[BrokenInput]:
    kind = "cut off"
    for part in ("PRIMARY,1", "SCI,1", "ERR,1", "DQ,1"):
        for what, offset in (("in the header of", -100), ("behind the header of", 0)):
            said = "no SCI data" if (part, offset) == ("PRIMARY,1", 0) else "not a complete FITS"
            yield second(
                kind, f"{what} {part}", said,
                lambda p, part=part, n=offset: cut(p, boundaries(p)[f"header of {part}"] + n),
            )  # fmt: skip
    for part in ("SCI,1", "ERR,1", "DQ,1"):
        for what, offset in (("in the pixels of", -4000), ("one byte before the end of", -1)):
            yield second(
                kind, f"{what} {part}", "not a complete FITS file",
                lambda p, part=part, n=offset: cut(p, boundaries(p)[f"data of {part}"] + n),
            )  # fmt: skip
    yield second(kind, "behind SCI,1", "ERR,1 is not there",
                  lambda p: cut(p, boundaries(p)["data of SCI,1"]))  # fmt: skip
    yield second(kind, "behind ERR,1", "DQ,1 is not there",
                  lambda p: cut(p, boundaries(p)["data of ERR,1"]))  # fmt: skip


def packed() -> Iterator[BrokenInput]:
    kind = "packed"
    whole = "not a complete FITS file"
    for part in (0.0, 0.001, 0.5, 0.999):
        yield second(kind, f"{100 * part:g} % of a .fits.gz", whole, lambda p, n=part: zipped(p, n))
    for part in (0.0, 0.01, 0.5, 0.98):
        yield second(kind, f"{100 * part:g} % of a .fits.fz", whole, lambda p, n=part: tiled(p, n))

    def page(path: Path) -> None:
        path.write_text("<html>404</html>")
        zipped(path)

    yield second(kind, "a page of HTML in a .fits.gz", whole, page)
    yield second(kind, "text named .fits.gz", whole,
                  lambda p: p.replace(p.with_name(f"{p.name}.gz")).write_text("text"))  # fmt: skip
    yield all_four(kind, "all by bzip2", "unpack them",
               lambda p: p.replace(p.with_name(f"{p.name}.bz2")))  # fmt: skip
