"""From a scene and a pointing to noise-free count rates on a chip.

Sources come out of AstroDrizzle with the flux of the truth table
(`~hstdriz_study.optics.chip_view.ChipView.counts_per_flux`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.optics.chip_view import pixel_metric
from hstdriz_study.optics.psf import StarPainter, effective_psf
from hstdriz_study.simulate.galaxies import SERSIC_INDEX, GalaxyPainter, sky_covariance

if TYPE_CHECKING:
    from hstdriz_study.optics.chip_view import ChipView
    from hstdriz_study.simulate.bands import Band
    from hstdriz_study.simulate.scene import Scene

_REACH_PX = 64  # half the largest stamp


@dataclass(frozen=True)
class Painting:
    """Noise-free light of all sources on a chip.

    Attributes
    ----------
    rate_e_per_s : 2D `~numpy.ndarray`
        Count rate in the flat-fielded image.
    xy : (N, 2) `~numpy.ndarray`
        0-based pixel coordinates of the sources; NaN far outside.
    """

    rate_e_per_s: np.ndarray
    xy: np.ndarray

    @property
    def inside(self) -> np.ndarray:
        """Whether a source's centre is on the chip, 1D bool."""
        ny, nx = self.rate_e_per_s.shape
        with np.errstate(invalid="ignore"):
            inside = (self.xy > -0.5) & (self.xy < np.array([nx, ny]) - 0.5)  # noqa: PLR2004
        return np.asarray(inside.all(axis=1))

    def central_rate(self) -> np.ndarray:
        """Count rate in the pixel at each source's centre; 0 outside the chip."""
        rates = np.zeros(len(self.xy))
        inside = self.inside
        columns, rows = np.round(self.xy[inside]).astype(int).T
        rates[inside] = self.rate_e_per_s[rows, columns]
        return rates


class Painter:
    """Paints scenes for one band; the PSF is that of the middle of the first exposure."""

    def __init__(self, band: Band, views: tuple[ChipView, ...]) -> None:
        metrics = [
            pixel_metric(view.jacobian_arcsec((view.nx - 1) / 2, (view.ny - 1) / 2))
            for view in views
        ]
        psf = effective_psf(
            band.detector.optics,
            band.pivot_um,
            band.bandwidth,
            np.mean(metrics, axis=0),
            half_px=band.detector.psf_half_px,
        )
        self._band = band
        self._stars = StarPainter(psf)
        self._galaxies = GalaxyPainter(psf)

    def paint(self, scene: Scene, view: ChipView) -> Painting:
        """Paint all sources whose light reaches the chip."""
        image = np.zeros((view.ny, view.nx))
        xy = view.sky_to_pixel(scene.ra_deg, scene.dec_deg)
        flux = scene.flux_e_per_s(self._band)
        with np.errstate(invalid="ignore"):
            near = (xy > -_REACH_PX) & (xy < np.array([view.nx, view.ny]) + _REACH_PX)
        for index in np.flatnonzero(near.all(axis=1)):
            x, y = xy[index]
            light = flux[index] * view.counts_per_flux(x, y)
            if scene.is_star[index]:
                self._stars.add(image, x, y, light)
                continue
            shape = sky_covariance(
                scene.half_light_arcsec[index], scene.axis_ratio[index], scene.angle_rad[index]
            )
            inverse = np.linalg.inv(view.jacobian_arcsec(x, y))
            self._galaxies.add(
                image,
                x,
                y,
                light,
                sersic_index=SERSIC_INDEX[scene.kind[index]],
                covariance_px=inverse @ shape @ inverse.T,
            )
        return Painting(image, xy)
