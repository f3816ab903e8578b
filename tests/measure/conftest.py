"""Shared scenes: drizzled frames, analytic PSFs, points made of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from astropy.table import Table
from astropy.wcs import WCS

from hstdriz_study.contracts import (
    Drizzled,
    DrizzleSettings,
    MeasureContext,
    MeasureGeometry,
    Patch,
    PointPixels,
    StudyRegions,
)

Surface = Callable[[np.ndarray, np.ndarray], np.ndarray]

RA, DEC = 150.0, 2.2
GEOMETRY = MeasureGeometry(
    native_scale_arcsec=0.128,
    psf_fwhm_arcsec=0.22,
    aperture_radius_arcsec=0.4,
    ee_radius_arcsec=1.0,
    fit_box_arcsec=0.9,
    sky_box_arcsec=1.8,
    preview_box_arcsec=6.0,
)


def square_drops(scale_arcsec: float, pixfrac: float) -> DrizzleSettings:
    return DrizzleSettings(
        final_scale_arcsec=scale_arcsec, final_pixfrac=pixfrac, final_kernel="square",
        final_wht_type="EXP", final_rot=0.0, final_refimage=None, final_bits="0",
    )  # fmt: skip


@dataclass(frozen=True)
class Scenes:
    """Everything a test needs to build pixels of known truth."""

    geometry: MeasureGeometry = GEOMETRY

    def tan_wcs(
        self,
        scale_arcsec: float,
        shape: tuple[int, ...],
        shift_px: tuple[float, float] = (0.0, 0.0),
    ) -> WCS:
        wcs = WCS(naxis=2)
        wcs.wcs.ctype = ["RA---TAN", "DEC--TAN"]
        wcs.wcs.crval = [RA, DEC]
        wcs.wcs.crpix = [(shape[1] + 1) / 2 + shift_px[0], (shape[0] + 1) / 2 + shift_px[1]]
        wcs.wcs.cdelt = [-scale_arcsec / 3600, scale_arcsec / 3600]
        return wcs

    def drizzled(
        self,
        sci: np.ndarray,
        wht: np.ndarray,
        scale_arcsec: float,
        pixfrac: float = 1.0,
        **changes: Any,
    ) -> Drizzled:
        made = Drizzled(
            sci=np.where(wht > 0, sci, np.nan).astype(np.float32),
            wht=np.asarray(wht, dtype=np.float32),
            wcs=self.tan_wcs(scale_arcsec, sci.shape),
            settings=square_drops(scale_arcsec, pixfrac),
            exptime_s=2400.0,
        )
        return replace(made, **changes)

    def regions(
        self,
        n_stars: int = 0,
        flux_native: np.ndarray | None = None,
        *,
        sky_boxes: np.ndarray | None = None,
        weight_boxes: np.ndarray | None = None,
        weight_box_arcsec: float = 2.0,
        full_depth: tuple[np.ndarray, ...] = (),
    ) -> StudyRegions:
        flux = np.ones(n_stars) if flux_native is None else np.asarray(flux_native)
        stars = Table(
            {
                "id": np.arange(n_stars),
                "ra": np.full(n_stars, RA),
                "dec": np.full(n_stars, DEC),
                "flux_native": flux,
            }
        )
        return StudyRegions(
            stars=stars,
            candidates=stars,
            sky_boxes=np.empty((0, 2)) if sky_boxes is None else sky_boxes,
            weight_boxes=np.empty((0, 2)) if weight_boxes is None else weight_boxes,
            weight_box_arcsec=weight_box_arcsec,
            full_depth=tuple(full_depth),
            preview_center=(RA, DEC),
            preview_stretch=(0.0, 1.0),
            star_stretch=(0.0, 1.0),
            geometry=self.geometry,
        )

    def context(self, regions: StudyRegions, **changes: Any) -> MeasureContext:
        made = MeasureContext(
            regions=regions,
            zero_point_abmag=None,
            n_exposures=4,
            min_stars=5,
            n_bootstrap=200,
            seed=7,
        )
        return replace(made, **changes)

    def point(
        self,
        scale_arcsec: float,
        *,
        stars: Sequence[Patch] = (),
        sky: Sequence[Patch] = (),
        weight_tiles: Sequence[np.ndarray] = (),
        pixfrac: float = 1.0,
    ) -> PointPixels:
        blank = Patch(np.zeros((3, 3)), np.ones((3, 3)), 1.0, 1.0)
        return PointPixels(
            stars=tuple(stars),
            sky=tuple(sky),
            weight_tiles=tuple(weight_tiles),
            preview=blank,
            settings=square_drops(scale_arcsec, pixfrac),
        )

    def star_point(
        self,
        surface: Surface,
        scale_arcsec: float,
        n_stars: int,
        rng: np.random.Generator,
        snr: np.ndarray | None = None,
    ) -> tuple[PointPixels, np.ndarray]:
        """Stars at random sub-pixel places.

        ``surface(dx, dy)`` is the effective PSF, per arcsec^2 at offsets in
        arcsec; ``snr`` is each star's signal to noise inside 0.4 arcsec (sky
        noise only). Returns the point and the stars' fluxes.
        """
        half = int(np.ceil(1.5 * self.geometry.ee_radius_arcsec / scale_arcsec)) + 1
        grid = (np.arange(2 * half + 1) - half).astype(float)
        fluxes = np.exp(rng.uniform(np.log(50), np.log(500), n_stars))
        stars = []
        for i, flux in enumerate(fluxes):
            x, y = rng.uniform(-0.5, 0.5, 2)
            dx, dy = np.meshgrid((grid - x) * scale_arcsec, (grid - y) * scale_arcsec)
            image = flux * surface(dx, dy) * scale_arcsec**2
            if snr is not None:
                n_pixels = np.pi * (0.4 / scale_arcsec) ** 2
                noise = flux / snr[i] / np.sqrt(n_pixels)
                image = image + noise * rng.normal(size=image.shape)
            stars.append(Patch(image, np.ones(image.shape), half + x, half + y))
        return self.point(scale_arcsec, stars=stars), fluxes

    def gaussian(self, fwhm_arcsec: float, axis_ratio: float = 1.0) -> Surface:
        a = fwhm_arcsec / np.sqrt(8 * np.log(2))
        b = a * axis_ratio
        return lambda dx, dy: np.exp(-0.5 * ((dx / a) ** 2 + (dy / b) ** 2)) / (2 * np.pi * a * b)


@pytest.fixture(scope="session")
def scenes() -> Scenes:
    return Scenes()
