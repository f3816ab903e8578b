"""From a seed to simulated exposures as programmes have them, sound or one of them with a fault.

What varies between programmes is drawn: how many exposures, how long and how equal, how they are
dithered, how many stars and how bright a sky. What varies between the sound exposures of one of
them is drawn too: focus, guiding, sky and scattered light.
"""

from __future__ import annotations

import warnings
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from io import StringIO
from typing import TYPE_CHECKING

import astropy.units as u
import numpy as np
from astropy.coordinates import SkyCoord

from hstdriz_study.drizzlepac_options import updatewcs_options
from hstdriz_study.good_bits import COSMIC_RAY_BIT
from hstdriz_study.simulate.distortion import idctab_name, write_idctab
from hstdriz_study.simulate.exposing import chip_defects, expose
from hstdriz_study.simulate.generate import rootnames
from hstdriz_study.simulate.headers import LinearWCS, build_exposure
from hstdriz_study.simulate.painting import Painter
from hstdriz_study.simulate.pointing import (
    FIELD_DEG,
    dither_offset_px,
    plan_pointings,
    reference_directory,
)
from hstdriz_study.simulate.scene import Scene
from hstdriz_study.validate.planted import smeared

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.simulate.bands import Band
    from hstdriz_study.simulate.exposing import ChipDefects
    from hstdriz_study.simulate.pointing import Pointing
    from hstdriz_study.validate.planted import Planted

_DRAW_STREAM, _NOISE_STREAM = 31, 32
_N_EXPOSURES = (2, 6)
_MAX_STARS = 2000
_NO_STARS = 0.08  # of the sets; the others have 1 to 2000, as often tens as hundreds
_STAR_ABMAG = (18.0, 25.0)
_FIELD_RADIUS_ARCSEC = 32.0
_EXPTIME_S = (60.0, 1500.0)
_UNEQUAL = 0.3  # of the sets have exposure times that differ, by up to a factor of ten
_SKY_FACTOR = (0.4, 3.0)  # of the sets, by the sky of the simulator
_SKY_SCATTER = 0.05  # between the exposures of a set
_SCATTERED_LIGHT, _SCATTERED_FACTOR = 0.05, (1.5, 3.0)  # of the sets, in one exposure
_DITHER_PX = (0.5, 30.0)  # beside the detector's own pattern
_GUIDING_PX = 0.02
_BREATHING, _FOCUSED_PX = 0.03, 2.0  # widening at most, of stars of this FWHM


@dataclass(frozen=True)
class DrawnSet:
    """Exposures of one filter, before the noise.

    Attributes
    ----------
    seed : int
    bands : tuple of `~hstdriz_study.simulate.bands.Band`
        Of each exposure, with its own exposure time and sky.
    pointings : tuple of `~hstdriz_study.simulate.pointing.Pointing`
    light : tuple of tuple of 2D `~numpy.ndarray`
        Count rates of the sources on each chip of each exposure.
    defects : tuple of `~hstdriz_study.simulate.exposing.ChipDefects`
        Of each chip.
    n_stars : int
    reference_dir : `~pathlib.Path`
        Holds the distortion table.
    """

    seed: int
    bands: tuple[Band, ...]
    pointings: tuple[Pointing, ...]
    light: tuple[tuple[np.ndarray, ...], ...]
    defects: tuple[ChipDefects, ...]
    n_stars: int
    reference_dir: Path

    @property
    def scattered(self) -> bool:
        """Whether one exposure has the sky of scattered light."""
        skies = [band.sky_e_per_s for band in self.bands]
        return max(skies) > _SCATTERED_FACTOR[0] * np.exp(-3 * _SKY_SCATTER) * min(skies)


def draw_set(band: Band, seed: int, directory: Path) -> DrawnSet:
    """Draw a set and paint its stars; the distortion table goes into a directory."""
    rng = np.random.default_rng([seed, _DRAW_STREAM, band.stream])
    detector, windows = band.detector, band.detector.subarray
    bands = _own_bands(band, int(rng.integers(*_N_EXPOSURES, endpoint=True)), rng)
    n_stars = 0 if rng.random() < _NO_STARS else round(_log_uniform(rng, 1, _MAX_STARS))
    offsets = _offsets_px(band, len(bands), rng)
    write_idctab(directory / idctab_name(detector), band, windows)
    with reference_directory(detector, directory):
        pointings = plan_pointings(band, windows, rootnames(band, "sd", len(bands)), offsets)
    painter, scene = Painter(band, pointings[0].chips), _stars(n_stars, rng)
    light = tuple(
        tuple(
            smeared(painter.paint(scene, view).rate_e_per_s, _FOCUSED_PX, widening)
            for view in pointing.chips
        )
        for pointing, widening in zip(
            pointings, rng.uniform(0, _BREATHING, len(bands)), strict=True
        )
    )
    defects = tuple(chip_defects(detector, window, rng) for window in windows)
    return DrawnSet(seed, bands, tuple(pointings), light, defects, n_stars, directory)


def _own_bands(band: Band, n_exposures: int, rng: np.random.Generator) -> tuple[Band, ...]:
    """Draw exposure time and sky of each exposure."""
    seconds = np.full(n_exposures, _log_uniform(rng, *_EXPTIME_S))
    if rng.random() < _UNEQUAL:
        seconds *= 10 ** rng.uniform(-0.5, 0.5, n_exposures)
    sky = band.sky_e_per_s * _log_uniform(rng, *_SKY_FACTOR)
    skies = sky * np.exp(rng.normal(0, _SKY_SCATTER, n_exposures))
    if rng.random() < _SCATTERED_LIGHT:
        skies[rng.integers(n_exposures)] *= rng.uniform(*_SCATTERED_FACTOR)
    pairs = zip(seconds.tolist(), skies.tolist(), strict=True)
    return tuple(replace(band, exptime_s=t, sky_e_per_s=s) for t, s in pairs)


def _log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _offsets_px(band: Band, count: int, rng: np.random.Generator) -> list[tuple[float, float]]:
    more = rng.normal(0, _log_uniform(rng, *_DITHER_PX), (count, 2))
    more[0] = 0.0
    pattern = np.array([dither_offset_px(band.detector, number) for number in range(count)])
    return [(float(x), float(y)) for x, y in pattern + more]


def _stars(count: int, rng: np.random.Generator) -> Scene:
    """Scatter stars over the field, however close they lie to each other."""
    distance, angle = _FIELD_RADIUS_ARCSEC * np.sqrt(rng.random(count)), rng.uniform(0, 7, count)
    east, north = distance * np.cos(angle) * u.arcsec, distance * np.sin(angle) * u.arcsec
    there = SkyCoord(*FIELD_DEG, unit="deg").spherical_offsets_by(east, north)
    nothing = np.zeros(count)
    return Scene(
        kind=np.full(count, "star"), ra_deg=there.ra.deg, dec_deg=there.dec.deg,
        abmag_08um=rng.uniform(*_STAR_ABMAG, count), color_abmag=nothing,
        half_light_arcsec=nothing, axis_ratio=nothing + 1, angle_rad=nothing,
    )  # fmt: skip


def write_drawn(drawn: DrawnSet, number: int, directory: Path, planted: Planted) -> Path:
    """Take one exposure of a set, with the fault that is planted in it; return its file.

    Pixels hit by a cosmic ray are flagged as AstroDrizzle flags them, from the truth.
    """
    from stwcs.updatewcs import updatewcs

    band, pointing = drawn.bands[number], drawn.pointings[number]
    rng = np.random.default_rng([drawn.seed, _NOISE_STREAM, band.stream, number])
    error_px = rng.normal(0, _GUIDING_PX, 2)
    chips = []
    for light, defects in zip(drawn.light[number], drawn.defects, strict=True):
        seen = planted.on_light(light)
        pixels, hits = expose(band, seen, np.ones_like(light), defects, rng)
        flags = pixels.dq | np.where(hits, COSMIC_RAY_BIT, 0).astype(np.int16)
        chips.append(replace(pixels, dq=flags))
    linear = tuple(LinearWCS.of(view.wcs) for view in pointing.chips)
    header = replace(pointing.header, band=band, linear=linear)
    hdus = build_exposure(header, tuple(chips))
    for science in (hdu for hdu in hdus if hdu.name == "SCI"):
        for axis, error in zip("12", error_px, strict=True):
            science.header[f"CRPIX{axis}"] += error
    planted.on_exposure(hdus)
    path = directory / f"{header.rootname}_{band.detector.suffix}.fits"
    with (
        reference_directory(band.detector, drawn.reference_dir),
        warnings.catch_warnings(),
        redirect_stdout(StringIO()),
    ):
        warnings.simplefilter("ignore")  # about keywords that stwcs itself has written
        updatewcs(hdus, **updatewcs_options())
        hdus.writeto(path, overwrite=True)
    return path
