"""What of AstroDrizzle's preparing the fast steps do not reproduce, exposure by exposure."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import TYPE_CHECKING

from astropy.io import fits

from hstdriz_study.dataset.units import in_units
from hstdriz_study.drizzlepac_options import CARRIED_OUT_FAST
from hstdriz_study.prepare.fast.rays import Thresholds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.drizzlepac_options import PreparingOptions

# Detectors and the units of their calibrated exposures. Others have gains, read noise and masks
# of their own in DrizzlePac.
_UNITS = {("ACS", "WFC"): "counts", ("WFC3", "UVIS"): "counts", ("WFC3", "IR"): "cps"}
_AMPLIFIERS = "ABCD"
_OF_AMPLIFIERS = [f"{kind}{amp}" for kind in ("ATODGN", "READNSE") for amp in _AMPLIFIERS]
_YES = ("T", "TRUE", "1")
_LEAST_EXPOSURES = 2


def not_reproduced(exposures: Sequence[Path], steps: PreparingOptions) -> str | None:
    """Say why exposures have to be prepared by AstroDrizzle itself; None if they have not."""
    others = [option.name for option in fields(steps) if option.name not in CARRIED_OUT_FAST]
    if others:
        return f"{', '.join(others)} can be set of AstroDrizzle alone"
    if len(exposures) < _LEAST_EXPOSURES:
        return "there is one exposure alone"
    if steps.driz_cr and thresholds(steps) is None:
        return "driz_cr_snr and driz_cr_scale are not two numbers each"
    for path in exposures:
        with fits.open(path) as hdus:
            reason = _unlike(hdus)
        if reason:
            return f"{path.name} {reason}"
    return None


def thresholds(steps: PreparingOptions) -> Thresholds | None:
    """Return the thresholds of cosmic rays, read as DrizzlePac's drizCR.py reads them."""
    try:
        snr, scale = (
            tuple(float(word) for word in re.split(r"[,;\s]+", text) if word)
            for text in (steps.driz_cr_snr, steps.driz_cr_scale)
        )
    except ValueError:
        return None
    return Thresholds(snr, scale) if len(snr) == len(scale) == 2 else None  # noqa: PLR2004


def read_noise_e(primary: fits.Header) -> float:
    """Return the mean read noise of the amplifiers that have one, as DrizzlePac's imageObject."""
    values = [float(primary[f"READNSE{amplifier}"]) for amplifier in _AMPLIFIERS]
    known = [value for value in values if value != 0]
    return sum(known) / len(known) if known else 0.0


def _unlike(hdus: fits.HDUList) -> str | None:
    """Say what an exposure is that the fast steps do not know."""
    primary = hdus[0].header
    detector = (str(primary.get("INSTRUME")).strip(), str(primary.get("DETECTOR")).strip())
    science = [hdu for hdu in hdus if hdu.name == "SCI"]
    missing = [name for name in _OF_AMPLIFIERS if name not in primary]
    conditions = (
        (detector not in _UNITS, f"is of {' '.join(detector)}"),
        (bool(missing), f"has no {', '.join(missing)}"),
        (not primary.get("EXPTIME", 0) > 0, "has no exposure time"),
        (str(primary.get("MTFLAG")).strip().upper() in _YES, "is of a moving target"),
        ([hdu.ver for hdu in science] != [*range(1, len(science) + 1)], "has odd chip numbers"),
    )
    of_chips = (_unlike_chip(hdus, hdu, _UNITS.get(detector)) for hdu in science)
    return next((reason for holds, reason in conditions if holds), None) or next(
        filter(None, of_chips), None
    )


def _unlike_chip(hdus: fits.HDUList, science: fits.ImageHDU, units: str | None) -> str | None:
    flags = ("DQ", science.ver)
    if in_units(science.header.get("BUNIT")) != units:
        return f"is in {science.header.get('BUNIT')}"
    if flags not in hdus or hdus[flags].shape != science.shape:
        return "has no DQ extension of the size of its pixels"
    return "has no good pixel" if science.header.get("NGOODPIX") == 0 else None
