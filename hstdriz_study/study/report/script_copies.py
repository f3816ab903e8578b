"""The lines of a product script that copy exposures as preparing does, by the same code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.dataset.copies import copy_name, needs_unpacking, unpack
from hstdriz_study.dataset.wfpc2 import source_of
from hstdriz_study.dataset.wfpc2_chips import (
    SHADED_AT_MOST,
    chip_arrays,
    chips_of,
    first_lit,
    gather,
    of_kind,
    read_extensions,
)
from hstdriz_study.study.report.script_text import function_lines, literal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.dataset.wfpc2 import Source


def exposures_lines(inputs: Sequence[Path]) -> list[str]:
    """Name the user's exposures."""
    sources = _sources(inputs)
    if not sources:
        return [f"EXPOSURES = {literal([str(path) for path in inputs])}"]
    return [
        f"EXPOSURES = {literal([source.pixels for source in sources])}",
        f"FLAGS = {literal([source.flags for source in sources])}",
    ]


def copies_lines(inputs: Sequence[Path]) -> list[str]:
    """Copy the exposures to the work directory, under their names there."""
    if sources := _sources(inputs):
        return _gathered(inputs, sources)
    return _unpacked(inputs) if any(map(needs_unpacking, inputs)) else _AS_THEY_ARE


def units_lines(inputs: Sequence[Path]) -> list[str]:
    """Put right what AstroDrizzle writes of the unit of a product."""
    if not _sources(inputs):
        return []
    return [
        "",
        "# AstroDrizzle multiplies the pixels of WFPC2 by the gain and leaves BUNIT as it was",
        "for name in made:",
        '    fits.setval(name, "BUNIT", value="ELECTRONS/S", extname="SCI")',
    ]


def _sources(inputs: Sequence[Path]) -> list[Source]:
    return [source for source in map(source_of, inputs) if source]


_AS_THEY_ARE = [
    "names = []",
    "for exposure in EXPOSURES:",
    "    shutil.copyfile(exposure, work / Path(exposure).name)",
    "    names.append(Path(exposure).name)",
]


def _unpacked(inputs: Sequence[Path]) -> list[str]:
    return [
        f"names = {literal([copy_name(path) for path in inputs])}",
        *_UNPACKING,
        "for exposure, name in zip(EXPOSURES, names, strict=True):",
        "    shutil.copyfile(exposure, work / name)",
        "    unpack(work / name)",
    ]


_UNPACKING = [
    "",
    "import gzip",
    "",
    "from astropy.io import fits",
    "",
    "",
    *function_lines(unpack),
]


def _gathered(inputs: Sequence[Path], sources: Sequence[Source]) -> list[str]:
    """Put pixels and flags of WFPC2 into one file."""
    functions = gather, chip_arrays, chips_of, read_extensions, of_kind, first_lit
    return [
        f"names = {literal([path.name for path in inputs])}",
        *_UNPACKING,
        "import itertools",
        "import warnings",
        "",
        "import numpy as np",
        "",
        f"SHADED_AT_MOST = {SHADED_AT_MOST}",
        "",
        "",
        *function_lines(*functions),
        "",
        "for files in zip(EXPOSURES, FLAGS, names, strict=True):",
        '    copies = work / "pixels.fits", work / "flags.fits"',
        "    for file, copy in zip(files[:2], copies, strict=True):",
        "        shutil.copyfile(file, copy)",
        "        unpack(copy)",
        "    (work / files[2]).unlink(missing_ok=True)",
        f"    gather(*copies, {sources[0].chips}, work / files[2])",
        "    for copy in copies:",
        "        copy.unlink()",
    ]
