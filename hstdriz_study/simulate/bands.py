"""The filters that can be simulated, each on its detector."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from hstdriz_study.errors import DatasetError
from hstdriz_study.optics.detector import Detector, Passband
from hstdriz_study.optics.detectors import DETECTORS


@dataclass(frozen=True)
class Band(Passband):
    """One filter on one detector."""

    detector: Detector

    @property
    def pivot_um(self) -> float:
        """Pivot wavelength, micrometres."""
        return self.photplam_angstrom * 1e-4

    @property
    def zero_point_abmag(self) -> float:
        """AB magnitude of one electron per second (ACS Data Handbook section 5.1)."""
        return (
            -2.5 * math.log10(self.photflam)
            - 21.10
            - 5 * math.log10(self.photplam_angstrom)
            + 18.6921
        )

    @property
    def number(self) -> str:
        """The three digits of the filter's name."""
        return self.element[1:4]

    def content(self) -> dict[str, Any]:
        """Return all that simulated pixels depend on, the distortion table by its text."""
        content = asdict(self)
        content["detector"]["idctab"] = self.detector.idctab.read_text()
        return content


def bands_on(detector: Detector) -> dict[str, Band]:
    """Return the filters of a detector by their names."""
    return {one.name: Band(**vars(one), detector=detector) for one in detector.passbands}


_EVERY = [band for detector in DETECTORS for band in bands_on(detector).values()]
BANDS = {band.name: band for band in sorted(_EVERY, key=lambda band: band.stream)}


def band_of(name: str, detector: Detector | None = None) -> Band:
    """Return the band of that name.

    Parameters
    ----------
    name : str
        Of the filter.
    detector : `~hstdriz_study.optics.detector.Detector`, optional
        The detector it must be of; by default any that is known.

    Raises
    ------
    DatasetError
        If the filter is not one that can be simulated.
    """
    known = BANDS if detector is None else bands_on(detector)
    if name not in known:
        raise DatasetError(
            f"filter={name} has no simulated exposures; take one of "
            f"{', '.join(dict.fromkeys((*BANDS, *known)))} "
            "or your own files with dataset=local dataset.path=DIR"
        )
    return known[name]
