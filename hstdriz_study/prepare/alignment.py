"""From raw headers to aligned ones: updatewcs, then TweakReg, each shift checked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from astropy.io import fits

from hstdriz_study.errors import AlignmentError, DatasetError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.config import StudyConfig

SHIFT_FILE = "shift.txt"
_SEARCH_ARCSEC = 1.0  # TweakReg's default; guide stars point better
# The first guess is the peak of a histogram with bins of a pixel, and was more than TweakReg's
# default of 1 pixel off for one simulated set of ten. What a wider search takes in that is no pair
# is clipped, which three rounds at 3 sigma do not do.
_TOLERANCE_PX, _CLIP_SIGMA, _CLIP_ROUNDS = 1.5, 2.5, 10
_COLUMNS = ("dx", "dy", "rotation", "scale", "xrms", "yrms")


@dataclass(frozen=True)
class Shift:
    """What TweakReg found for one exposure, in pixels of its reference frame."""

    name: str
    dx_px: float
    dy_px: float
    xrms_px: float
    yrms_px: float


def updatewcs_options() -> dict[str, Any]:
    """Return the keywords for `stwcs.updatewcs.updatewcs`.

    Without ``use_db=False`` each file waits two minutes for the astrometry
    service where there is no network.
    """
    return {"use_db": False, "checkfiles": False}


def fitted_solutions(exposures: Sequence[Path]) -> list[str]:
    """Return the names of fitted WCS solutions (to Gaia, say) that the exposures carry.

    MAST has put them into its files since 2019; updatewcs replaces them by
    the pointing of the guide stars.
    """
    names = {str(fits.getheader(path, "SCI", 1).get("WCSNAME", "")) for path in exposures}
    return sorted(name for name in names if "FIT" in name)


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


def tweakreg_options(config: StudyConfig) -> dict[str, Any]:
    """Return the keywords for `drizzlepac.tweakreg.TweakReg`, headless.

    The recipe's call (``updatehdr``, ``shiftfile``) with the source finder set
    for the detector; ``threshold`` stands in ``imagefindcfg`` because the two
    may not be given twice. The search radius is a whole number of pixels:
    TweakReg's first guess of a shift is wrong by what it lacks to one, on both
    axes, which on WFC3/UVIS is 0.75 pixel and loses the match.
    """
    find = config.filter.imagefind
    imagefind: dict[str, Any] = {
        "computesig": find.computesig,
        "threshold": find.threshold,
        "conv_width": find.conv_width,
        "dqbits": config.prepare.driz_sep_bits,
        "use_sharp_round": find.use_sharp_round,
    }
    if not find.computesig:
        imagefind["skysigma"] = find.skysigma
    if find.use_sharp_round:
        imagefind["sharplo"], imagefind["sharphi"] = find.sharplo, find.sharphi
    return {
        "updatehdr": True,
        "shiftfile": True,
        "outshifts": SHIFT_FILE,
        "wcsname": "TWEAK",
        "reusename": True,
        "fitgeometry": "shift",
        "searchunits": "pixels",
        "searchrad": math.ceil(_SEARCH_ARCSEC / config.filter.native_scale_arcsec),
        "tolerance": _TOLERANCE_PX,
        "sigma": _CLIP_SIGMA,
        "nclip": _CLIP_ROUNDS,
        "minobj": config.prepare.tweakreg_minobj,
        "imagefindcfg": imagefind,
        "interactive": False,
        "see2dplot": False,
        "residplot": "No plot",
        "writecat": False,
        "clean": True,
    }


def run_tweakreg(names: Sequence[str], config: StudyConfig, directory: Path) -> list[Shift]:
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
        tweakreg.TweakReg(list(names), **tweakreg_options(config))
    except Exception as error:
        raise AlignmentError(
            f"filter={config.filter.name}: TweakReg failed ({type(error).__name__}: {error}); "
            "lower filter.imagefind.threshold or set prepare.tweakreg=false"
        ) from error
    path = directory / SHIFT_FILE
    if not path.is_file():
        raise AlignmentError(
            f"filter={config.filter.name}: TweakReg found too few stars and wrote no shifts; "
            "lower filter.imagefind.threshold or set prepare.tweakreg=false"
        )
    shifts = read_shifts(path)
    check_shifts(shifts, names, config)
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


def check_shifts(shifts: Sequence[Shift], names: Sequence[str], config: StudyConfig) -> None:
    """Check that every exposure has a shift, and one that can be believed.

    Raises
    ------
    AlignmentError
        Naming the exposure and the key that sets the limit.
    """
    label, limits = f"filter={config.filter.name}", config.prepare
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
