"""Synthetic exposures that belong to a real one: its headers and stars, other dither and noise."""

from __future__ import annotations

import gc
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits
from astropy.stats import sigma_clipped_stats
from photutils.aperture import CircularAperture, aperture_photometry
from photutils.detection import DAOStarFinder
from scipy.ndimage import median_filter, shift
from stwcs.wcsutil import HSTWCS

from hstdriz_study.foreign import confined
from hstdriz_study.optics.psf import EffectivePSF, StarPainter, effective_psf
from hstdriz_study.prepare.wcs import run_updatewcs

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.simulate import Band

N_ROUNDS = 3  # of fluxes that take off the light of neighbours
APERTURE_PX = 2.0
HALF_PX = 20  # of a star that is painted; farther wings are light between stars
THRESHOLD = 40  # standard deviations
OVERHEAD_DAY = 0.002


@dataclass(frozen=True)
class Sources:
    """What a real frame is taken to show: stars on the sky, light between them on its pixels."""

    ra_deg: np.ndarray
    dec_deg: np.ndarray
    electrons: np.ndarray
    between_e: np.ndarray


def update(path: Path, references: Path) -> None:
    """Put the distortion into the headers of an exposure, in place."""
    with confined(path.parent, {"jref": f"{references}/"}, path.with_suffix(".log")):
        run_updatewcs([path.name])
        gc.collect()  # files that stwcs leaves open


def model_psf(band: Band) -> EffectivePSF:
    """Return the PSF on the detector's own pixels."""
    metric = np.diag(band.detector.pixel_arcsec)
    half_px = band.detector.psf_half_px
    return effective_psf(
        band.detector.optics, band.pivot_um, band.bandwidth, metric, half_px=half_px
    )


def painted(shape, psf: EffectivePSF, x, y, electrons) -> np.ndarray:
    """Return an image of stars alone."""
    image, painter = np.zeros(shape), StarPainter(psf)
    for star in zip(x, y, electrons, strict=True):
        painter.add(image, *star)
    return image


def found_sources(frame: Path, band: Band, fwhm_px: float = 2.2) -> Sources:
    """Find the stars of a real frame whose WCS is up to date, and their fluxes."""
    with fits.open(frame) as hdus:
        data, wcs = hdus["SCI", 1].data.astype(float), HSTWCS(hdus, ("SCI", 1))
    return sources_in(data, wcs, model_psf(band), fwhm_px)


def sources_in(data: np.ndarray, wcs: HSTWCS, psf: EffectivePSF, fwhm_px: float) -> Sources:
    """Find the stars of a chip, in electrons, and their fluxes."""
    _, sky, noise = sigma_clipped_stats(data, sigma=2.5)
    found = DAOStarFinder(threshold=THRESHOLD * noise, fwhm=fwhm_px)(data - sky)
    x, y = np.array(found["x_centroid"]), np.array(found["y_centroid"])
    apertures = CircularAperture(np.column_stack([x, y]), APERTURE_PX)
    one = painted((101, 101), psf, [50.0], [50.0], [1.0])
    inside = float(
        aperture_photometry(one, CircularAperture((50, 50), APERTURE_PX))["aperture_sum"][0]
    )
    electrons, model = np.zeros(len(x)), np.zeros_like(data)
    for _ in range(N_ROUNDS):
        left = aperture_photometry(data - sky - model, apertures)["aperture_sum"] / inside
        electrons = np.clip(electrons + 0.8 * np.array(left), 0, None)
        model = painted(data.shape, psf, x, y, electrons)
        sky = float(np.median(data - model))
    ra, dec = wcs.all_pix2world(x, y, 0)
    return Sources(ra, dec, electrons, median_filter(data - model, 3))


@dataclass(frozen=True)
class Companion:
    """An exposure under a real one's headers, its stars moved by an offset in pixels."""

    root: str
    offset_px: tuple[float, float]
    seed: int

    def write(self, frame: Path, sources: Sources, band: Band, references: Path) -> Path:
        """Write it beside the others of its visit; return its path."""
        path = frame.with_name(f"{self.root}{frame.name[9:]}")
        shutil.copyfile(frame, path)
        with fits.open(path, mode="update") as hdus:
            self._move(hdus, path.name)
        rate = _stars(path, sources, band, references) + self._between(sources)
        with fits.open(path, mode="update") as hdus:
            _expose(hdus, rate, band, np.random.default_rng(self.seed))
        return path

    def _between(self, sources: Sources) -> np.ndarray:
        moved = shift(sources.between_e, self.offset_px[::-1], order=1, mode="nearest")
        return np.clip(moved, 0, None)

    def _move(self, hdus: fits.HDUList, name: str) -> None:
        primary, science = hdus[0].header, hdus["SCI", 1].header
        primary["ROOTNAME"], primary["FILENAME"] = self.root, name
        for keyword in ("EXPSTART", "EXPEND"):
            primary[keyword] += self.seed * OVERHEAD_DAY
        cd = np.array([[science[f"CD{i}_{j}"] for j in (1, 2)] for i in (1, 2)])
        east, north = -cd @ np.array(self.offset_px)
        east /= np.cos(np.deg2rad(science["CRVAL2"]))
        for hdu in hdus[1:]:
            hdu.header["EXPNAME"] = self.root
            hdu.header["CRVAL1"] += east
            hdu.header["CRVAL2"] += north


def _expose(hdus: fits.HDUList, rate: np.ndarray, band: Band, rng: np.random.Generator) -> None:
    full_well, noise_e = band.detector.full_well_e, band.detector.read_noise_e[0]
    electrons = rng.poisson(rate) + rng.normal(0, noise_e, rate.shape)
    saturated = np.where(electrons >= full_well, 256, 0).astype(np.int16)
    hdus["SCI", 1].data = np.minimum(electrons, full_well).astype(np.float32)
    hdus["ERR", 1].data = np.sqrt(rate + noise_e**2).astype(np.float32)
    # flags of the detector stay, those of light do not
    hdus["DQ", 1].data = (hdus["DQ", 1].data & ~(256 | 2048)) | saturated


def _stars(path: Path, sources: Sources, band: Band, references: Path) -> np.ndarray:
    """Return the electrons that the stars give, by the exposure's own WCS."""
    scratch = path.with_name(f"scratch_{path.name}")
    shutil.copyfile(path, scratch)
    update(scratch, references)
    with fits.open(scratch) as hdus:
        wcs, shape = HSTWCS(hdus, ("SCI", 1)), hdus["SCI", 1].shape
    scratch.unlink()
    x, y = wcs.all_world2pix(sources.ra_deg, sources.dec_deg, 0)
    return painted(shape, model_psf(band), x, y, sources.electrons)
