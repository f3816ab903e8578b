"""From a product of the archive to its bytes in a file aside, going on where it broke off."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from hstdriz_study.fetch.attempts import PassingError
from hstdriz_study.fetch.http import check_status, passing
from hstdriz_study.json_files import UnreadableError, read_json, write_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from requests import Response

_BLOCK_BYTES = 1 << 16  # one that is not full is lost with the connection
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


@dataclass(frozen=True)
class Part:
    """A file that is on its way, and beside it what it is a part of.

    Attributes
    ----------
    path : `~pathlib.Path`
        Hidden, so that nobody takes it for an exposure.
    """

    path: Path

    @classmethod
    def of(cls, place: Path) -> Part:
        """Return the part of what is to be somewhere."""
        return cls(place.with_name(f".{place.name}.part"))

    @property
    def size(self) -> int:
        """How many bytes are there."""
        return self.path.stat().st_size if self.path.is_file() else 0

    @property
    def _note(self) -> Path:
        return self.path.with_name(f"{self.path.name}.json")

    def version(self) -> dict[str, Any]:
        """Return what the server said of the whole: ``total`` bytes, ``validator``, ``uri``."""
        try:
            known: dict[str, Any] = read_json(self._note) if self._note.is_file() else {}
        except UnreadableError:
            return {}
        return known

    def begin(self, version: dict[str, Any]) -> None:
        """Forget what is there, and note what comes."""
        self.path.unlink(missing_ok=True)
        write_json(self._note, version)

    def forget(self) -> None:
        """Remove it."""
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

    def put(self, place: Path) -> None:
        """Put it into its place, on the disk."""
        with self.path.open("rb") as stream:
            os.fsync(stream.fileno())
        self.path.replace(place)
        self._note.unlink(missing_ok=True)
        directory = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def transfer(
    server: str, uri: str, part: Part, silence_s: float, came: Callable[[int], None]
) -> int | None:
    """Make one attempt to have what is missing of a file.

    Parameters
    ----------
    server : str
        Of the archive, ``https://mast.stsci.edu``.
    uri : str
        Of the product.
    part : `Part`
    silence_s : float
        Seconds without a byte that end the attempt.
    came : callable
        Is told how many bytes are there, now and then.

    Returns
    -------
    int or None
        How many bytes the server says it has; None where it does not say.

    Raises
    ------
    PassingError
        If the connection broke off, or the server is not well; what came is kept.
    DatasetError
        If the server refuses.
    """
    import requests

    known = part.version()
    if known.get("uri") != uri:
        part.forget()
    try:
        with requests.get(
            f"{server}/api/v0.1/Download/file",
            params={"uri": uri},
            headers=_asking_for_the_rest(part, known),
            stream=True,
            timeout=silence_s,
        ) as response:
            return _receive(response, uri, part, came)
    except requests.RequestException as error:
        raise passing(error, _WHO) from error


_WHO = "the archive"


def _asking_for_the_rest(part: Part, known: dict[str, Any]) -> dict[str, str]:
    plain = {"Accept-Encoding": "identity"}  # bytes are counted as they are in the file
    if not part.size:
        return plain
    rest = {"Range": f"bytes={part.size}-"}
    return plain | rest | ({"If-Range": known["validator"]} if known.get("validator") else {})


def _receive(response: Response, uri: str, part: Part, came: Callable[[int], None]) -> int | None:
    if response.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        part.forget()
        raise PassingError("what was there of it is of another file; it is begun anew")
    check_status(response, _WHO)
    total = _total(response)
    version = {"uri": uri, "total": total, "validator": _validator(response)}
    if not _is_the_rest(response, part, total):
        part.begin(version)
    came(part.size)
    with part.path.open("ab") as stream:
        for block in response.iter_content(_BLOCK_BYTES):
            stream.write(block)
            came(stream.tell())
    if total is not None and part.size != total:
        raise PassingError(f"{part.size} of {total} bytes came")
    return total


def _is_the_rest(response: Response, part: Part, total: int | None) -> bool:
    """Tell whether an answer goes on where the part ends; a server may send all of it again.

    Raises
    ------
    PassingError
        If it is a piece of something else.
    """
    if response.status_code != HTTPStatus.PARTIAL_CONTENT:
        return False
    said = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
    if said is None or int(said[1]) != part.size or part.version().get("total") != total:
        part.forget()
        raise PassingError("the archive sent another piece than was asked for; it is begun anew")
    return True


def _total(response: Response) -> int | None:
    if response.status_code == HTTPStatus.PARTIAL_CONTENT:
        said = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        return int(said[2]) if said else None
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isdigit() else None


def _validator(response: Response) -> str:
    """Return what ``If-Range`` may name: a strong tag, or a date."""
    tag = response.headers.get("ETag", "")
    return tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified", "")
