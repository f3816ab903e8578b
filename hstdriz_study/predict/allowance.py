"""From a rate of cosmic rays to the pixels of one chip that an exposure may lose to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.optics.cosmic_rays import CosmicRays

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class CosmicRayAllowance:
    """What is allowed for cosmic rays before they are flagged.

    Attributes
    ----------
    pixel_fraction_per_1000s : float
        Fraction of the pixels that are hit in 1000 seconds.
    pixels_per_hit : float
        Mean length of a track, pixels.
    """

    pixel_fraction_per_1000s: float
    pixels_per_hit: float

    def hits(
        self, exptime_s: float, shape: tuple[int, int], rng: np.random.Generator
    ) -> np.ndarray:
        """Draw straight tracks at random places.

        Parameters
        ----------
        exptime_s : float
        shape : tuple of int
            Rows and columns of the chip.
        rng : `~numpy.random.Generator`

        Returns
        -------
        2D boolean `~numpy.ndarray`
            True where a pixel is hit.
        """
        tracks = CosmicRays(
            pixels_per_s=self.pixel_fraction_per_1000s / 1000,
            mean_length_px=self.pixels_per_hit,
            median_e=1.0,
            sigma_ln=0.0,
        )
        return tracks.electrons(exptime_s, shape, rng) > 0
