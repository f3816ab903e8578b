"""The one door to a user's FITS file: whatever is wrong with it, one sentence comes out."""

from __future__ import annotations

import gzip
import warnings
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits

from hstdriz_study.errors import DatasetError, first_line, trouble_of_the_disk
from hstdriz_study.names import shown
from hstdriz_study.overrides import excluding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BLOCK_BYTES = 1 << 20
_FITS, _GZIP = b"SIMPLE", b"\x1f\x8b"


@contextmanager
def opened(path: Path) -> Iterator[fits.HDUList]:
    """Open an exposure with all its headers read; it is only read.

    Raises
    ------
    DatasetError
        If it is no file, cannot be read, or is no complete FITS file.
    """
    _check_is_file(path)
    with _open(path) as hdus:
        yield hdus


def _open(path: Path) -> fits.HDUList:
    try:
        _check_begin(path)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            hdus = fits.open(path, lazy_load_hdus=False)
    except DatasetError:
        raise
    except PermissionError as error:
        raise DatasetError(
            f"{path}: cannot be read ({error.strerror}); change its permissions or {drop(path)}"
        ) from None
    except Exception as error:
        if trouble_of_the_disk(error):
            raise
        # a malformed file makes astropy raise anything, TypeError and VerifyError among it
        raise incomplete(path, f"its headers cannot be read: {first_line(error)}") from None
    if why := _why_not_whole(path, hdus, [str(one.message) for one in caught]):
        hdus.close()
        raise incomplete(path, why)
    return hdus


def _why_not_whole(path: Path, hdus: fits.HDUList, warned: list[str]) -> str:
    """Say what astropy has left out of a file, mostly without a word; empty of a whole one."""
    if not isinstance(hdus[0], fits.PrimaryHDU):
        return "its first header is not that of a FITS file"
    if not all(hasattr(hdu, "fileinfo") for hdu in hdus):  # of one it cannot read
        return "one of its headers cannot be read"
    for told, why in (("truncated", ""), ("non-ASCII", "its headers hold bytes not of ASCII")):
        if found := next((one for one in warned if told in one), ""):
            return why or found
    return "its last header is cut off" if _has_rest(path, hdus) else ""


def check_cards(path: Path, hdus: fits.HDUList) -> None:
    """Refuse a card that cannot be read, wherever: updatewcs could not write its header again.

    Raises
    ------
    DatasetError
        Naming the keyword.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for number, hdu in enumerate(hdus):
            for card in hdu.header.cards:
                _check_card(path, f"header {number}" if number else "primary header", card)
    if any("non-ASCII" in str(one.message) for one in caught):
        raise incomplete(path, "its headers hold bytes not of ASCII")


def _check_card(path: Path, where: str, card: fits.Card) -> None:
    try:
        _ = card.value
    except (fits.VerifyError, ValueError):
        raise DatasetError(
            f"{path}: {where}: the card of {shown(card.keyword)} cannot be read; download it again "
            f"or {drop(path)}"
        ) from None


def pixels_of(path: Path, hdus: fits.HDUList, name: str, version: int) -> np.ndarray:
    """Return the pixels of an extension of an opened file.

    Raises
    ------
    DatasetError
        If they cannot be unpacked or scaled.
    """
    try:
        return np.asarray(hdus[name, version].data)
    except Exception as error:
        if trouble_of_the_disk(error):
            raise
        raise incomplete(path, f"{name},{version}: {first_line(error)}") from None


def incomplete(path: Path, why: str) -> DatasetError:
    """Return the refusal of a file that is not whole."""
    return DatasetError(
        f"{path}: not a complete FITS file ({why.rstrip('.')}); download it again or {drop(path)}"
    )


def drop(path: Path) -> str:
    """Say how an exposure is left out."""
    return f"drop it with {excluding([path.name])}"


def _check_is_file(path: Path) -> None:
    """Refuse what cannot be opened as a file; who opens a pipe waits for ever."""
    if path.is_file():
        return
    kinds = (
        ("a directory", path.is_dir()),
        ("a pipe, a socket or a device", path.exists()),
        ("a link to nothing", path.is_symlink()),
        ("gone", True),
    )
    kind = next(words for words, so in kinds if so)
    raise DatasetError(f"{path}: is {kind}, not a file; put the exposure there or {drop(path)}")


def _check_begin(path: Path) -> None:
    """Say of a file that is something else what it looks like."""
    with path.open("rb") as stream:
        begin = stream.read(len(_FITS))
    if begin.startswith(_GZIP):
        begin = _begin_unpacked(path)
    if begin != _FITS:
        raise incomplete(path, _looks_like(begin))


def _begin_unpacked(path: Path) -> bytes:
    """Unpack all of a file, for astropy takes one that ends early for a shorter one."""
    try:
        with gzip.open(path) as stream:
            begin = stream.read(len(_FITS))
            while stream.read(_BLOCK_BYTES):
                pass
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise incomplete(path, f"gzip cannot unpack it: {first_line(error)}") from None
    return begin


def _looks_like(begin: bytes) -> str:
    if not begin:
        return "it is empty"
    if begin.lstrip()[:1] == b"<":
        return "it is a page of HTML or XML, as servers send one instead of a file"
    return "it does not begin with SIMPLE"


def _has_rest(path: Path, hdus: fits.HDUList) -> bool:
    """Tell whether more than padding follows what astropy has read: a header that is cut off."""
    last = hdus[-1].fileinfo()
    if last is None or path.suffix.lower() == ".gz":
        return False
    with path.open("rb") as stream:
        if stream.read(len(_GZIP)) == _GZIP:
            return False
        stream.seek(last["datLoc"] + last["datSpan"])
        return bool(stream.read(_BLOCK_BYTES).strip(b"\0 "))
