"""From the exposures of one filter to prepared copies of them, cached by content."""

from __future__ import annotations

import logging
import math
import shutil
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
from astropy.io import fits

from hstdriz_study.cache import file_checksum
from hstdriz_study.contracts import NonFinite, PreparedFilter
from hstdriz_study.dataset.copies import copy_name, unpack
from hstdriz_study.disk import require_free
from hstdriz_study.drizzlepac_options import (
    preparing_options,
    tweakreg_options,
    updatewcs_options,
)
from hstdriz_study.errors import DatasetError, StudyError
from hstdriz_study.foreign import confined
from hstdriz_study.good_bits import COSMIC_RAY_BIT, bad_pixel_flag, good_in_some
from hstdriz_study.json_files import read_json, write_json
from hstdriz_study.keys import Code, StageKey, cached_stage, stage_key
from hstdriz_study.prepare.alignment import Shift, run_tweakreg, run_updatewcs
from hstdriz_study.prepare.chips import describe_chips, load_chips, load_mosaic, made_static_mask
from hstdriz_study.prepare.cosmic_rays import flag_cosmic_rays
from hstdriz_study.prepare.dithers import dither_table
from hstdriz_study.prepare.geometry import footprints
from hstdriz_study.prepare.non_finite import (
    find_non_finite,
    make_bad,
    non_finite_warnings,
    take_off_cosmic_rays,
)
from hstdriz_study.prepare.references import reference_environment, reference_files

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.dataset import FilterExposures
    from hstdriz_study.drizzlepac_options import TweakRegOptions
    from hstdriz_study.prepare.settings import PrepareSettings

log = logging.getLogger(__name__)

PREPARED_NAME = "prepared.json"
DITHERS_NAME = "dithers.ecsv"
LOG_NAME = "prepare.log"
# Copies and what AstroDrizzle writes beside them, over the exposures: 3.3 for four of ACS/WFC.
_DISK_RATIO = 3.5


def prepare_filter(settings: PrepareSettings, found: FilterExposures) -> PreparedFilter:
    """Prepare the exposures of one filter, or take them from the cache.

    Parameters
    ----------
    settings : `~hstdriz_study.prepare.settings.PrepareSettings`
    found : `~hstdriz_study.dataset.FilterExposures`
        The user's files; they are copied and never written to.

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
        n_bytes = _DISK_RATIO * sum(path.stat().st_size for path in inputs)
        cache_dir, purpose = settings.cache_dir, f"preparing {settings.filter_name}"
        require_free(cache_dir, n_bytes, purpose, "prepare.cache_dir")
        log.info("preparing %s: %d exposures", settings.filter_name, len(inputs))
        _copy(stage.inputs["exposures"], inputs, directory)
        _build(directory, inputs, settings, reference_environment(found.reference_dirs))
        _require_unchanged(stage, prepared_stage(settings, found))

    parent = settings.cache_dir / "prepared"
    try:
        entry = cached_stage(parent, settings.filter_name, stage, build)
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
    calibration = reference_files(inputs, found.reference_dirs) if settings.updatewcs else []
    return stage_key(
        [PREPARING],
        settings.cache_dir,
        inputs={
            "exposures": [[copy_name(path), file_checksum(path)] for path in inputs],
            "references": [[path.name, file_checksum(path)] for path in calibration],
        },
        options=_given(settings),
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


def _given(settings: PrepareSettings) -> dict[str, Any]:
    """Return the keywords as they are given, None where nothing is run, and all settings."""
    aligned = settings.tweakreg
    of_numbers = asdict(settings)
    del of_numbers["cache_dir"], of_numbers["filter_name"]
    return {
        "updatewcs": updatewcs_options() if settings.updatewcs else None,
        "tweakreg": tweakreg_options(aligned) if aligned else None,
        "astrodrizzle": preparing_options(settings.steps),
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
    shifts: list[Shift] = []
    try:
        with confined(directory, environment, directory / LOG_NAME):
            if settings.updatewcs:
                run_updatewcs(names)
            if settings.tweakreg:
                shifts = run_tweakreg(names, settings.tweakreg, settings, directory)
            flag_cosmic_rays(names, settings, directory)
    except StudyError:
        _keep_log(directory / LOG_NAME, settings)
        raise
    copies = [directory / name for name in names]
    marked = {one.exposure for one in non_finite if one.science}
    for original, name in zip(inputs, names, strict=True):
        if name in marked:
            take_off_cosmic_rays(directory / name, original)
    chips = describe_chips(copies, directory, made_static_mask)
    _discard_foreign_files(directory, names)
    dither_table(copies).write(directory / DITHERS_NAME)
    write_json(
        directory / PREPARED_NAME,
        {
            "exposures": names,
            "footprints": [[chip.tolist() for chip in chips] for chips in footprints(copies)],
            "zero_point_abmag": zero_point_abmag(copies[0]),
            "shifts": [asdict(shift) for shift in shifts],
            "alignment_rms_arcsec": _alignment_rms_arcsec(shifts, settings.tweakreg),
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
    libraries=(
        "astropy", "drizzlepac", "numpy", "photutils", "scipy", "spherical-geometry",
        "stsci.image", "stsci.imagestats", "stsci.skypac", "stsci.stimage", "stwcs", "tweakwcs",
    ),
)  # fmt: skip


def _keep_log(path: Path, settings: PrepareSettings) -> None:
    """Save the log of a failed preparation: its directory is about to be removed."""
    kept = settings.cache_dir / f"failed-{settings.filter_name}.log"
    if path.is_file():
        shutil.copyfile(path, kept)
        log.error("the log of the failed preparation is %s", kept)


def _discard_foreign_files(directory: Path, names: list[str]) -> None:
    for path in directory.iterdir():
        ours = path.name in names or path.name == LOG_NAME or path.suffix == ".npy"
        if not ours:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _alignment_rms_arcsec(shifts: list[Shift], chosen: TweakRegOptions | None) -> float | None:
    """Return the largest RMS of the fits (the first exposure is the reference)."""
    if chosen is None or len(shifts) < 2:  # noqa: PLR2004
        return None
    rms_px = max(math.hypot(shift.xrms_px, shift.yrms_px) for shift in shifts[1:])
    return rms_px * chosen.native_scale_arcsec


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
    )
