"""What the exposures of a filter show side by side, and how that is kept."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hstdriz_study.checks.levels import ChipLevel

if TYPE_CHECKING:
    from collections.abc import Mapping

_BY_STAR = (
    "east_arcsec", "north_arcsec", "flux", "fwhm_arcsec", "along_east", "along_northeast",
)  # fmt: skip


@dataclass(frozen=True)
class SideBySide:
    """What E exposures show of N stars that they share.

    Attributes
    ----------
    names : tuple of str
        Of the files.
    levels : tuple of tuple of `~hstdriz_study.checks.levels.ChipLevel`
        Sky and noise of the chips of each exposure.
    n_sources : tuple of int
        Sources of each exposure, cosmic rays among them.
    n_expected, n_found : tuple of int
        Stars that others share and each exposure should show, and how many of them it shows.
    n_needed : tuple of float
        How many it would have to show to be told from chance among its cosmic rays.
    ra_deg, dec_deg : (N,) `~numpy.ndarray`
        Where one of the exposures has the stars.
    place_arcsec : (E, N) complex `~numpy.ndarray`
        East and, as imaginary part, north.
    flux, fwhm_arcsec : (E, N) `~numpy.ndarray`
        Nan where a star was not measured.
    elongation : (E, N) complex `~numpy.ndarray`
        As `~hstdriz_study.checks.star_shapes.Measured` has it.
    """

    names: tuple[str, ...]
    levels: tuple[tuple[ChipLevel, ...], ...]
    n_sources: tuple[int, ...]
    n_expected: tuple[int, ...]
    n_found: tuple[int, ...]
    n_needed: tuple[float, ...]
    ra_deg: np.ndarray
    dec_deg: np.ndarray
    place_arcsec: np.ndarray
    flux: np.ndarray
    fwhm_arcsec: np.ndarray
    elongation: np.ndarray

    @property
    def exptime_s(self) -> np.ndarray:
        """Exposure time of each, shape (E,)."""
        return np.array([chips[0].exptime_s for chips in self.levels])

    def as_json(self) -> dict[str, Any]:
        """Return what `from_json` reads back."""
        kept = asdict(self)
        place, shape = kept.pop("place_arcsec"), kept.pop("elongation")
        kept |= {"ra_deg": self.ra_deg.tolist(), "dec_deg": self.dec_deg.tolist()}
        kept |= {"flux": self.flux.tolist(), "fwhm_arcsec": self.fwhm_arcsec.tolist()}
        kept |= {"along_east": shape.real.tolist(), "along_northeast": shape.imag.tolist()}
        return kept | {"east_arcsec": place.real.tolist(), "north_arcsec": place.imag.tolist()}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> SideBySide:
        """Read what `as_json` gave; JSON has null where a number was not finite."""
        n_exposures = len(kept["names"])
        columns = {name: np.array(kept[name], float).reshape(n_exposures, -1) for name in _BY_STAR}
        return cls(
            tuple(kept["names"]),
            tuple(tuple(ChipLevel.from_json(one) for one in chips) for chips in kept["levels"]),
            n_sources=tuple(kept["n_sources"]),
            n_expected=tuple(kept["n_expected"]),
            n_found=tuple(kept["n_found"]),
            n_needed=tuple(kept["n_needed"]),
            ra_deg=np.array(kept["ra_deg"], float),
            dec_deg=np.array(kept["dec_deg"], float),
            place_arcsec=columns["east_arcsec"] + 1j * columns["north_arcsec"],
            flux=columns["flux"],
            fwhm_arcsec=columns["fwhm_arcsec"],
            elongation=columns["along_east"] + 1j * columns["along_northeast"],
        )
