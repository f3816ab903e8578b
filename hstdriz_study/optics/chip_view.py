"""The geometry of one chip: sky to pixels, the shape of a pixel, the light it receives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from astropy.wcs import WCS

ARCSEC_PER_DEG = 3600.0


@dataclass(frozen=True)
class ChipView:
    """The geometry of one chip in one exposure.

    Attributes
    ----------
    wcs : `~astropy.wcs.WCS`
        With distortion; 1-based pixels with origin 1.
    drizzle_scale_arcsec : float
        The undistorted pixel size to which AstroDrizzle refers fluxes.
    """

    wcs: WCS
    drizzle_scale_arcsec: float
    nx: int
    ny: int

    def sky_to_pixel(self, ra_deg: np.ndarray, dec_deg: np.ndarray) -> np.ndarray:
        """0-based pixel coordinates, shape (N, 2); NaN far outside the chip."""
        near = self._near(ra_deg, dec_deg)
        pixels = np.full((len(ra_deg), 2), np.nan)
        if near.any():
            sky = np.column_stack([ra_deg[near], dec_deg[near]])
            pixels[near] = self.wcs.all_world2pix(sky, 0, tolerance=1e-6, quiet=True)
        return pixels

    def _near(self, ra_deg: np.ndarray, dec_deg: np.ndarray) -> np.ndarray:
        # The inverse of the distortion does not converge far off the chip.
        margin = 0.1 * max(self.nx, self.ny) + 100
        linear = self.wcs.wcs_world2pix(np.column_stack([ra_deg, dec_deg]), 0)
        inside = (linear > -margin) & (linear < np.array([self.nx, self.ny]) + margin)
        return inside.all(axis=1)

    def jacobian_arcsec(self, x: float, y: float) -> np.ndarray:
        """d(east, north) / d(x, y) in arcsec per pixel at a 0-based pixel."""
        points = np.array([[x - 0.5, y], [x + 0.5, y], [x, y - 0.5], [x, y + 0.5]])
        sky = self.wcs.all_pix2world(points, 0)
        east = sky[:, 0] * np.cos(np.deg2rad(sky[:, 1].mean()))
        north = sky[:, 1]
        return ARCSEC_PER_DEG * np.array(
            [[east[1] - east[0], east[3] - east[2]], [north[1] - north[0], north[3] - north[2]]]
        )

    def counts_per_flux(self, x: float, y: float) -> float:
        """Return the counts in the flat-fielded image for a unit of flux in a drizzled product.

        AstroDrizzle conserves surface brightness: it multiplies the counts of a
        pixel by the pixel's true area over the square of the undistorted pixel
        size. A flat-fielded image shows uniform light as uniform counts, so a
        source's total counts go as 1 / (local pixel area).
        """
        area_arcsec2 = abs(float(np.linalg.det(self.jacobian_arcsec(x, y))))
        return self.drizzle_scale_arcsec**2 / area_arcsec2


def pixel_metric(jacobian_arcsec: np.ndarray) -> np.ndarray:
    """Symmetric part (polar decomposition) of a Jacobian: pixel shape without rotation."""
    left, singular, right = np.linalg.svd(jacobian_arcsec)
    del left
    return right.T @ np.diag(singular) @ right
