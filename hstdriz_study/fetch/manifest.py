"""What lies in a folder of fetched files, and what was asked to have it: ``manifest.json``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from hstdriz_study.cache import file_checksum
from hstdriz_study.errors import DatasetError
from hstdriz_study.json_files import UnreadableError, read_json, write_json

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.fetch.settings import Question

NAME = "manifest.json"
_FORMAT = 1


def now() -> str:
    """Return the time as a manifest has it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass
class Manifest:
    """The content of a manifest; `write` keeps it.

    Attributes
    ----------
    folder : `~pathlib.Path`
    question : dict
        As `~hstdriz_study.fetch.settings.Question.content` gives it.
    filters : dict of str to dict
        By filter: ``asked`` (when), and the names of its ``exposures``.
    files : dict of str to dict
        By name below the folder: ``uri``, ``size`` in bytes, ``sha256``, ``fetched`` (when), and
        ``listed_size`` where the archive lists another.
    """

    folder: Path
    question: dict[str, Any]
    filters: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)

    def write(self) -> None:
        """Write it in one step."""
        content = {name: getattr(self, name) for name in ("question", "filters", "files")}
        write_json(self.folder / NAME, {"format": _FORMAT, **content})

    def add(self, name: str, uri: str, listed_size: int | None = None) -> None:
        """Add a file that is there, and write."""
        path = self.folder / name
        size = path.stat().st_size
        self.files[name] = {
            "uri": uri, "size": size, "sha256": file_checksum(path), "fetched": now(),
        }  # fmt: skip
        if listed_size is not None and listed_size != size:
            self.files[name]["listed_size"] = listed_size
        self.write()

    def holds(self, name: str) -> bool:
        """Tell whether a file is there as it was fetched.

        Raises
        ------
        DatasetError
            If it is there and was changed since.
        """
        path, known = self.folder / name, self.files.get(name)
        if known is None or not path.is_file():
            return False
        if (path.stat().st_size, file_checksum(path)) == (known["size"], known["sha256"]):
            return True
        raise DatasetError(
            f"{path}: is not what was fetched on {known['fetched']}, it was damaged or edited; "
            "remove it to have it fetched again, or name a directory of your own, "
            "dataset.path=DIR without dataset.mast"
        )


def read_manifest(folder: Path, question: Question) -> Manifest:
    """Read what lies in a folder; of a new one nothing does.

    Raises
    ------
    DatasetError
        If it holds the answer to another question, or no manifest of ours.
    """
    path = folder / NAME
    if not path.is_file():
        return Manifest(folder, question.content())
    try:
        content = read_json(path)
        kept = Manifest(folder, *(dict(content[name]) for name in ("question", "filters", "files")))
    except (UnreadableError, KeyError, TypeError, ValueError):
        raise DatasetError(
            f"{path}: no manifest of fetched files; remove it to have the files beside it "
            "compared with the archive's again, or name another directory, dataset.path=DIR"
        ) from None
    if kept.question != question.content():
        asked = ", ".join(f"{name} {value}" for name, value in kept.question.items() if value)
        raise DatasetError(
            f"dataset.path={folder}: holds the answer to another question ({asked}); name another "
            "directory, or none: each question then has its own"
        )
    return kept
