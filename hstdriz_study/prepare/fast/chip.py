"""What the fast steps of preparing need of one chip, and reading its pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits

from hstdriz_study.good_bits import COSMIC_RAY_BIT

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class FastChip:
    """One chip of an exposure, before its cosmic rays are flagged.

    Attributes
    ----------
    exposure : `~pathlib.Path`
        The copy that is prepared.
    extver : int
        Version of its SCI and DQ extensions.
    shape : tuple of int
        Rows and columns.
    exptime_s, read_noise_e : float
    in_units : str
        ``cps`` when the pixels are electrons per second, ``counts`` when they are electrons.
    linear_scale_arcsec : float
        Pixel scale of the chip's undistorted WCS.
    sky_nodes, static_mask : `~pathlib.Path`
        As of `~hstdriz_study.contracts.Chip`.
    resets : bool
        Whether flags of cosmic rays that the file brings do not count.
    """

    exposure: Path
    extver: int
    shape: tuple[int, int]
    exptime_s: float
    read_noise_e: float
    in_units: str
    linear_scale_arcsec: float
    sky_nodes: Path
    static_mask: Path
    resets: bool

    @property
    def to_electrons(self) -> float:
        """What the pixels are multiplied by to be electrons."""
        return self.exptime_s if self.in_units == "cps" else 1.0

    def science(self) -> np.ndarray:
        """Return the pixels, float32."""
        return self._read("SCI").astype(np.float32)

    def flags(self) -> np.ndarray:
        """Return the flags that count, uint16."""
        flags = self._read("DQ").astype(np.uint16)
        if self.resets:
            flags &= np.uint16(0xFFFF ^ COSMIC_RAY_BIT)
        return flags

    def _read(self, name: str) -> np.ndarray:
        with fits.open(self.exposure, memmap=False) as hdus:
            return np.asarray(hdus[name, self.extver].data)
