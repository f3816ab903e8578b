"""From exposures with a WCS to aligned ones: by TweakReg, or by shifts that are given."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from astropy.io import fits

from hstdriz_study.drizzlepac_options import SHIFT_FILE, SHIFT_WCS_FILE, tweakreg_options
from hstdriz_study.errors import AlignmentError
from hstdriz_study.foreign import counted_by_messages
from hstdriz_study.prepare.align_to import read_reference
from hstdriz_study.prepare.shifts import (
    apply_shifts,
    check_shifts,
    given_shifts,
    read_shifts,
    reference_wcs,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.contracts import Shift
    from hstdriz_study.drizzlepac_options import TweakRegOptions
    from hstdriz_study.prepare.settings import PrepareSettings


# What drizzlepac's catalogs.py logs of each chip; all that takes long is to find its stars.
_CHIP_SEARCHED = "Source finding finished at"
_DOING = "finding stars with TweakReg, chips"


def align(names: Sequence[str], settings: PrepareSettings, directory: Path) -> list[Shift]:
    """Align the files as is asked for; leave a shift file and its WCS in the directory.

    Raises
    ------
    AlignmentError
        If an exposure has no trustworthy shift.
    """
    if settings.shifts is not None:
        return _shifted(names, settings.shifts, directory)
    if settings.tweakreg is not None:
        return run_tweakreg(names, settings.tweakreg, settings, directory)
    return []


def _shifted(names: Sequence[str], path: Path, directory: Path) -> list[Shift]:
    shifts = given_shifts(path, names)
    shutil.copyfile(reference_wcs(path), directory / SHIFT_WCS_FILE)
    try:
        apply_shifts(shifts)
    except Exception as error:
        raise AlignmentError(
            f"prepare.shifts={path}: DrizzlePac cannot apply them ({type(error).__name__}: {error})"
        ) from error
    shutil.copyfile(path, directory / SHIFT_FILE)
    return shifts


def run_tweakreg(
    names: Sequence[str], chosen: TweakRegOptions, settings: PrepareSettings, directory: Path
) -> list[Shift]:
    """Align the files and check every shift.

    TweakReg signals failure in many ways: an exception, a shift of nan, or a
    fit to chance coincidences; all end here as one kind of error.

    Raises
    ------
    AlignmentError
        If an exposure has no trustworthy shift.
    """
    from drizzlepac import tweakreg

    spaced = [name for name in names if len(name.split()) > 1]
    if spaced:
        raise AlignmentError(f"{spaced[0]}: TweakReg separates words by spaces; rename the file")
    reference = read_reference(settings.align_to, directory) if settings.align_to else None
    label = f"filter={settings.filter_name}"
    to = f" to prepare.align_to={settings.align_to.path}" if settings.align_to else ""
    cure = "lower filter.imagefind.threshold or set prepare.tweakreg=false"
    if reference is not None:
        cure = (
            "lower filter.imagefind.threshold, raise prepare.tweakreg_searchrad_arcsec, or leave "
            "prepare.align_to out"
        )
    try:
        with counted_by_messages("drizzlepac.catalogs", _CHIP_SEARCHED, _DOING, _n_chips(names)):
            tweakreg.TweakReg(list(names), **tweakreg_options(chosen, reference))
    except Exception as error:
        raise AlignmentError(
            f"{label}: TweakReg failed{to} ({type(error).__name__}: {error}); {cure}"
        ) from error
    path = directory / SHIFT_FILE
    if not path.is_file():
        raise AlignmentError(
            f"{label}: TweakReg found too few stars{to} and wrote no shifts; {cure}"
        )
    shifts = read_shifts(path)
    check_shifts(shifts, names, settings, n_reference=0 if reference else 1)
    return shifts


def _n_chips(names: Sequence[str]) -> int:
    found = 0
    for name in names:
        with fits.open(name) as hdus:
            found += sum(hdu.name == "SCI" for hdu in hdus)
    return found


def alignment_inputs(settings: PrepareSettings) -> list[Path]:
    """Return the user's files that exposures are aligned by.

    Raises
    ------
    AlignmentError
        If one is not there.
    """
    if settings.shifts is not None:
        return [settings.shifts, reference_wcs(settings.shifts)]
    to = settings.align_to
    return [to.path] if settings.tweakreg is not None and to is not None else []
