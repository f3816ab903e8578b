"""From a user's directory to the exposures in it that are left out for their names or places."""

from __future__ import annotations

import filecmp
import os
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study.dataset.copies import COPIES_MARK, copy_name
from hstdriz_study.names import listed, shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from hstdriz_study.contracts import Exposure

# Beside the pixels of WFPC2, _c0f or _c0m, lie its flags, _c1f or _c1m.
_EXPOSURE = re.compile(
    r"(?P<root>.+(?=_fl)|u\w{8}(?=_c0))(?P<suffix>_(?:fl[tc]|c0[fm])\.fits)"
    r"(?P<packing>\.(?:gz|fz|bz2|xz|z|zip))?",
    re.IGNORECASE,
)
_FLAGS = re.compile(
    r"(?P<root>u\w{8})(?P<suffix>_c1(?P<kind>[fm])\.fits)(?:\.(?:gz|fz|bz2|xz|z|zip))?",
    re.IGNORECASE,
)
_UNPACKED = ("", ".gz", ".fz")  # by `hstdriz_study.dataset.copies`
# As deep as the archive's own downloads, mastDownload/HST/<rootname>.
_DEPTH = 3


def root_of(name: str) -> str:
    """Return what stands before ``_flt`` or ``_flc`` in the name of an exposure, lower case."""
    match = _EXPOSURE.fullmatch(name)
    return (match["root"] if match else name).lower()


def exposure_files(directory: Path, left_out: Collection[str] = ()) -> list[Path]:
    """Find the exposures in a directory and in the folders below, as the archive leaves them.

    Of an exposure that is there again in a folder further below, or packed beside itself, the
    first is taken, as a copy is no other exposure.

    Parameters
    ----------
    directory : `~pathlib.Path`
    left_out : collection of str
        Names of files, packed or not, or what stands in them before ``_flt``, all lower case.
    """
    return sorted(path for path, first in _with_first(directory, left_out) if first is path)


def other_content(directory: Path, left_out: Collection[str]) -> str | None:
    """Say which files that are left out as copies hold something else; None without any.

    Parameters are those of `exposure_files`. What is packed is not compared with what is not.
    """
    other = [
        (path, first)
        for path, first in _with_first(directory, left_out)
        if path.suffix == first.suffix and not filecmp.cmp(path, first, shallow=False)
    ]
    if not other:
        return None
    path, first = (one.relative_to(directory) for one in other[0])
    more = f" and {len(other) - 1} more" if len(other) > 1 else ""
    return (
        f"dataset.path={directory}: left out: {shown(path)}{more}, of another content than "
        f"{shown(first)}, which is taken; keep the right one alone"
    )


def _with_first(directory: Path, left_out: Collection[str]) -> Iterator[tuple[Path, Path]]:
    """Give each exposure with the one that is taken in its place: itself, mostly."""
    found: dict[str, Path] = {}
    for path, match in _exposures(directory):
        if _packed_otherwise(match) or not _names(path, match).isdisjoint(left_out):
            continue
        first = found.setdefault(f"{match['root']}{match['suffix']}".lower(), path)
        yield path, first if _is_copy(path, first) else path


def _is_copy(path: Path, first: Path) -> bool:
    """Tell a copy in a folder further below, or packed beside the other, from one to be refused."""
    if path.parent == first.parent:
        return copy_name(path) == copy_name(first)
    return len(path.parts) > len(first.parts)


def overlooked(directory: Path, known: AbstractSet[str]) -> str | None:
    """Describe the exposures that are packed otherwise than by gzip or fpack, and lone flags.

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
    found: dict[str, list[Path]] = defaultdict(list)
    for path, match in _exposures(directory):
        if _packed_otherwise(match) and known.isdisjoint(_names(path, match)):
            found[f"*{match['suffix']}{match['packing']}"].append(path.relative_to(directory))
    told = [_described(kind, paths, "unpack them") for kind, paths in sorted(found.items())]
    return "; ".join([*told, *_lone_flags_described(directory, known)]) or None


def _lone_flags_described(directory: Path, known: AbstractSet[str]) -> Iterator[str]:
    found: dict[str, list[Path]] = defaultdict(list)
    for path, match in _lone_flags(directory):
        if known.isdisjoint(_names_of_flags(path, match)):
            found[match["kind"].lower()].append(path.relative_to(directory))
    for kind, paths in sorted(found.items()):
        cure = f"flags without the pixels, download their *_c0{kind}.fits too"
        yield _described(f"*_c1{kind}.fits", paths, cure)


def _lone_flags(directory: Path) -> Iterator[tuple[Path, re.Match[str]]]:
    """Give the flags of WFPC2 of which no exposure is there."""
    roots = {match["root"].lower() for _, match in _exposures(directory)}
    for path, match in _files(directory, _FLAGS):
        if match["root"].lower() not in roots:
            yield path, match


def _names_of_flags(path: Path, match: re.Match[str]) -> set[str]:
    names = path.name, f"{match['root']}{match['suffix']}", match["root"]
    return {name.lower() for name in names}


def without_effect(directory: Path, exclude: Iterable[str]) -> tuple[str, ...]:
    """Say which names in ``dataset.exclude`` are of no exposure in a directory or below it."""
    known = {name for path, match in _exposures(directory) for name in _names(path, match)}
    known |= {
        name for path, match in _lone_flags(directory) for name in _names_of_flags(path, match)
    }
    return tuple(
        f"dataset.exclude: {shown(name)} is the name of no exposure in {directory}; it leaves "
        "nothing out"
        for name in exclude
        if name.lower() not in known
    )


def _exposures(directory: Path) -> Iterator[tuple[Path, re.Match[str]]]:
    """Give what has the name of an exposure, that nearest to the directory first."""
    return _files(directory, _EXPOSURE)


def _files(directory: Path, named: re.Pattern[str]) -> Iterator[tuple[Path, re.Match[str]]]:
    """Give what has a name of some kind; hidden folders and those of copies are left out."""
    for where, names in sorted(_walk(directory), key=lambda one: len(one[0].parts)):
        for name in sorted(names):
            if match := named.fullmatch(name):
                yield where / name, match


def _walk(directory: Path) -> Iterator[tuple[Path, list[str]]]:
    for where, folders, names in os.walk(directory, followlinks=True):
        here = Path(where)
        deep = len(here.relative_to(directory).parts) == _DEPTH
        copies = COPIES_MARK in names and here != directory
        folders[:] = (
            [] if deep or copies else sorted(name for name in folders if not name.startswith("."))
        )
        # a folder of such a name too, which is refused as no file
        yield here, [] if copies else [*names, *folders]


def _names(path: Path, match: re.Match[str]) -> set[str]:
    """Return what an exposure may be called, lower case."""
    root, plain = match["root"], f"{match['root']}{match['suffix']}"
    names = {name.lower() for name in (path.name, plain, copy_name(path), root)}
    return names | (_names_of_wfpc2(path, root) if "_c0" in match["suffix"].lower() else set())


def _names_of_wfpc2(path: Path, root: str) -> set[str]:
    """Return what else an exposure of WFPC2 is told of as: its flags, and what both become."""
    flags, both = path.name.lower().replace("_c0", "_c1"), f"{root}_flt.fits"
    # a file of that name is an exposure of its own
    return {flags} if path.with_name(both).exists() else {flags, both.lower()}


def _packed_otherwise(match: re.Match[str]) -> bool:
    return (match["packing"] or "").lower() not in _UNPACKED


def _described(kind: str, paths: list[Path], cure: str) -> str:
    return f"{len(paths)} {kind} ({listed([shown(path) for path in paths], 1)}): {cure}"


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
        if "_flc." in path.name
        and (sibling := path.with_name(path.name.replace("_flc.", "_flt."))).is_file()
        and sibling.name.lower() not in left_out
    ]
    if not beside:
        return None
    return (
        f"{len(beside)} *_flt.fits are left out ({listed(beside, 1)}), for the *_flc.fits of the "
        "same exposures, corrected for charge transfer, are taken"
    )
