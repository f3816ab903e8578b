"""From a FITS header to values of the types and sizes that its keywords should have."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from astropy.io import fits

from hstdriz_study.dataset.opening import drop
from hstdriz_study.errors import DatasetError
from hstdriz_study.names import shown

if TYPE_CHECKING:
    from pathlib import Path

# What lies outside is a slip of the pen: Hubble has never exposed for a day, no detector has 1e5
# pixels a side, and the other ends are those of the quantities themselves.
_SIZES = {
    "EXPTIME": (0.0, 1e5, "s"),
    "EXPSTART": (-1e5, 1e5, "days (MJD)"),
    "CRVAL1": (-360.0, 360.0, "degrees"),
    "CRVAL2": (-90.0, 90.0, "degrees"),
    **dict.fromkeys(("CRPIX1", "CRPIX2"), (-100000.0, 100000.0, "pixels")),
    **dict.fromkeys(("CD1_1", "CD1_2", "CD2_1", "CD2_2"), (-10.0, 10.0, "degrees a pixel")),
    "PHOTFLAM": (-1.0, 1.0, "erg/s/cm2/Angstrom"),
    "PHOTPLAM": (0.0, 1e5, "Angstrom"),
}


@dataclass(frozen=True)
class Keywords:
    """A header whose values are asked for by type.

    Attributes
    ----------
    path : `~pathlib.Path`
    where : str
        Which header of the file, for messages.
    header : `~astropy.io.fits.Header`
    """

    path: Path
    where: str
    header: fits.Header

    def text(self, name: str) -> str:
        """Return a text in capitals, empty without the keyword."""
        return self.as_written(name).upper()

    def as_written(self, name: str) -> str:
        """Return a text, empty without the keyword."""
        value = self._value(name)
        if isinstance(value, bool):
            return "T" if value else "F"
        return "" if value is None else str(value).strip()

    def word(self, name: str) -> str:
        """Return a text in capitals that has to be there.

        Raises
        ------
        DatasetError
            If it is not, or is blank or something else.
        """
        value = self._value(name)
        if name not in self.header:
            raise self.not_hst(f"{name} is not there")
        if not isinstance(value, str) or not value.strip():
            raise self.not_hst(f"{name} is {shown('' if value is None else value)}, not a name")
        return value.strip().upper()

    def number(self, name: str) -> float | None:
        """Return a number; None without the keyword.

        Raises
        ------
        DatasetError
            If it is something else, or beyond what it can be.
        """
        value = self._value(name)
        if value is None or value == "":
            return None
        if isinstance(value, (bool, str, complex)):
            raise self._refused(f"{name} is {shown(value)}, not a number")
        low, high, unit = _SIZES.get(name, (-math.inf, math.inf, ""))
        if not (math.isfinite(value) and low <= value <= high):
            ends = f", beyond {low:g} to {high:g} {unit}" if unit else ", no finite number"
            raise self._refused(f"{name} is {value:g}{ends}")
        return float(value)

    def needed(self, name: str) -> float:
        """Return a number that has to be there.

        Raises
        ------
        DatasetError
            If it is not, or is something else.
        """
        value = self.number(name)
        if value is None:
            raise self._refused(f"{name} is not there")
        return value

    def _value(self, name: str) -> Any:
        """Return a value as it is read, None where there is none."""
        value = self.header.get(name)
        return None if isinstance(value, fits.Undefined) else value

    def _refused(self, what: str) -> DatasetError:
        return DatasetError(
            f"{self.path}: {self.where}: {what}; download it again or {drop(self.path)}"
        )

    def not_hst(self, what: str) -> DatasetError:
        """Return the refusal of a file that the telescope's pipeline has not made."""
        return DatasetError(
            f"{self.path}: {self.where}: {what}, so it is not a calibrated HST exposure; "
            f"{drop(self.path)}"
        )
