"""From the noise of a field to how bright the stars are that are put into it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.contracts.artificial_metrics import COMPLETENESS_STEPS_MAG

if TYPE_CHECKING:
    from hstdriz_study.inject.model import PsfModel

LADDER_MAG = np.array(COMPLETENESS_STEPS_MAG)

DEPTH_SIGMA = 5.0
_LARGEST_PART_OF_WELL = 0.5


@dataclass(frozen=True)
class Brightness:
    """Fluxes inside the energy radius, electrons / s.

    Attributes
    ----------
    psf : float
        Of the bright stars.
    psf_snr : float
        Their S/N in the photometric aperture of the native-scale product.
    depth : float
        Of the expected depth.
    light_inside : float
        Part of a star's light that the energy radius holds.
    """

    psf: float
    psf_snr: float
    depth: float
    light_inside: float

    @property
    def ladder(self) -> np.ndarray:
        """Fluxes of the faint stars, in the order of `LADDER_MAG`."""
        return np.asarray(self.depth * 10 ** (-0.4 * LADDER_MAG))


def brightness(
    model: PsfModel,
    radii_arcsec: tuple[float, float],
    *,
    aperture_sigma: float,
    snr: float,
    exptimes_s: tuple[float, ...],
) -> Brightness:
    """Say how bright stars must be for their purpose.

    Parameters
    ----------
    model : `~hstdriz_study.inject.model.PsfModel`
    radii_arcsec : tuple of float
        Radius of the photometric aperture and the energy radius.
    aperture_sigma : float
        Noise of an empty aperture, electrons / s.
    snr : float
        Wanted of the bright stars, their own photons included; less when they
        would fill half of a pixel's full well.
    exptimes_s : tuple of float
        Of the exposures.
    """
    in_aperture, light_inside = (model.energy_inside(radius) for radius in radii_arcsec)
    relative = in_aperture / light_inside
    total_s = sum(exptimes_s)
    # snr = flux / sqrt(sigma^2 + flux / time), solved for the flux in the aperture
    photons = snr**2 / total_s
    wanted = (photons + math.sqrt(photons**2 + (2 * snr * aperture_sigma) ** 2)) / 2
    peak = float(model.psf.values.max())
    largest = _LARGEST_PART_OF_WELL * model.full_well_e / (peak * max(exptimes_s)) * in_aperture
    flux = min(wanted, largest)
    return Brightness(
        psf=flux / relative,
        psf_snr=flux / math.sqrt(aperture_sigma**2 + flux / total_s),
        depth=DEPTH_SIGMA * aperture_sigma / relative,
        light_inside=light_inside,
    )
