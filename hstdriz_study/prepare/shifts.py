"""From a shift file, as TweakReg writes and IRAF's tasks read it, to checked and applied shifts.

A line an exposure: its name, dx and dy in pixels of the reference WCS, rotation in degrees and
scale, and the RMS of the fit along x and y where one is known. Lines that begin with ``#`` say
which file holds the reference WCS (``# refimage: shift_wcs.fits[wcs]``), that shifts are deltas and
in pixels.
"""

from __future__ import annotations

import math
import re
import warnings
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits
from astropy.wcs import WCS
from astropy.wcs.utils import proj_plane_pixel_scales

from hstdriz_study.contracts import Shift
from hstdriz_study.drizzlepac_options import SHIFT_WCS_FILE, shift_options
from hstdriz_study.errors import AlignmentError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.prepare.settings import PrepareSettings

_HEAD = re.compile(r"#\s*(?P<name>\w+)\s*:\s*(?P<value>\S.*?)\s*$")
_REFERENCE = ("refimage", "reference")
_COLUMNS = ("dx_px", "dy_px", "rotation_deg", "scale", "xrms_px", "yrms_px")
_N_VALUES = (4, 6)  # without and with RMS


def read_shifts(path: Path) -> list[Shift]:
    """Read a shift file.

    Raises
    ------
    AlignmentError
        Naming the file and the line that is none of a shift file.
    """
    shifts = []
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, *numbers = line.split()
        try:
            values = [float(one) for one in numbers]
        except ValueError:
            values = []
        if len(values) not in _N_VALUES:
            raise AlignmentError(
                f"{path}: line {number} is not of a shift file: an exposure's name, dx, dy, "
                "rotation and scale, and with them or not the RMS along x and y"
            )
        shifts.append(Shift(name, **dict(zip(_COLUMNS, values, strict=False))))
    return shifts


def given_shifts(path: Path, names: Sequence[str]) -> list[Shift]:
    """Read the shifts of exposures from a user's file, in the order of the exposures.

    Parameters
    ----------
    path : `~pathlib.Path`
    names : sequence of str
        Of the exposures' copies.

    Raises
    ------
    AlignmentError
        Naming the file and what is wrong with it.
    """
    reference_wcs(path)
    said = _head(path)
    for name, expected in (("form", "delta"), ("units", "pixels")):
        if said.get(name, expected).lower() != expected:
            raise AlignmentError(
                f"prepare.shifts={path}: says {name}: {said[name]}; only {name}: {expected}, as "
                "TweakReg writes it, can be taken"
            )
    found = {shift.name: shift for shift in read_shifts(path)}
    missing = [name for name in names if name not in found]
    if missing:
        raise AlignmentError(
            f"prepare.shifts={path}: has no shift of {', '.join(missing)}; add a line for each, "
            f"or leave it out with dataset.exclude=[{','.join(missing)}]"
        )
    shifts = [found[name] for name in names]
    for shift in shifts:
        values = (shift.dx_px, shift.dy_px, shift.rotation_deg, shift.scale)
        if not all(map(math.isfinite, values)) or shift.scale <= 0:
            raise AlignmentError(
                f"prepare.shifts={path}: the shift of {shift.name} is no finite number"
            )
    return shifts


def reference_wcs(path: Path) -> Path:
    """Return the file beside a shift file that holds the WCS in whose pixels the shifts are.

    Raises
    ------
    AlignmentError
        If none is named or it is not there.
    """
    if not path.is_file():
        raise AlignmentError(
            f"prepare.shifts={path}: there is no such file; name one that TweakReg has written "
            "(shift.txt in a study's filters/<filter>/), or leave prepare.shifts out"
        )
    said = _head(path)
    named = next((said[word] for word in _REFERENCE if word in said), "").split("[")[0]
    reference = path.parent / named
    if not named or not reference.is_file():
        raise AlignmentError(
            f"prepare.shifts={path}: the file with the WCS in whose pixels the shifts are, "
            f"{named or '# refimage: NAME'}, is not beside it; TweakReg writes it as outwcs"
        )
    try:
        with fits.open(reference) as hdus:
            known = any(hdu.header.get("CTYPE1") for hdu in hdus)
    except OSError:
        known = False
    if not known:
        raise AlignmentError(f"prepare.shifts={path}: {reference.name} beside it holds no WCS")
    return reference


def _head(path: Path) -> dict[str, str]:
    lines = path.read_text().splitlines()
    found = (match for line in lines if (match := _HEAD.match(line)))
    return {match["name"].lower(): match["value"] for match in found}


def apply_shifts(shifts: Sequence[Shift]) -> None:
    """Move the WCS of copies by shifts in pixels of `SHIFT_WCS_FILE`, in the working directory."""
    from drizzlepac.updatehdr import updatewcs_with_shift

    for shift in shifts:
        updatewcs_with_shift(shift.name, SHIFT_WCS_FILE, **shift_options(shift))


def shift_pixel_arcsec(directory: Path) -> float:
    """Return the side of a pixel of `SHIFT_WCS_FILE`, the unit of shifts."""
    with fits.open(directory / SHIFT_WCS_FILE) as hdus, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the WCS belongs to no image there
        wcs = next(WCS(hdu.header) for hdu in hdus if hdu.header.get("CTYPE1"))
    return float(np.mean(proj_plane_pixel_scales(wcs))) * 3600


def check_shifts(
    shifts: Sequence[Shift], names: Sequence[str], limits: PrepareSettings, n_reference: int
) -> None:
    """Check that every exposure has a shift, and one that can be believed.

    Parameters
    ----------
    shifts : sequence of `Shift`
    names : sequence of str
        Of the exposures.
    limits : `~hstdriz_study.prepare.settings.PrepareSettings`
    n_reference : int
        Exposures at the beginning that have no fit: 1 when the others are aligned to the first.

    Raises
    ------
    AlignmentError
        Naming the exposure and the key that sets the limit.
    """
    label = f"filter={limits.filter_name}"
    missing = set(names) - {shift.name for shift in shifts}
    if missing:
        raise AlignmentError(f"{label}: TweakReg gave no shift for {', '.join(sorted(missing))}")
    for index, shift in enumerate(shifts):
        _check_size(shift, limits, label)
        if index >= n_reference:
            _check_scatter(shift, limits, label)


def _check_size(shift: Shift, limits: PrepareSettings, label: str) -> None:
    size = math.hypot(shift.dx_px, shift.dy_px)
    if not math.isfinite(size):
        raise AlignmentError(
            f"{label}: TweakReg's shift of {shift.name} is nan (no stars matched); lower "
            "filter.imagefind.threshold or set prepare.tweakreg=false"
        )
    if size > limits.tweakreg_max_shift_px:
        raise AlignmentError(
            f"{label}: TweakReg shifted {shift.name} by {size:.1f} px, more than "
            f"prepare.tweakreg_max_shift_px={limits.tweakreg_max_shift_px}"
        )


def _check_scatter(shift: Shift, limits: PrepareSettings, label: str) -> None:
    rms = max(shift.xrms_px, shift.yrms_px)
    if not rms <= limits.tweakreg_max_rms_px:
        raise AlignmentError(
            f"{label}: TweakReg's fit of {shift.name} scatters by {rms:.2f} px, more than "
            f"prepare.tweakreg_max_rms_px={limits.tweakreg_max_rms_px}"
        )
