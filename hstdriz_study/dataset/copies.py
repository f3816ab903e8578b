"""From a user's file, packed or plain and of any name, to a plain copy with a name of ours."""

from __future__ import annotations

import gzip
import re
import shutil
from collections import defaultdict
from typing import TYPE_CHECKING

from astropy.io import fits

from hstdriz_study.errors import DatasetError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

COPIES_MARK = ".exposure-copies"
"""Stands in a directory whose exposures are copies: they are no exposures of a directory above."""

_PACKED = re.compile(r"\.(gz|fz)$", re.IGNORECASE)
_NAME = re.compile(r"(?P<root>.+)(?P<suffix>_fl[tc]\.fits)", re.IGNORECASE)
# AstroDrizzle and stwcs take these for a pattern, a list or a variable, and ASCII letters alone.
_READ_OTHERWISE = re.compile(r"[^ -~]|[*?\[\],@$]")


def copy_name(path: Path) -> str:
    """Return the name of an exposure's copy: its own, but plain, and such as AstroDrizzle takes.

    The suffix is in lower case, without that of the packing; what AstroDrizzle would read as
    something else is a low line.
    """
    plain = _PACKED.sub("", path.name)
    match = _NAME.fullmatch(plain)
    named = match["root"] + match["suffix"].lower() if match else plain
    return _READ_OTHERWISE.sub("_", named)


def check_copy_names(paths: Iterable[Path]) -> None:
    """Refuse different files whose copies would have one name.

    Raises
    ------
    DatasetError
        Naming them.
    """
    groups: dict[str, list[Path]] = defaultdict(list)
    for path in paths:
        groups[copy_name(path).lower()].append(path)
    for same in groups.values():
        if len(same) > 1:
            raise DatasetError(
                f"{' and '.join(map(str, same))}: their copies would have one name, "
                f"{copy_name(same[0])}; rename all but one, or leave them out with dataset.exclude"
            )


def needs_unpacking(path: Path) -> bool:
    """Tell whether an exposure needs more than to be copied under its own name."""
    return copy_name(path) != path.name or _is_zipped(path)


def _is_zipped(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        return stream.read(2) == b"\x1f\x8b"


# The product script holds the text of the function below: it needs nothing but gzip, shutil,
# astropy.io.fits and pathlib.Path.


def unpack(copy: Path) -> None:
    """Unpack a copy of an exposure that gzip or fpack packed, in place, whatever its name."""
    other = copy.with_suffix(".unpacked")
    with copy.open("rb") as stream:
        zipped = stream.read(2) == b"\x1f\x8b"
    if zipped:
        with gzip.open(copy) as stream, other.open("wb") as plain:
            shutil.copyfileobj(stream, plain)
        other.replace(copy)
    with copy.open("rb") as stream:
        if stream.read(6) != b"SIMPLE":
            return
    with fits.open(copy) as hdus:
        packed = [isinstance(hdu, fits.CompImageHDU) for hdu in hdus]
        if any(packed):
            plain_hdus = [
                fits.ImageHDU(hdu.data, hdu.header) if one else hdu
                for hdu, one in zip(hdus, packed, strict=True)
            ]
            fits.HDUList(plain_hdus).writeto(other, output_verify="silentfix")
    if any(packed):
        other.replace(copy)
