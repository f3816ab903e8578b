"""From BUNIT to what AstroDrizzle calls the units of an exposure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from astropy.io import fits

# AstroDrizzle multiplies counts by a gain it reads itself; only these need none.
_RATES, _COUNTS = ("ELECTRONS/S", "ELECTRONS/SEC"), ("ELECTRONS",)
# A MAMA counts photons, which its calibrated exposures call counts; AstroDrizzle takes a gain of 1.
_PHOTONS, _PHOTONS_A_SECOND = ("COUNTS",), ("COUNTS/S",)
_COUNT_PHOTONS = ("SBC",)
# The cameras of WFPC2, whose pixels are in the numbers of the converter; AstroDrizzle knows their
# gains, and `hstdriz_study.dataset.wfpc2` writes them into the headers.
_IN_NUMBERS = ("PC", "WF")


def counts_photons(detector: object) -> bool:
    """Tell whether a detector, by DETECTOR of its headers, counts photons one by one."""
    return str(detector).strip().upper() in _COUNT_PHOTONS


def in_units(bunit: object, detector: object = None) -> str | None:
    """Return ``cps`` or ``counts``; None for a unit that calibrated exposures do not have.

    Parameters
    ----------
    bunit : str or None
        None is a rate, as for AstroDrizzle.
    detector : str, optional
        DETECTOR, for those that count photons.
    """
    unit = "ELECTRONS/S" if bunit is None else str(bunit).strip().upper()
    photons = counts_photons(detector)
    if unit in _RATES or (photons and unit in _PHOTONS_A_SECOND):
        return "cps"
    in_numbers = photons or str(detector).strip().upper() in _IN_NUMBERS
    return "counts" if unit in _COUNTS or (in_numbers and unit in _PHOTONS) else None


def electrons_per_unit(header: fits.Header) -> float:
    """Return the electrons in one unit of a chip's pixels."""
    return float(header.get("EPERDN", 1.0))
