"""From the exposures of one filter to prepared copies of them, cached by content."""

from __future__ import annotations

import logging
import math
import shutil
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from astropy.io import fits

from hstdriz_study.apart import apart_each
from hstdriz_study.cache import file_checksum
from hstdriz_study.contracts import NonFinite, PreparedFilter
from hstdriz_study.dataset.copies import copy_name, unpack
from hstdriz_study.dataset.solutions import active_solution
from hstdriz_study.disk import require_free
from hstdriz_study.drizzlepac_options import (
    CATALOGUE_FILE,
    IMAGE_FILE,
    SHIFT_FILE,
    SHIFT_WCS_FILE,
    preparing_options,
    tweakreg_options,
    updatewcs_options,
)
from hstdriz_study.errors import DatasetError, StudyError
from hstdriz_study.foreign import confined
from hstdriz_study.good_bits import COSMIC_RAY_BIT, bad_pixel_flag, good_in_some
from hstdriz_study.json_files import read_json, write_json
from hstdriz_study.keys import Code, StageKey, cached_stage, stage_key
from hstdriz_study.memory import require_memory
from hstdriz_study.prepare.align_to import read_reference
from hstdriz_study.prepare.alignment import align, alignment_inputs
from hstdriz_study.prepare.chips import (
    describe_chips,
    load_chips,
    load_mosaic,
    made_static_mask,
    place_chips,
)
from hstdriz_study.prepare.dithers import dither_table
from hstdriz_study.prepare.engines import engine_of, flag, needed_modules
from hstdriz_study.prepare.geometry import footprints
from hstdriz_study.prepare.needs import preparing_memory, working_disk
from hstdriz_study.prepare.non_finite import (
    find_non_finite,
    make_bad,
    non_finite_warnings,
    take_off_cosmic_rays,
)
from hstdriz_study.prepare.references import reference_environment, reference_files
from hstdriz_study.prepare.shifts import shift_pixel_arcsec
from hstdriz_study.prepare.wcs import set_wcs, solutions_taken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.contracts import Shift
    from hstdriz_study.dataset import FilterExposures
    from hstdriz_study.prepare.settings import PrepareSettings

log = logging.getLogger(__name__)

PREPARED_NAME = "prepared.json"
DITHERS_NAME = "dithers.ecsv"
LOG_NAME = "prepare.log"
KEPT_OF_ALIGNMENT = (SHIFT_FILE, SHIFT_WCS_FILE, CATALOGUE_FILE, IMAGE_FILE)
"""What of aligning a study keeps: the shifts, and what they are relative to."""


def prepare_filter(
    settings: PrepareSettings, found: FilterExposures, ahead: Sequence[str] = ()
) -> PreparedFilter:
    """Prepare the exposures of one filter, or take them from the cache.

    Parameters
    ----------
    settings : `~hstdriz_study.prepare.settings.PrepareSettings`
    found : `~hstdriz_study.dataset.FilterExposures`
        The user's files; they are copied and never written to.
    ahead : sequence of str, optional
        Modules that are needed afterwards, imported meanwhile.

    Returns
    -------
    PreparedFilter

    Raises
    ------
    ReferenceFileError, DatasetError, AlignmentError, DrizzleError
        Each with a sentence naming the file or key and the cure.
    """
    inputs = tuple(exposure.path for exposure in found.exposures)
    stage = prepared_stage(settings, found)

    def build(directory: Path) -> None:
        cache_dir, purpose = settings.cache_dir, f"preparing {settings.filter_name}"
        require_free(cache_dir, working_disk(inputs), purpose, "prepare.cache_dir")
        require_memory(preparing_memory(inputs), purpose)
        log.info("preparing %s: %d exposures", settings.filter_name, len(inputs))
        _copy(stage.inputs["exposures"], inputs, directory)
        _build(directory, inputs, settings, reference_environment(found.reference_dirs))
        _require_unchanged(stage, prepared_stage(settings, found))

    parent = settings.cache_dir / "prepared"
    try:
        needed = needed_modules(settings)
        entry = cached_stage(
            parent, settings.filter_name, stage, build, imports=needed, ahead=ahead
        )
    except OSError as error:
        raise StudyError(
            f"prepare.cache_dir={settings.cache_dir}: {error.strerror or error}; "
            "name a directory that can be written and has room for copies of the exposures"
        ) from error
    return load_prepared(entry, settings.filter_name, stage.key, inputs)


def prepared_stage(settings: PrepareSettings, found: FilterExposures) -> StageKey:
    """Return what determines the prepared pixels of one filter.

    Raises
    ------
    ReferenceFileError
        If a calibration file is missing.
    """
    inputs = [exposure.path for exposure in found.exposures]
    options = _given(settings, len(inputs))
    calibration = reference_files(inputs, found.reference_dirs) if settings.updatewcs else []
    beside = (one.where for one in solutions_taken(inputs, settings) if one and one.kind == "file")
    aligning = [*alignment_inputs(settings), *(Path(str(path)) for path in beside)]
    return stage_key(
        [PREPARING],
        settings.cache_dir,
        inputs={
            "exposures": [[copy_name(path), file_checksum(path)] for path in inputs],
            "references": [[path.name, file_checksum(path)] for path in calibration],
            "alignment": [[path.name, file_checksum(path)] for path in aligning],
        },
        options=options,
    )


def _copy(content: list[list[str]], inputs: tuple[Path, ...], directory: Path) -> None:
    """Copy exposures and unpack them; what is prepared is filed under the content of the copies."""
    for path, (name, checksum) in zip(inputs, content, strict=True):
        shutil.copyfile(path, directory / name)
        if file_checksum(directory / name) != checksum:
            raise DatasetError(_REPLACED.format(path))
        unpack(directory / name)


def _require_unchanged(before: StageKey, after: StageKey) -> None:
    """Refuse what was made while one of the files it was made of was replaced."""
    for kind, files in before.inputs.items():
        for name, checksum in files:
            if [name, checksum] not in after.inputs[kind]:
                raise DatasetError(_REPLACED.format(name))


_REPLACED = "{}: was replaced while it was read; start again when nothing writes to it any more"


def _given(settings: PrepareSettings, n_exposures: int) -> dict[str, Any]:
    """Return the keywords as they are given, None where nothing is run, and all settings."""
    aligned, to = settings.tweakreg, settings.align_to
    of_numbers = asdict(replace(settings, align_to=None, shifts=None))
    del of_numbers["cache_dir"], of_numbers["filter_name"]
    reference = read_reference(to) if aligned and to else None
    return {
        "updatewcs": updatewcs_options() if settings.updatewcs else None,
        "tweakreg": tweakreg_options(aligned, reference) if aligned else None,
        "astrodrizzle": preparing_options(settings.steps_of(n_exposures)),
        "bad_pixel_flag": bad_flag(settings),
        "settings": of_numbers,
    }


def never_bad(settings: PrepareSettings) -> int | None:
    """Return the DQ flags that do not make a pixel bad in every step of AstroDrizzle.

    Flags of cosmic rays are among them: preparing takes them off and finds them anew.
    """
    return good_in_some(settings.steps.driz_sep_bits, settings.final_bits, COSMIC_RAY_BIT)


def bad_flag(settings: PrepareSettings) -> int | None:
    """Return the DQ flag that marks pixels without a number; None where none is bad."""
    return bad_pixel_flag(never_bad(settings))


def _build(
    directory: Path,
    inputs: tuple[Path, ...],
    settings: PrepareSettings,
    environment: dict[str, str],
) -> None:
    names = [copy_name(path) for path in inputs]
    non_finite = _mark_non_finite(directory, names, settings)
    copies = [directory / name for name in names]
    engine = engine_of(copies, settings)
    with confined(directory, environment, directory / LOG_NAME):
        set_wcs(names, inputs, settings)
        shifts = align(names, settings, directory)
        placed = place_chips(copies, directory)
        flag(engine, placed, settings, directory)
    marked = {one.exposure for one in non_finite if one.science}
    for original, name in zip(inputs, names, strict=True):
        if name in marked:
            take_off_cosmic_rays(directory / name, original)
    chips = describe_chips(placed, directory, made_static_mask)
    pixel_arcsec = shift_pixel_arcsec(directory) if shifts else None
    _discard_foreign_files(directory, names)
    dither_table(copies).write(directory / DITHERS_NAME)
    write_json(
        directory / PREPARED_NAME,
        {
            "exposures": names,
            "engine": engine,
            "footprints": [[chip.tolist() for chip in chips] for chips in footprints(copies)],
            "zero_point_abmag": zero_point_abmag(copies[0]),
            "shifts": [asdict(shift) for shift in shifts],
            "alignment_rms_arcsec": _alignment_rms_arcsec(shifts, pixel_arcsec),
            "wcs_names": list(dict.fromkeys(active_solution(copy) or "none" for copy in copies)),
            "non_finite": [asdict(one) for one in non_finite],
        }
        | chips,
    )


def _mark_non_finite(
    directory: Path, names: list[str], settings: PrepareSettings
) -> tuple[NonFinite, ...]:
    """Make bad pixels of those that hold no number, in the copies of the exposures."""
    flag = bad_flag(settings)
    found = find_non_finite([directory / name for name in names], never_bad(settings))
    for one in found:
        make_bad(directory / one.exposure, flag or 0)
    return found


PREPARING = Code(
    "preparing",
    roots=(_build,),
    without=(apart_each,),  # in which process does not bear on the numbers
    libraries=(
        "astropy", "drizzle", "drizzlepac", "numpy", "photutils", "scipy", "spherical-geometry",
        "stsci.image", "stsci.imagestats", "stsci.skypac", "stsci.stimage", "stsci.tools", "stwcs",
        "tweakwcs",
    ),
)  # fmt: skip


def _discard_foreign_files(directory: Path, names: list[str]) -> None:
    for path in directory.iterdir():
        ours = path.name in (*names, LOG_NAME, *KEPT_OF_ALIGNMENT) or path.suffix == ".npy"
        if not ours:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _alignment_rms_arcsec(shifts: list[Shift], pixel_arcsec: float | None) -> float | None:
    """Return the largest RMS of the fits; exposures that are the reference have none or 0."""
    rms_px = [math.hypot(shift.xrms_px, shift.yrms_px) for shift in shifts]
    known = [rms for rms in rms_px if math.isfinite(rms)]
    return max(known) * pixel_arcsec if known and pixel_arcsec else None


def zero_point_abmag(exposure: Path) -> float | None:
    """Return the AB magnitude of one electron per second.

    STScI's definition, ``-2.5 lg PHOTFLAM - 5 lg PHOTPLAM - 2.408`` (ACS Data
    Handbook section 5.1; WFC3 Data Handbook section 9.1). None without the
    keywords.
    """
    with fits.open(exposure) as hdus:
        for header in (hdus["SCI", 1].header, hdus[0].header):
            photflam, photplam = header.get("PHOTFLAM", 0.0), header.get("PHOTPLAM", 0.0)
            if photflam > 0 and photplam > 0:
                return -2.5 * math.log10(photflam) - 5 * math.log10(photplam) - 2.408
    return None


def load_prepared(entry: Path, name: str, key: str, inputs: tuple[Path, ...]) -> PreparedFilter:
    """Read a cache entry back."""
    content = read_json(entry / PREPARED_NAME)
    non_finite = tuple(NonFinite(**one) for one in content.get("non_finite", ()))
    return PreparedFilter(
        name=name,
        directory=entry,
        exposures=tuple(entry / exposure for exposure in content["exposures"]),
        chips=load_chips(content, entry),
        mosaic=load_mosaic(content),
        key=key,
        footprints=tuple(
            tuple(np.array(chip) for chip in chips) for chips in content["footprints"]
        ),
        zero_point_abmag=content["zero_point_abmag"],
        alignment_rms_arcsec=content["alignment_rms_arcsec"],
        inputs=inputs,
        warnings=non_finite_warnings(non_finite),
        non_finite=non_finite,
        wcs_names=tuple(content.get("wcs_names", ())),
    )
