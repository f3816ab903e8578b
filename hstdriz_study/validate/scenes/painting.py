"""From a scene's sources and a chip's geometry to the light that falls on its pixels.

Stars are painted from the PSF, which GalSim integrates over the pixel; galaxies are photons, each
drawn from their profile and the PSF.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from hstdriz_study.optics.psf import EffectivePSF, StarPainter
from hstdriz_study.validate.scenes.catalogue import STAR
from hstdriz_study.validate.scenes.library import galsim
from hstdriz_study.validate.scenes.telescope import on_sky

if TYPE_CHECKING:
    from astropy.table import QTable, Row

    from hstdriz_study.optics.chip_view import ChipView
    from hstdriz_study.validate.scenes.spec import SceneSpec
    from hstdriz_study.validate.scenes.telescope import Telescope

HALF_PX = 40  # half the side of a star's stamp
_OVERSAMPLING = 6
_WIDENING_STEP = 0.01
_HALF_LIGHTS = 8.0  # from its middle to where a galaxy ends
_MIN_REACH_PX = 24


@dataclass(frozen=True)
class Light:
    """Light of the sources on one chip, without sky.

    Attributes
    ----------
    stars_e_per_s : 2D `~numpy.ndarray`
        Expected count rate.
    galaxies_e : 2D `~numpy.ndarray`
        Electrons of one exposure, with their noise.
    xy : (N, 2) `~numpy.ndarray`
        0-based pixel coordinates of the sources; NaN far outside.
    """

    stars_e_per_s: np.ndarray
    galaxies_e: np.ndarray
    xy: np.ndarray

    @property
    def inside(self) -> np.ndarray:
        """Whether a source's centre is on the chip, 1D bool."""
        ny, nx = self.stars_e_per_s.shape
        with np.errstate(invalid="ignore"):
            return np.asarray(((self.xy > 0) & (self.xy < np.array([nx, ny]) - 1)).all(axis=1))


def widening(spec: SceneSpec, exposure: int, x: np.ndarray, half_side: float) -> np.ndarray:
    """Return by which factors the PSF is wider at offsets ``x`` east of the middle."""
    blurred = spec.defocused if exposure == spec.n_exposures - 1 else 0.0
    along = np.clip((x / half_side + 1) / 2, 0, 1)
    return (1 + blurred) * (1 + spec.gradient * along)


def pixel_profile(view: ChipView, side: float = 1.0) -> Any:
    """Return a pixel of a chip, or a drop ``side`` times as large, on the sky."""
    jacobian = view.jacobian_arcsec((view.nx - 1) / 2, (view.ny - 1) / 2)
    return galsim().Pixel(side).transform(*jacobian.ravel()).withFlux(1.0)


@dataclass(frozen=True)
class ChipPsf:
    """The PSF on one chip, at its middle, for all exposures and as many widths as are asked for.

    Attributes
    ----------
    telescope : `~hstdriz_study.validate.scenes.telescope.Telescope`
    view : `~hstdriz_study.optics.chip_view.ChipView`
        Of the chip in one exposure; dithers do not change its shape.
    """

    telescope: Telescope
    view: ChipView
    _painters: dict[int, StarPainter] = field(default_factory=dict)

    def star_painter(self, wider: float) -> StarPainter:
        """Return what paints stars ``wider`` times as wide, to half a step of 1 %."""
        step = round(float(wider - 1) / _WIDENING_STEP)
        if step not in self._painters:
            psf = self.telescope.psf.dilate(1 + step * _WIDENING_STEP)
            self._painters[step] = StarPainter(pixel_integrated(psf, self.view))
        return self._painters[step]

    def for_photons(self, wider: float) -> Any:
        """Return the PSF on the sky, without the pixel, as photons follow it."""
        return on_sky(self.telescope.tabulated.dilate(wider), self.view)


@dataclass(frozen=True)
class ChipPainter:
    """Paints sources on one chip of one exposure.

    Attributes
    ----------
    psf : `ChipPsf`
    view : `~hstdriz_study.optics.chip_view.ChipView`
    """

    psf: ChipPsf
    view: ChipView

    def paint(self, sources: QTable, wider: np.ndarray, exptime_s: float, seed: int) -> Light:
        """Paint all sources whose light reaches the chip.

        Parameters
        ----------
        sources : `~astropy.table.QTable`
            As `~hstdriz_study.validate.scenes.catalogue.catalogue` gives it.
        wider : (N,) `~numpy.ndarray`
            Factor by which each source's PSF is wider.
        exptime_s : float
        seed : int
            Of the photons.
        """
        ny, nx = self.view.ny, self.view.nx
        xy = self.view.sky_to_pixel(sources["ra"].to_value("deg"), sources["dec"].to_value("deg"))
        stars, photons = np.zeros((ny, nx)), galsim().ImageD(nx, ny)
        deviate = galsim().BaseDeviate(seed + 1)  # 0 would be the clock
        reach = self._reach_px(sources)
        with np.errstate(invalid="ignore"):
            near = ((xy > -reach[:, None]) & (xy < np.array([nx, ny]) + reach[:, None])).all(axis=1)
        for index in np.flatnonzero(near):
            x, y = xy[index]
            source = sources[index]
            light = source["flux"].value * self.view.counts_per_flux(x, y)
            if source["kind"] == STAR:
                self.psf.star_painter(wider[index]).add(stars, x, y, light)
            else:
                profile = self._galaxy(source, wider[index]).withFlux(light * exptime_s)
                self._shoot(profile, photons, (x, y), reach[index], deviate)
        return Light(stars, photons.array, xy)

    def _reach_px(self, sources: QTable) -> np.ndarray:
        half_light = sources["half_light_radius"].to_value("arcsec")
        reach = _HALF_LIGHTS * half_light / self.view.drizzle_scale_arcsec + _MIN_REACH_PX
        return np.where(sources["kind"] == STAR, HALF_PX, np.ceil(reach))

    def _galaxy(self, source: Row, wider: float) -> Any:
        gs = galsim()
        q = float(source["axis_ratio"])
        half_light = float(source["half_light_radius"].to_value("arcsec")) * np.sqrt(q)
        galaxy = gs.Sersic(float(source["sersic_index"]), half_light_radius=half_light)
        galaxy = galaxy.shear(q=q, beta=float(source["angle"].to_value("rad")) * gs.radians)
        return gs.Convolve([galaxy, self.psf.for_photons(wider)])

    def _shoot(
        self, profile: Any, image: Any, xy: tuple[float, float], reach: float, deviate: Any
    ) -> None:
        gs = galsim()
        x, y = (value + 1 for value in xy)  # GalSim counts pixels from 1
        half = int(reach)
        window = (
            gs.BoundsI(round(x) - half, round(x) + half, round(y) - half, round(y) + half)
            & image.bounds
        )
        if window.isDefined():
            wcs = gs.JacobianWCS(*self.view.jacobian_arcsec(*xy).ravel())
            profile.drawImage(
                image=image[window], wcs=wcs, center=gs.PositionD(x, y), method="phot",
                rng=deviate, poisson_flux=True, add_to_image=True,
            )  # fmt: skip


def pixel_integrated(psf: Any, view: ChipView) -> EffectivePSF:
    """Integrate a PSF over the pixels of a chip and sample it finely."""
    gs = galsim()
    jacobian = view.jacobian_arcsec((view.nx - 1) / 2, (view.ny - 1) / 2)
    profile = gs.Convolve([on_sky(psf, view), pixel_profile(view)])
    n = 2 * HALF_PX * _OVERSAMPLING + 1
    fine = gs.JacobianWCS(*(jacobian / _OVERSAMPLING).ravel())
    image = profile.drawImage(gs.ImageD(n, n, wcs=fine), method="no_pixel")
    return EffectivePSF(image.array * _OVERSAMPLING**2, _OVERSAMPLING, HALF_PX)
