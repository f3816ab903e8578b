"""From a FITS header to values of the types that its keywords should have, or a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from astropy.io import fits

from hstdriz_study.errors import DatasetError
from hstdriz_study.names import shown

if TYPE_CHECKING:
    from pathlib import Path


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
        value = self.header.get(name, "")
        if isinstance(value, bool):
            return "T" if value else "F"
        return "" if isinstance(value, fits.Undefined) else str(value).strip().upper()

    def number(self, name: str) -> float | None:
        """Return a number; None without the keyword.

        Raises
        ------
        DatasetError
            If it is something else.
        """
        value: Any = self.header.get(name)
        if value is None or isinstance(value, fits.Undefined) or value == "":
            return None
        if isinstance(value, (bool, str)):
            raise self._refused(f"{name} is {shown(value)}, not a number")
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

    def _refused(self, what: str) -> DatasetError:
        return DatasetError(
            f"{self.path}: {self.where}: {what}; download it again or drop it with "
            f"dataset.exclude=[{self.path.name}]"
        )
