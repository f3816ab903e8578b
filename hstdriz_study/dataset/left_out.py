"""From a user's directory to the exposures in it that are left out for their names or places."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study.names import shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from hstdriz_study.contracts import Exposure

SUFFIXES = ("_flt.fits", "_flc.fits")
_EXPOSURE = re.compile(
    r"(?P<root>.+)(?P<suffix>_fl[tc]\.fits)(?P<packing>\.(?:gz|fz|bz2|xz|z|zip))?", re.IGNORECASE
)
# As deep as the archive's own downloads, mastDownload/HST/<rootname>.
_DEPTH = 3
# Kind of file (*_flt.fits.gz), what is to be done with it, and whether it lies in a folder below.
_Kind = tuple[str, str, bool]


def root_of(name: str) -> str:
    """Return what stands before ``_flt`` or ``_flc`` in the name of an exposure, lower case."""
    match = _EXPOSURE.fullmatch(name)
    return (match["root"] if match else name).lower()


def overlooked(directory: Path, known: AbstractSet[str]) -> str | None:
    """Describe the exposures that are packed, named in capitals or lie in folders below.

    Parameters
    ----------
    directory : `~pathlib.Path`
    known : set of str
        Names of files, or what stands in them before ``_flt``, all lower case:
        they are taken, or left out on purpose. Their copies, such as a product
        script leaves behind, are not told.

    Returns
    -------
    str or None
        Each kind of file, how many there are, where, and what to do; None without any.
    """
    found: dict[_Kind, list[Path]] = defaultdict(list)
    for path in _files(directory):
        match = _EXPOSURE.fullmatch(path.name)
        if match and known.isdisjoint((path.name.lower(), match["root"].lower())):
            kind = _kind(match, below=path.parent != directory)
            if kind[1]:
                found[kind].append(path.relative_to(directory))
    return "; ".join(_described(kind, paths) for kind, paths in sorted(found.items())) or None


def without_effect(directory: Path, exclude: Iterable[str]) -> tuple[str, ...]:
    """Say which names in ``dataset.exclude`` are of no exposure in a directory or below it."""
    names = {path.name.lower() for path in _files(directory) if _EXPOSURE.fullmatch(path.name)}
    known = names | {root_of(name) for name in names}
    return tuple(
        f"dataset.exclude: {shown(name)} is the name of no exposure in {directory}; it leaves "
        "nothing out"
        for name in exclude
        if name.lower() not in known
    )


def _files(directory: Path) -> Iterator[Path]:
    """Give the files of a directory and of the folders below that are not hidden."""
    for where, folders, names in os.walk(directory):
        here = Path(where)
        deep = len(here.relative_to(directory).parts) == _DEPTH
        folders[:] = [] if deep else sorted(name for name in folders if not name.startswith("."))
        yield from (here / name for name in sorted(names))


def _kind(match: re.Match[str], *, below: bool) -> _Kind:
    """Say what sets a file apart from those that are taken."""
    suffix, packing = match["suffix"], match["packing"] or ""
    cures = (
        ("unpack them", bool(packing)),
        ("rename them in lower case", suffix != suffix.lower()),
        ("move them into dataset.path", below),
    )
    return f"*{suffix}{packing}", " and ".join(cure for cure, needed in cures if needed), below


def _described(kind: _Kind, paths: list[Path]) -> str:
    name, cure, below = kind
    others = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    where = " in folders below" if below else ""
    return f"{len(paths)} {name}{where} ({paths[0]}{others}): {cure}"


def uncorrected(exposures: Iterable[Exposure], left_out: Collection[str]) -> str | None:
    """Tell of the flt files that the flc files of the same exposures stand in for.

    Parameters
    ----------
    exposures : iterable of `~hstdriz_study.contracts.Exposure`
        Those that are taken.
    left_out : collection of str
        What the user leaves out, lower case.
    """
    beside = [
        sibling.name
        for path in (exposure.path for exposure in exposures)
        if path.name.endswith("_flc.fits")
        and (sibling := path.with_name(path.name.replace("_flc.fits", "_flt.fits"))).is_file()
        and sibling.name.lower() not in left_out
    ]
    if not beside:
        return None
    others = f" and {len(beside) - 1} more" if len(beside) > 1 else ""
    return (
        f"{len(beside)} *_flt.fits are left out ({beside[0]}{others}), for the *_flc.fits of the "
        "same exposures, corrected for charge transfer, are taken"
    )
