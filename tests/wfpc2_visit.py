"""A real WFPC2 frame among synthetic exposures under its headers, with its stars dithered."""

from __future__ import annotations

import gc
import gzip
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from astropy.io import fits
from scipy.ndimage import shift
from stsci.tools.convertwaiveredfits import convertwaiveredfits
from stwcs.wcsutil import HSTWCS

from hstdriz_study.dataset.wfpc2 import CAMERAS
from hstdriz_study.dataset.wfpc2_chips import gather
from hstdriz_study.foreign import confined
from hstdriz_study.optics.psf import EffectivePSF, Optics, effective_psf
from hstdriz_study.prepare.wcs import run_updatewcs
from tests.companions import Sources, painted, sources_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

ROOT = "u40x010hm"
SCALE_ARCSEC = {"PC": 0.0455, "WF": 0.0996}
# Electrons in one DN and read noise in electrons, by ATODGAIN (WFPC2 Instrument Handbook, 4.4)
GAINS = {
    7: {1: (7.12, 5.24), 2: (7.12, 5.51), 3: (6.90, 5.22), 4: (7.10, 5.19)},
    15: {1: (13.99, 7.02), 2: (14.50, 7.84), 3: (13.95, 6.99), 4: (13.95, 8.32)},
}
OF_FRAME = 7
REFERENCE_CHIP = 3
# Adjusted to the stars of the real frame: light of the brightest pixel in PC, width in WF.
JITTER_ARCSEC = {"PC": 0.020, "WF": 0.045}
CAMERA_OF = {chip: camera for camera, chips in CAMERAS.items() for chip in chips}


def model(camera: str) -> EffectivePSF:
    """Return the PSF of F555W on a camera's own pixels."""
    optics = Optics(
        inner_radius=0.33, outer_radius=1.0, vane_width=0.022,
        aberrations_waves=(0.0, 0.0, 0.0, 0.02, 0.0), jitter_arcsec=JITTER_ARCSEC[camera],
        diffusion=((0.55, 0.0125, 0.05, 0.75),), halo_fraction=0.05, halo_sigma_arcsec=0.5,
    )  # fmt: skip
    return effective_psf(optics, 0.5443, 0.25, SCALE_ARCSEC[camera] * np.eye(2), half_px=25)


def unpacked(real: Path, directory: Path) -> tuple[Path, Path]:
    """Unpack the real frame's pixels and flags."""
    made = []
    for kind in ("c0f", "c1f"):
        path = directory / f"{ROOT}_{kind}.fits"
        with gzip.open(real / f"{path.name}.gz") as packed, path.open("wb") as plain:
            shutil.copyfileobj(packed, plain)
        made.append(path)
    return made[0], made[1]


def write_visit(real: Path, references: Path, directory: Path) -> None:
    """Write the real frame, packed as it is, and companions as the archive has them now."""
    scratch = directory.with_name(f"{directory.name}-scratch")
    scratch.mkdir()
    frame = unpacked(real, scratch)
    seen = dict(_seen(frame, references, scratch))
    for path in frame:
        shutil.copy(real / f"{path.name}.gz", directory)
    for companion in COMPANIONS:
        paths = companion.write_headers(frame, directory)
        companion.expose(paths[0], seen, _wcs_of(*paths, references, scratch))
    shutil.rmtree(scratch)


@dataclass(frozen=True)
class Companion:
    """An exposure under the real one's headers, its stars moved by pixels of chip 3."""

    number: int
    offset_px: tuple[float, float]
    atodgain: int = OF_FRAME

    def write_headers(self, frame: tuple[Path, Path], directory: Path) -> tuple[Path, Path]:
        """Write pixels and flags with headers moved; return their paths."""
        root = f"{ROOT[:6]}{self.number}am"
        for kind, original in zip(("c0m", "c1m"), frame, strict=True):
            with convertwaiveredfits(str(original)) as hdus:
                self._move(hdus, f"{root}_{kind}.fits")
                hdus.writeto(directory / f"{root}_{kind}.fits", output_verify="silentfix")
        return directory / f"{root}_c0m.fits", directory / f"{root}_c1m.fits"

    def expose(
        self, pixels: Path, seen: Mapping[int, Sources], wcs_of: Mapping[int, HSTWCS]
    ) -> None:
        """Put light and noise into the pixels."""
        rng = np.random.default_rng(self.number)
        with fits.open(pixels, mode="update") as hdus:
            for hdu in hdus[1:]:
                chip = hdu.header["DETECTOR"]
                gain, noise = GAINS[self.atodgain][chip]
                light = shift(seen[chip].between_e, self.offset_px[::-1], order=1, mode="nearest")
                light += _stars(wcs_of[chip], chip, seen[chip])
                electrons = rng.poisson(np.clip(light, 0, None)) + rng.normal(0, noise, light.shape)
                hdu.data = (electrons / gain).astype(np.float32)

    def _move(self, hdus: fits.HDUList, name: str) -> None:
        primary = hdus[0].header
        primary["ROOTNAME"], primary["FILENAME"] = name[:9], name
        primary["ATODGAIN"] = self.atodgain
        for keyword in ("EXPSTART", "EXPEND"):
            primary[keyword] += self.number * 0.002
        header = next(hdu.header for hdu in hdus[1:] if hdu.header["DETECTOR"] == REFERENCE_CHIP)
        cd = np.array([[header[f"CD{i}_{j}"] for j in (1, 2)] for i in (1, 2)])
        east, north = -cd @ np.array(self.offset_px)
        east /= np.cos(np.deg2rad(header["CRVAL2"]))
        for hdu in hdus[1:]:
            hdu.header["ROOTNAME"] = hdu.header["EXPNAME"] = name[:9]
            hdu.header["CRVAL1"] += east
            hdu.header["CRVAL2"] += north
            chip = hdu.header["DETECTOR"]
            hdu.header["PHOTFLAM"] *= GAINS[self.atodgain][chip][0] / GAINS[OF_FRAME][chip][0]


COMPANIONS = (
    Companion(1, (5.0, 2.5)),
    Companion(2, (2.5, 5.5)),
    Companion(3, (-2.5, 3.0), atodgain=15),
)


def _wcs_of(pixels: Path, flags: Path, references: Path, scratch: Path) -> dict[int, HSTWCS]:
    """Return the WCS with distortion of each chip, by its number."""
    found = {}
    for camera, chips in CAMERAS.items():
        made = scratch / f"{camera.lower()}_flt.fits"
        made.unlink(missing_ok=True)
        gather(pixels, flags, chips, made)
        with confined(scratch, {"uref": f"{references}/"}, scratch / "log"):
            run_updatewcs([made.name])
            gc.collect()  # files that stwcs leaves open
        with fits.open(made) as hdus:
            for version, chip in enumerate(chips, 1):
                found[chip] = HSTWCS(hdus, ("SCI", version))
    return found


def _seen(
    frame: tuple[Path, Path], references: Path, scratch: Path
) -> Iterator[tuple[int, Sources]]:
    """Give what each chip shows, by its number."""
    wcs_of = _wcs_of(*frame, references, scratch)
    with convertwaiveredfits(str(frame[0])) as hdus, convertwaiveredfits(str(frame[1])) as flags:
        for hdu, bad in zip(hdus[1:], flags[1:], strict=True):
            chip = hdu.header["DETECTOR"]
            electrons = hdu.data.astype(float) * GAINS[OF_FRAME][chip][0]
            # what the pyramid shades, and defects, are no light
            electrons[bad.data & 2 > 0] = np.median(electrons)
            yield chip, sources_in(electrons, wcs_of[chip], model(CAMERA_OF[chip]), 1.8)


def _stars(wcs: HSTWCS, chip: int, seen: Sources) -> np.ndarray:
    x, y = wcs.all_world2pix(seen.ra_deg, seen.dec_deg, 0, quiet=True)
    return painted((800, 800), model(CAMERA_OF[chip]), x, y, seen.electrons)
