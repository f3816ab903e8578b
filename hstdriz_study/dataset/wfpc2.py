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
from hstdriz_study.dataset.copies import copy_name, unpack
from hstdriz_study.dataset.opening import drop, opened
from hstdriz_study.dataset.wfpc2_chips import gather
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
_PIXELS = re.compile(r"_c0([fm]\.fits(?:\.(?:gz|fz))?)$", re.IGNORECASE)


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


def chips_apart(settings: DatasetSettings, exposures: Sequence[Exposure]) -> tuple[Exposure, ...]:
    """Return exposures of WFPC2 as ``flt`` files of one camera, made on first use.

    Parameters
    ----------
    settings : `~hstdriz_study.dataset.settings.DatasetSettings`
        Whose ``wanted.detector`` is ``PC`` or ``WF``.
    exposures : sequence of `~hstdriz_study.contracts.Exposure`

    Raises
    ------
    DatasetError
        If the flags of one are not there, or it has no chip of the camera.
    """
    camera, cache_dir = settings.wanted.detector, settings.cache_dir
    sources = [
        Source(str(path), str(flags_of(path)), CAMERAS[camera])
        for path in (one.path for one in exposures)
    ]
    files = [Path(path) for one in sources for path in (one.pixels, one.flags)]
    stage = stage_key(
        [_GATHERING],
        cache_dir,
        inputs={"exposures": [[path.name, file_checksum(path)] for path in files]},
        options={"sources": [asdict(one) for one in sources]},
    )

    def build(directory: Path) -> None:
        for one in sources:
            _gather(directory, one)
        by_name = {flt_name(Path(one.pixels)): asdict(one) for one in sources}
        write_json(directory / _SOURCES, by_name)

    needed = ("drizzlepac.wfpc2Data", "stsci.tools.convertwaiveredfits")
    parent = cache_dir / "wfpc2"
    entry = cached_stage(parent, settings.wanted.name, stage, build, imports=needed)
    return tuple(
        replace(one, path=entry / flt_name(one.path), detector=camera) for one in exposures
    )


def source_of(exposure: Path) -> Source | None:
    """Return the files of the user's of which an exposure was gathered; None if it was not."""
    kept = exposure.parent / _SOURCES
    if not kept.is_file():
        return None
    stored = read_json(kept)[exposure.name]
    return Source(**stored | {"chips": tuple(stored["chips"])})


def flags_of(pixels: Path) -> Path:
    """Return the file that holds the flags of an exposure of WFPC2.

    Raises
    ------
    DatasetError
        If it is not beside the exposure.
    """
    named = _PIXELS.search(pixels.name)
    if named is None:  # an flt
        return pixels
    stem = pixels.name[: named.start()]
    letter = named[1][0]
    names = [f"{stem}_c1{end}" for end in (named[1], f"{letter}.fits", f"{letter}.fits.gz")]
    found = next((path for one in names if (path := pixels.with_name(one)).is_file()), None)
    if found is None:
        raise DatasetError(
            f"{pixels}: its flags, {names[0]}, are not beside it; download them too or "
            f"{drop(pixels)}"
        )
    return found


def flt_name(pixels: Path) -> str:
    """Return the name of the file that holds pixels and flags of an exposure."""
    return re.sub(r"_(?:c0[fm]|flt)\.fits$", "_flt.fits", copy_name(pixels), flags=re.IGNORECASE)


def _gather(directory: Path, source: Source) -> None:
    copies = directory / "pixels.fits", directory / "flags.fits"
    originals = Path(source.pixels), Path(source.flags)
    for copy, original in zip(copies, originals, strict=True):
        with opened(original):  # whatever is wrong with it, a sentence
            shutil.copyfile(original, copy)
        unpack(copy)
    try:
        gather(*copies, source.chips, directory / flt_name(originals[0]))
    except (KeyError, ValueError) as error:
        raise DatasetError(f"{originals[0]}: {error.args[0]}; {drop(originals[0])}") from None
    for copy in copies:
        copy.unlink()


_GATHERING = Code(
    "gathering chips",
    roots=(_gather,),
    libraries=("astropy", "drizzlepac", "numpy", "stsci.tools"),
)
