"""From a scene to a directory of exposures under our headers, with its truth beside them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.optics.detector import SATURATED_BIT, Window
from hstdriz_study.simulate.exposing import ChipDefects, chip_defects
from hstdriz_study.simulate.generate import rootnames, write_exposure, write_references
from hstdriz_study.simulate.headers import ChipPixels
from hstdriz_study.simulate.pointing import dither_offset_px, plan_pointings, reference_directory
from hstdriz_study.validate.scenes.catalogue import catalogue
from hstdriz_study.validate.scenes.library import galsim
from hstdriz_study.validate.scenes.painting import ChipPainter, ChipPsf, widening
from hstdriz_study.validate.scenes.telescope import telescope

if TYPE_CHECKING:
    from pathlib import Path

    from astropy.table import QTable

    from hstdriz_study.simulate import Band
    from hstdriz_study.simulate.pointing import Pointing
    from hstdriz_study.validate.scenes.painting import Light
    from hstdriz_study.validate.scenes.spec import SceneSpec

TRUTH_NAME = "truth.ecsv"
_DEFECT_STREAM, _NOISE_STREAM, _HOT_STREAM = 22, 23, 24
_FILL = 1.1  # sources are scattered over so many sides of the window
_HOT_E_PER_S = 1.0
_SERIES = "sc"


def windows(band: Band, side_px: int) -> tuple[Window, ...]:
    """Return the parts of the chips that are read out: a square in the middle of the detector."""
    detector = band.detector
    if len(detector.chips) == 1:
        x0, y0 = (detector.chip_nx - side_px) // 2, (detector.chip_ny - side_px) // 2
        return (Window(x0, y0, side_px, side_px),)
    x0, half = (detector.chip_nx - side_px) // 2, side_px // 2
    return (Window(x0, detector.chip_ny - half, side_px, half), Window(x0, 0, side_px, half))


def side_arcsec(band: Band, side_px: int) -> float:
    """Return the side of the square that a scene fills, a little larger than the window."""
    return _FILL * side_px * max(band.detector.pixel_arcsec)


def write_scene(directory: Path, band: Band, spec: SceneSpec) -> QTable:
    """Simulate the exposures of a scene with GalSim.

    Written are flt or flc files as they are before ``updatewcs``, ``ref/`` with the distortion
    table and the flat field (even), and ``truth.ecsv``.

    Parameters
    ----------
    directory : `~pathlib.Path`
        Made if it is missing.
    band : `~hstdriz_study.simulate.Band`
    spec : `~hstdriz_study.validate.scenes.spec.SceneSpec`

    Returns
    -------
    truth : `~astropy.table.QTable`
        As `~hstdriz_study.validate.scenes.catalogue.catalogue`, with ``saturated`` (the pixel at
        the centre reaches full well in an exposure) and ``n_exposures`` that hold the centre.

    Raises
    ------
    StudyError
        If GalSim is not installed.
    """
    truth = catalogue(spec, band, side_arcsec(band, spec.side_px))
    return expose_catalogue(directory, band, spec, truth)


def expose_catalogue(directory: Path, band: Band, spec: SceneSpec, truth: QTable) -> QTable:
    """Simulate exposures of given sources; as `write_scene`."""
    read_out = windows(band, spec.side_px)
    band = replace(band, detector=replace(band.detector, subarray=read_out))
    pointings = scene_pointings(directory, band, spec)
    optics = telescope(band)
    psfs = [ChipPsf(optics, view) for view in pointings[0].chips]
    defects = [_defects(band, window, spec, chip) for chip, window in enumerate(read_out)]
    x, half = truth["x"].to_value("arcsec"), side_arcsec(band, spec.side_px) / 2
    saturated, seen = np.zeros(len(truth), bool), np.zeros(len(truth), int)
    for index, pointing in enumerate(pointings):
        wider = widening(spec, index, x, half)
        chips = []
        for chip, view in enumerate(pointing.chips):
            seed = _seed(spec, _NOISE_STREAM, index, chip)
            light = ChipPainter(psfs[chip], view).paint(truth, wider, band.exptime_s, seed)
            pixels = expose(band, light, defects[chip], seed)
            saturated |= _reaches_full_well(light, pixels)
            seen += light.inside
            chips.append(pixels)
        write_exposure(directory, pointing, chips)
    truth["saturated"], truth["n_exposures"] = saturated, seen
    truth.meta = {"filter": band.name, "zero_point_abmag": band.zero_point_abmag}
    truth.write(directory / TRUTH_NAME, format="ascii.ecsv", overwrite=True)
    return truth


def scene_pointings(directory: Path, band: Band, spec: SceneSpec) -> list[Pointing]:
    """Write the reference files of a scene and point the telescope."""
    detector, read_out = band.detector, band.detector.subarray
    shapes = [(window.ny, window.nx) for window in read_out]
    if len(read_out) == 1:
        shapes = [(detector.chip_ny, detector.chip_nx)]
    flats = [np.ones(shape, np.float32) for shape in shapes]
    reference = write_references(directory, band, read_out, flats)
    offsets = [dither_offset_px(detector, index) for index in range(spec.n_exposures)]
    with reference_directory(detector, reference):
        names = rootnames(band, _SERIES, spec.n_exposures)
        return plan_pointings(band, read_out, names, offsets)


def expose(band: Band, light: Light, defects: ChipDefects, seed: int) -> ChipPixels:
    """Take one noisy exposure of a chip and calibrate it."""
    gs, detector, exptime_s = galsim(), band.detector, band.exptime_s
    deviate = gs.BaseDeviate(seed + 2)
    expected = (light.stars_e_per_s + band.sky_e_per_s) * defects.response + defects.dark_e_per_s
    image = gs.ImageD(np.clip(expected, 0, None) * exptime_s)
    image.addNoise(gs.PoissonNoise(deviate))
    electrons = image.array + light.galaxies_e * defects.response
    rng = np.random.default_rng(seed)
    shape = electrons.shape
    electrons += defects.unstable_e_per_s * exptime_s * rng.standard_normal(shape)
    electrons += detector.cosmic_rays.electrons(exptime_s, shape, rng)
    saturated = electrons >= detector.full_well_e
    electrons = np.where(saturated, detector.full_well_e, electrons)
    read_noise_e = float(np.mean(detector.read_noise_e))
    variance = np.clip(electrons, 0, None) + read_noise_e**2
    image = gs.ImageD(electrons)
    image.addNoise(gs.GaussianNoise(deviate, sigma=read_noise_e))
    unit = exptime_s if detector.counts_per_second else 1.0
    dq = defects.dq | np.where(saturated, SATURATED_BIT, 0).astype(np.int16)
    subtracted = detector.dark_e_per_s * exptime_s + _known_dark_e(band, defects)
    sci = ((image.array - subtracted) / unit).astype(np.float32)
    return ChipPixels(sci, (np.sqrt(variance) / unit).astype(np.float32), dq)


def _known_dark_e(band: Band, defects: ChipDefects) -> np.ndarray:
    """Return what calibration takes off beyond the usual dark: of flagged pixels."""
    excess = (defects.dark_e_per_s - band.detector.dark_e_per_s) * band.exptime_s
    return np.where(defects.dq > 0, excess, 0.0)


def _defects(band: Band, window: Window, spec: SceneSpec, chip: int) -> ChipDefects:
    """Draw bad pixels, and hot ones that no flag tells."""
    rng = np.random.default_rng([spec.seed, _DEFECT_STREAM, chip])
    defects = chip_defects(band.detector, window, rng)
    rng = np.random.default_rng([spec.seed, _HOT_STREAM, chip])
    hot = (rng.random(defects.dq.shape) < spec.hot_fraction) & (defects.dq == 0)
    glow = np.where(hot, _HOT_E_PER_S * rng.exponential(1.0, hot.shape), 0.0)
    return replace(defects, dark_e_per_s=defects.dark_e_per_s + glow)


def _reaches_full_well(light: Light, pixels: ChipPixels) -> np.ndarray:
    """Find sources at whose centre a pixel is saturated."""
    reached, inside = np.zeros(len(light.xy), bool), light.inside
    columns, rows = np.round(light.xy[inside]).astype(int).T
    reached[inside] = (pixels.dq[rows, columns] & SATURATED_BIT) > 0
    return reached


def _seed(spec: SceneSpec, *keys: int) -> int:
    return int(np.random.default_rng([spec.seed, *keys]).integers(2**30))
