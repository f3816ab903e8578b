"""From exposures of WFPC2, whose flags lie in files of their own, to files as of later cameras.

The archive has them as c0m and c1m, and had them as c0f and c1f (all chips in one array); `flt`
files of DrizzlePac's hold both. Of the four chips those of one camera are taken, for the pixels of
the Planetary Camera are half as large as the others' on the sky, and weigh and resolve otherwise.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study.cache import file_checksum
from hstdriz_study.contracts import Finding, FindingKind
from hstdriz_study.dataset.copies import copy_name, unpack
from hstdriz_study.dataset.opening import drop, opened
from hstdriz_study.dataset.wfpc2_chips import gather
from hstdriz_study.dataset.wfpc2_pair import check_pair
from hstdriz_study.errors import DatasetError
from hstdriz_study.json_files import read_json, write_json
from hstdriz_study.keys import Code, cached_stage, stage_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.contracts import Exposure
    from hstdriz_study.dataset.settings import DatasetSettings

CAMERAS = {"PC": (1,), "WF": (2, 3, 4)}
"""Chips, DETECTOR of their headers, of each camera."""

_SOURCES = "sources.json"
_PIXELS = re.compile(r"_c0([fm]\.fits)(\.(?:gz|fz))?$", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """The files of one exposure, and what is taken of them.

    Attributes
    ----------
    pixels, flags : str
    chips : tuple of int
    """

    pixels: str
    flags: str
    chips: tuple[int, ...]


def chips_apart(
    settings: DatasetSettings, exposures: Sequence[Exposure]
) -> tuple[tuple[Exposure, ...], tuple[Finding, ...]]:
    """Return exposures of WFPC2 as ``flt`` files of one camera, made on first use.

    Parameters
    ----------
    settings : `~hstdriz_study.dataset.settings.DatasetSettings`
        Whose ``wanted.detector`` is ``PC`` or ``WF``.
    exposures : sequence of `~hstdriz_study.contracts.Exposure`

    Returns
    -------
    exposures : tuple of `~hstdriz_study.contracts.Exposure`
    findings : tuple of `~hstdriz_study.contracts.Finding`
        What is told of them.

    Raises
    ------
    DatasetError
        If the flags of one are not there, or it has no chip of the camera.
    """
    camera, cache_dir = settings.wanted.detector, settings.cache_dir
    pairs = [(one.path, flags_of(one.path)) for one in exposures]
    files = [path for pair in pairs for path in pair]
    stage = stage_key(
        [_GATHERING],
        cache_dir,
        inputs={"exposures": [[path.name, file_checksum(path)] for path in files]},
        options={"camera": camera, "files": [str(path) for path in files]},
    )

    def build(directory: Path) -> None:
        sources = {
            flt_name(pixels): _gather(directory, pixels, flags, CAMERAS[camera])
            for pixels, flags in pairs
        }
        _check_same_chips(settings.wanted.name, list(sources.values()))
        stored = {name: asdict(source) for name, source in sources.items()}
        write_json(directory / _SOURCES, stored)

    needed = ("drizzlepac.wfpc2Data", "stsci.tools.convertwaiveredfits")
    parent = cache_dir / "wfpc2"
    entry = cached_stage(parent, settings.wanted.name, stage, build, imports=needed)
    gathered = tuple(
        replace(one, path=entry / flt_name(one.path), detector=camera) for one in exposures
    )
    return gathered, _told(camera, source_of(gathered[0].path))


def _check_same_chips(name: str, sources: Sequence[Source]) -> None:
    most = max((source.chips for source in sources), key=len)
    lacking = [source for source in sources if source.chips != most]
    if lacking:
        path = Path(lacking[0].pixels)
        raise DatasetError(
            f"filter={name}: {path.name} holds chips {_listed(lacking[0].chips)} alone, others "
            f"{_listed(most)}; download it again or {drop(path)}"
        )


def _told(camera: str, source: Source | None) -> tuple[Finding, ...]:
    if source is None or source.chips == CAMERAS[camera]:
        return ()
    told = (
        f"the exposures hold chips {_listed(source.chips)} alone of the {len(CAMERAS[camera])} of "
        f"{camera}; download them again if others were read out"
    )
    return (Finding(FindingKind.SHAPE, told, stops=False),)


def _listed(chips: Sequence[int]) -> str:
    return ", ".join(map(str, chips))


def source_of(exposure: Path) -> Source | None:
    """Return the files of the user's of which an exposure was gathered; None if it was not."""
    kept = exposure.parent / _SOURCES
    if not kept.is_file():
        return None
    stored = read_json(kept)[exposure.name]
    return Source(**stored | {"chips": tuple(stored["chips"])})


def flags_of(pixels: Path) -> Path:
    """Return the file that holds the flags of an exposure of WFPC2, packed or not.

    Raises
    ------
    DatasetError
        If it is not beside the exposure.
    """
    named = _PIXELS.search(pixels.name)
    if named is None:  # an flt
        return pixels
    stem = pixels.name[: named.start()]
    plain = f"{stem}_c1{named[1]}"
    wanted = [f"{plain}{packing}".lower() for packing in (named[2] or "", "", ".gz", ".fz")]
    beside = {path.name.lower(): path for path in pixels.parent.iterdir()}
    found = next((beside[name] for name in wanted if name in beside), None)
    if found is None:
        raise DatasetError(
            f"{pixels}: its flags, {plain}, are not beside it; download them too or {drop(pixels)}"
        )
    return found


def flt_name(pixels: Path) -> str:
    """Return the name of the file that holds pixels and flags of an exposure."""
    return re.sub(r"_(?:c0[fm]|flt)\.fits$", "_flt.fits", copy_name(pixels), flags=re.IGNORECASE)


def _gather(directory: Path, pixels: Path, flags: Path, wanted: tuple[int, ...]) -> Source:
    copies = directory / "pixels.fits", directory / "flags.fits"
    for copy, original in zip(copies, (pixels, flags), strict=True):
        with opened(original):  # whatever is wrong with it, a sentence
            shutil.copyfile(original, copy)
        unpack(copy)
    chips = check_pair(pixels, flags, copies, wanted)
    try:
        gather(*copies, chips, directory / flt_name(pixels))
    except ValueError as error:
        raise DatasetError(f"{pixels}: {error}; {drop(pixels)}") from None
    for copy in copies:
        copy.unlink()
    return Source(str(pixels), str(flags), chips)


_GATHERING = Code(
    "gathering chips",
    roots=(_gather,),
    libraries=("astropy", "drizzlepac", "numpy", "stsci.tools"),
)
