"""From count rates to calibrated pixels: noise, cosmic rays, defects, saturation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import zoom

from hstdriz_study.optics.detector import SATURATED_BIT
from hstdriz_study.simulate.headers import ChipPixels

if TYPE_CHECKING:
    from hstdriz_study.optics.detector import Detector, Window
    from hstdriz_study.simulate.bands import Band

_FLAT_NODES = 9
_FLAT_SMOOTH_RMS = 0.02
_FLAT_PIXEL_RMS = 0.006


@dataclass(frozen=True)
class ChipDefects:
    """Bad pixels of a chip, the same in all exposures.

    Attributes
    ----------
    dq : 2D int16 `~numpy.ndarray`
    dark_e_per_s : 2D `~numpy.ndarray`
        Dark current, hot pixels included.
    unstable_e_per_s : 2D `~numpy.ndarray`
        RMS of the dark current that differs between exposures.
    response : 2D `~numpy.ndarray`
        Sensitivity that the flat field does not correct.
    """

    dq: np.ndarray
    dark_e_per_s: np.ndarray
    unstable_e_per_s: np.ndarray
    response: np.ndarray


def chip_defects(detector: Detector, window: Window, rng: np.random.Generator) -> ChipDefects:
    """Draw the bad pixels of a chip."""
    shape = (window.ny, window.nx)
    dq = np.zeros(shape, np.int16)
    dark = np.full(shape, detector.dark_e_per_s, np.float32)
    unstable = np.zeros(shape, np.float32)
    response = np.ones(shape, np.float32)
    for defect in detector.defects:
        hit = rng.random(shape, np.float32) < defect.fraction
        dq[hit] |= defect.dq_bit
        dark[hit] += defect.dark_e_per_s * (0.5 + rng.exponential(1.0, np.count_nonzero(hit)))
        unstable[hit] = np.maximum(unstable[hit], defect.unstable_e_per_s)
        response[hit] *= defect.response
    return ChipDefects(dq, dark, unstable, response)


def blank_defects(detector: Detector, window: Window) -> ChipDefects:
    """Return a chip without a bad pixel."""
    shape = (window.ny, window.nx)
    dark = np.full(shape, detector.dark_e_per_s, np.float32)
    return ChipDefects(np.zeros(shape, np.int16), dark, 0 * dark, np.ones(shape, np.float32))


def flat_field(nx: int, ny: int, rng: np.random.Generator) -> np.ndarray:
    """Draw a flat field: smooth structure of 2 % and pixel structure of 0.6 %, mean 1."""
    nodes = rng.normal(0, _FLAT_SMOOTH_RMS, (_FLAT_NODES, _FLAT_NODES)).astype(np.float32)
    smooth = zoom(nodes, (ny / _FLAT_NODES, nx / _FLAT_NODES), order=3, mode="nearest")
    flat = smooth[:ny, :nx] + rng.standard_normal((ny, nx), np.float32) * _FLAT_PIXEL_RMS
    return (1 + flat - flat.mean()).astype(np.float32)


def expose(
    band: Band,
    source_e_per_s: np.ndarray,
    flat: np.ndarray,
    defects: ChipDefects,
    rng: np.random.Generator,
) -> tuple[ChipPixels, np.ndarray]:
    """Take one noisy exposure of a chip and calibrate it.

    Parameters
    ----------
    band : `~hstdriz_study.simulate.bands.Band`
    source_e_per_s : 2D `~numpy.ndarray`
        Count rate of the sources in a flat-fielded image.
    flat : 2D `~numpy.ndarray`
    defects : `ChipDefects`
    rng : `~numpy.random.Generator`

    Returns
    -------
    pixels : `~hstdriz_study.simulate.headers.ChipPixels`
    hits : 2D bool `~numpy.ndarray`
        Pixels that a cosmic ray hit.
    """
    detector, shape = band.detector, source_e_per_s.shape
    light = (source_e_per_s + band.sky_e_per_s) * flat * defects.response
    electrons = rng.poisson((light + defects.dark_e_per_s) * band.exptime_s).astype(np.float32)
    electrons += defects.unstable_e_per_s * band.exptime_s * rng.standard_normal(shape, np.float32)
    hits = detector.cosmic_rays.electrons(band.exptime_s, shape, rng)
    electrons += hits
    saturated = electrons >= detector.full_well_e
    electrons[saturated] = detector.full_well_e
    noise_e = float(np.mean(detector.read_noise_e))
    # where photons are counted CALACS lets no error be below that of one
    variance = np.maximum(np.clip(electrons, 0, None) + noise_e**2, 1.0)
    electrons += noise_e * rng.standard_normal(shape, np.float32)
    dq = defects.dq | np.where(saturated, SATURATED_BIT, 0).astype(np.int16)
    dark_e = defects.dark_e_per_s * band.exptime_s
    unit = band.exptime_s if detector.counts_per_second else 1.0
    sci = ((electrons - dark_e) / flat / unit).astype(np.float32)
    err = (np.sqrt(variance) / flat / unit).astype(np.float32)
    return ChipPixels(sci, err, dq), hits > 0


def expose_noiseless(band: Band, source_e_per_s: np.ndarray) -> ChipPixels:
    """Return what an ideal detector without sky, dark, noise or defect would give."""
    unit = 1.0 if band.detector.counts_per_second else band.exptime_s
    sci = (source_e_per_s * unit).astype(np.float32)
    return ChipPixels(sci, np.ones_like(sci), np.zeros(sci.shape, np.int16))
