"""From BUNIT to what AstroDrizzle calls the units of an exposure."""

from __future__ import annotations

# AstroDrizzle multiplies counts by a gain it reads itself; only these need none.
_RATES, _COUNTS = ("ELECTRONS/S", "ELECTRONS/SEC"), ("ELECTRONS",)


def in_units(bunit: object) -> str | None:
    """Return ``cps`` or ``counts``; None for a unit that calibrated exposures do not have.

    Parameters
    ----------
    bunit : str or None
        None is a rate, as for AstroDrizzle.
    """
    unit = "ELECTRONS/S" if bunit is None else str(bunit).strip().upper()
    return "cps" if unit in _RATES else "counts" if unit in _COUNTS else None
