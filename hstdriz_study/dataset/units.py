"""From BUNIT to what AstroDrizzle calls the units of an exposure."""

from __future__ import annotations

# AstroDrizzle multiplies counts by a gain it reads itself; only these need none.
_RATES, _COUNTS = ("ELECTRONS/S", "ELECTRONS/SEC"), ("ELECTRONS",)
# A MAMA counts photons, which its calibrated exposures call counts; AstroDrizzle takes a gain of 1.
_PHOTONS, _PHOTONS_A_SECOND = ("COUNTS",), ("COUNTS/S",)
_COUNT_PHOTONS = ("SBC",)


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
    return "counts" if unit in _COUNTS or (photons and unit in _PHOTONS) else None
