"""From exposures to whether each of them belongs to the others, kept on disk."""

from __future__ import annotations

import math
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.apart import apart_each
from hstdriz_study.cache import file_checksum
from hstdriz_study.contracts import refuse_stopping
from hstdriz_study.dataset.opening import opened
from hstdriz_study.json_files import read_json, write_json
from hstdriz_study.keys import Code, cached_stage, stage_key
from hstdriz_study.prepare.engines import needed_modules
from hstdriz_study.prepare.needs import looking_processes
from hstdriz_study.prepare.prepare import load_prepared

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.checks import SideBySide
    from hstdriz_study.contracts import Finding, PreparedFilter, StudyRegions
    from hstdriz_study.dataset import FilterExposures
    from hstdriz_study.field.settings import FieldOptions

_LOST = "the levels of the exposures were not looked at"
LEVELS_NAME, SEEN_NAME = "levels.json", "side_by_side.json"


def belonging_levels(found: FilterExposures, options: FieldOptions) -> tuple[Finding, ...]:
    """Compare sky, noise and flags of exposures, which are not prepared yet.

    Returns
    -------
    tuple of `~hstdriz_study.contracts.Finding`
        What is accepted or only told.

    Raises
    ------
    DatasetError
        If an exposure is empty or not like the others, so that numbers would be wrong.
    """
    # here and below, because most commands compare nothing
    from hstdriz_study.checks import ChipLevel, wrong_levels

    paths = [exposure.path for exposure in found.exposures]
    stage = stage_key(
        [LEVELLING],
        options.prepare.cache_dir,
        inputs={"exposures": [[path.name, file_checksum(path)] for path in paths]},
        options={"good_bits": options.native.final_bits},
    )
    entry = cached_stage(
        options.prepare.cache_dir / "compared",
        options.name,
        stage,
        lambda directory: _level(paths, options, directory),
        ahead=needed_modules(options.prepare),
    )
    kept = read_json(entry / LEVELS_NAME)
    levels = [tuple(ChipLevel.from_json(one) for one in chips) for chips in kept["levels"]]
    told = wrong_levels([path.name for path in paths], levels, options.checks)
    refuse_stopping(f"filter={options.name}", told, options.checks.accept)
    return told


def _level(paths: Sequence[Path], options: FieldOptions, directory: Path) -> None:
    from hstdriz_study.checks import levels_of

    looked = partial(levels_of, good_bits=options.native.final_bits)
    doing, lost = f"looking at exposures of {options.name}", f"filter={options.name}: {_LOST}"
    n_processes = looking_processes(len(paths), _largest_chip(paths[0]))
    levels = apart_each(looked, paths, n_processes, lost, doing=doing)
    kept = [[asdict(chip) for chip in chips] for chips in levels]
    write_json(directory / LEVELS_NAME, {"levels": kept})


def _largest_chip(path: Path) -> int:
    with opened(path) as hdus:
        return max((math.prod(hdu.shape) for hdu in hdus if hdu.name == "SCI"), default=0)


# In which process, and in how many, does not bear on the numbers.
_PROCESSES = (apart_each, looking_processes)

LEVELLING = Code(
    "looking at the levels of exposures",
    roots=(_level,),
    without=(*_PROCESSES, _largest_chip),
    libraries=("astropy", "numpy"),
)


def belonging(prepared: PreparedFilter, options: FieldOptions) -> tuple[Finding, ...]:
    """Compare the stars and cosmic rays of prepared exposures.

    Returns and raises as `belonging_levels`.
    """
    from hstdriz_study.checks import wrong_side_by_side

    seen = looked_at(prepared, options)
    found = wrong_side_by_side(seen, options.checks, options.geometry.native_scale_arcsec)
    refuse_stopping(f"filter={prepared.name}", found, options.checks.accept)
    return found


def lacking(
    prepared: PreparedFilter, regions: StudyRegions, options: FieldOptions
) -> tuple[Finding, ...]:
    """Tell whether the native-scale product lacks the stars that its exposures share."""
    from hstdriz_study.checks import lacking_in_combination

    ra, dec = (np.asarray(regions.candidates[name], float) for name in ("ra", "dec"))
    native_arcsec = options.geometry.native_scale_arcsec
    return lacking_in_combination(looked_at(prepared, options), ra, dec, native_arcsec)


def looked_at(prepared: PreparedFilter, options: FieldOptions) -> SideBySide:
    """Return what the exposures show side by side."""
    from hstdriz_study.checks import SideBySide

    stage = stage_key(
        [COMPARING],
        options.prepare.cache_dir,
        inputs={"prepared": prepared.key},
        options={"good_bits": options.native.final_bits, "geometry": asdict(options.geometry)},
    )
    entry = cached_stage(
        options.prepare.cache_dir / "compared",
        prepared.name,
        stage,
        lambda directory: _compare(prepared, options, directory),
        imports=NEEDED,
    )
    return SideBySide.from_json(read_json(entry / SEEN_NAME))


def _compare(prepared: PreparedFilter, options: FieldOptions, directory: Path) -> None:
    from hstdriz_study.checks import side_by_side

    seen = side_by_side(
        prepared.exposures,
        prepared.chips,
        fwhm_arcsec=options.geometry.psf_fwhm_arcsec,
        native_scale_arcsec=options.geometry.native_scale_arcsec,
        good_bits=options.native.final_bits,
    )
    write_json(directory / SEEN_NAME, seen.as_json())


NEEDED = ("hstdriz_study.measure.regions.build", "stwcs.updatewcs")
"""What comparing exposures imports that takes long."""

COMPARING = Code(
    "comparing exposures",
    roots=(load_prepared, _compare),
    without=_PROCESSES,
    libraries=("astropy", "numpy", "photutils", "scipy", "stwcs"),
)
