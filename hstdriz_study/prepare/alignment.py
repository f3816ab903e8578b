"""From raw headers to aligned ones: updatewcs, then TweakReg, each shift checked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from astropy.io import fits

from hstdriz_study.drizzlepac_options import SHIFT_FILE, tweakreg_options, updatewcs_options
from hstdriz_study.errors import AlignmentError, DatasetError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.drizzlepac_options import TweakRegOptions
    from hstdriz_study.prepare.settings import PrepareSettings

_COLUMNS = ("dx", "dy", "rotation", "scale", "xrms", "yrms")


@dataclass(frozen=True)
class Shift:
    """What TweakReg found for one exposure, in pixels of its reference frame."""

    name: str
    dx_px: float
    dy_px: float
    xrms_px: float
    yrms_px: float


def replaced_solutions(settings: PrepareSettings, exposures: Sequence[Path]) -> tuple[str, ...]:
    """Tell which fitted WCS solutions (to Gaia, say) of the exposures updatewcs has replaced.

    MAST has put them into its files since 2019; updatewcs replaces them by
    the pointing of the guide stars.
    """
    names = {str(fits.getheader(path, "SCI", 1).get("WCSNAME", "")) for path in exposures}
    replaced = sorted(name for name in names if "FIT" in name)
    if not settings.updatewcs or not replaced:
        return ()
    warning = (
        f"updatewcs has replaced the fitted WCS that the files carry ({', '.join(replaced)}); "
        "keep it with prepare.updatewcs=false, or align with prepare=tweakreg"
    )
    return (warning,)


def run_updatewcs(names: Sequence[str]) -> None:
    """Apply the distortion model to the headers of the files, in place.

    Raises
    ------
    DatasetError
        If stwcs cannot work with them.
    """
    from stwcs.updatewcs import updatewcs

    try:
        updatewcs(list(names), **updatewcs_options())
    except Exception as error:
        raise DatasetError(
            f"updatewcs failed on {', '.join(names)}: {type(error).__name__}: {error}"
        ) from error


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
    try:
        tweakreg.TweakReg(list(names), **tweakreg_options(chosen))
    except Exception as error:
        raise AlignmentError(
            f"filter={settings.filter_name}: TweakReg failed ({type(error).__name__}: {error}); "
            "lower filter.imagefind.threshold or set prepare.tweakreg=false"
        ) from error
    path = directory / SHIFT_FILE
    if not path.is_file():
        raise AlignmentError(
            f"filter={settings.filter_name}: TweakReg found too few stars and wrote no shifts; "
            "lower filter.imagefind.threshold or set prepare.tweakreg=false"
        )
    shifts = read_shifts(path)
    check_shifts(shifts, names, settings)
    return shifts


def read_shifts(path: Path) -> list[Shift]:
    """Read TweakReg's shift file."""
    shifts = []
    for line in path.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            name, *numbers = line.split()
            value = dict(zip(_COLUMNS, map(float, numbers), strict=False))
            shifts.append(
                Shift(
                    name,
                    value["dx"],
                    value["dy"],
                    value.get("xrms", math.nan),
                    value.get("yrms", math.nan),
                )
            )
    return shifts


def check_shifts(shifts: Sequence[Shift], names: Sequence[str], limits: PrepareSettings) -> None:
    """Check that every exposure has a shift, and one that can be believed.

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
        if index == 0:
            continue  # the reference exposure has no fit, hence no RMS
        rms = max(shift.xrms_px, shift.yrms_px)
        if not rms <= limits.tweakreg_max_rms_px:
            raise AlignmentError(
                f"{label}: TweakReg's fit of {shift.name} scatters by {rms:.2f} px, more than "
                f"prepare.tweakreg_max_rms_px={limits.tweakreg_max_rms_px}"
            )
