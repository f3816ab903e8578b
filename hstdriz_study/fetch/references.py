"""From fetched exposures to the calibration files that they name, beside them."""

from __future__ import annotations

import os
import re
import shlex
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study.fetch.crds_files import OBSERVATORY, NotHadError, fetch_reference
from hstdriz_study.fetch.whole import why_not_whole
from hstdriz_study.prepare.references import named_references

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hstdriz_study.fetch.manifest import Manifest
    from hstdriz_study.fetch.settings import FetchSettings

FOLDER = "references"
# A file in a variable's directory; another value is no name for a file of ours.
_NAMED = re.compile(r"(?P<variable>[a-z]ref)\$(?P<name>[\w-][\w.-]*)")


def fetched_references(folder: Path) -> dict[str, Path]:
    """Return the directories of calibration files beside fetched exposures, by ``iref``, ``jref``.

    Parameters
    ----------
    folder : `~pathlib.Path`
        Of the exposures.
    """
    return {path.name: path for path in (folder / FOLDER).glob("?ref") if path.is_dir()}


def wanted_references(
    exposures: Iterable[Path], keywords: Iterable[str], set_dirs: Mapping[str, Path]
) -> dict[str, str]:
    """Return the calibration files that are to lie beside the exposures.

    Those of a variable whose directory the user has set are the user's: where the environment
    sets it, if the directory has all of them.

    Parameters
    ----------
    exposures : iterable of `~pathlib.Path`
    keywords : iterable of str
        Of their primary headers.
    set_dirs : mapping of str to `~pathlib.Path`
        By ``filter.jref`` and ``filter.iref``.

    Returns
    -------
    dict of str to str
        The keyword of each, by its name below the folder of the exposures.
    """
    by_variable: dict[str, dict[str, str]] = defaultdict(dict)
    for _, keyword, value in named_references(exposures, keywords):
        named = _NAMED.fullmatch(value)
        if named and named["variable"] not in set_dirs:
            by_variable[named["variable"]][named["name"]] = keyword
    return {
        f"{FOLDER}/{variable}/{name}": keyword
        for variable, names in by_variable.items()
        if not _has_all(os.environ.get(variable), names)
        for name, keyword in names.items()
    }


def _has_all(directory: str | None, names: Iterable[str]) -> bool:
    return directory is not None and all(
        (Path(directory).expanduser() / name).is_file() for name in names
    )


def fetch_references(
    wanted: Mapping[str, str], manifest: Manifest, settings: FetchSettings
) -> list[str]:
    """Fetch the calibration files that are not there; say of each that is not had how it can be.

    Parameters
    ----------
    wanted : mapping of str to str
        As `wanted_references` returns it.
    manifest : `~hstdriz_study.fetch.manifest.Manifest`
    settings : `~hstdriz_study.fetch.settings.FetchSettings`

    Returns
    -------
    list of str
        A sentence a file.
    """
    told = []
    for file, keyword in sorted(wanted.items()):
        place = settings.folder / file
        try:
            if not manifest.holds(file):
                _have(place, settings)
                manifest.add(file, f"crds://{OBSERVATORY}/{place.name}")
        except NotHadError as error:
            told.append(
                f"{keyword} {place.name} could not be had: {error}; {_command(place, settings)}"
            )
    return told


def _have(place: Path, settings: FetchSettings) -> None:
    """Fetch a calibration file unless somebody has put it there, whole."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if not place.is_file():
        fetch_reference(place.name, place, settings.crds, settings.patience)
    elif lacking := why_not_whole(place):
        raise NotHadError(f"what is there is not whole, {lacking}")


def _command(place: Path, settings: FetchSettings) -> str:
    source = f"{settings.crds.server}/unchecked_get/references/{OBSERVATORY}/{place.name}"
    return f"curl --fail -o {shlex.quote(str(place))} {source}"
