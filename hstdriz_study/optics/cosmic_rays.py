"""From a rate of cosmic rays to the tracks that they leave on a detector."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class CosmicRays:
    """Tracks of cosmic rays as they are left in a calibrated exposure.

    Attributes
    ----------
    pixels_per_s : float
        Fraction of the detector's pixels that are hit in one second.
    mean_length_px : float
        Mean length of a track.
    median_e, sigma_ln : float
        Log-normal distribution of the electrons in a pixel.
    """

    pixels_per_s: float
    mean_length_px: float
    median_e: float
    sigma_ln: float

    def electrons(
        self, exptime_s: float, shape: tuple[int, int], rng: np.random.Generator
    ) -> np.ndarray:
        """Electrons that cosmic rays leave, 2D; 0 where nothing was hit.

        Tracks are straight, isotropic, of geometrically distributed length.

        Parameters
        ----------
        exptime_s : float
        shape : tuple of int
            Rows and columns of the chip.
        rng : `~numpy.random.Generator`
        """
        expected = self.pixels_per_s * exptime_s * shape[0] * shape[1] / self.mean_length_px
        n = rng.poisson(expected)
        length = rng.geometric(1 / self.mean_length_px, n)
        track = np.repeat(np.arange(n), length)
        along = np.arange(len(track)) - np.repeat(np.cumsum(length) - length, length)
        angle = rng.uniform(0, np.pi, n)[track]
        x = np.floor(rng.uniform(0, shape[1], n)[track] + along * np.cos(angle)).astype(int)
        y = np.floor(rng.uniform(0, shape[0], n)[track] + along * np.sin(angle)).astype(int)
        brightness = rng.lognormal(np.log(self.median_e), self.sigma_ln, n)[track]
        electrons = brightness * rng.uniform(0.5, 1.5, len(track))
        inside = (x >= 0) & (x < shape[1]) & (y < shape[0])
        hits = np.zeros(shape, np.float32)
        np.add.at(hits, (y[inside], x[inside]), electrons[inside])
        return hits
