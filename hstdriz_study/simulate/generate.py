"""From a specification to a directory of exposures, reference files and truth."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

import astropy.units as u
import numpy as np
from astropy.io import fits
from astropy.table import QTable

from hstdriz_study.optics.chip_view import ARCSEC_PER_DEG
from hstdriz_study.progress import Part
from hstdriz_study.simulate.distortion import idctab_name, write_idctab
from hstdriz_study.simulate.exposing import (
    ChipDefects,
    chip_defects,
    expose,
    expose_noiseless,
    flat_field,
)
from hstdriz_study.simulate.headers import LinearWCS, build_exposure, flat_name
from hstdriz_study.simulate.painting import Painter, Painting
from hstdriz_study.simulate.pointing import (
    Pointing,
    dither_offset_px,
    plan_pointings,
    reference_directory,
)
from hstdriz_study.simulate.scene import Scene, make_scene, star_grid, truth_table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from hstdriz_study.optics.detector import Window
    from hstdriz_study.simulate.bands import Band
    from hstdriz_study.simulate.headers import ChipPixels
    from hstdriz_study.simulate.spec import SyntheticSpec

log = logging.getLogger(__name__)

# Streams of random numbers: independent of each other and of the order of the work.
_DEFECT_STREAM, _FLAT_STREAM, _POINTING_STREAM, _NOISE_STREAM = 2, 3, 4, 5
_NOISELESS_STAR_ABMAG = 20.0
_NOISELESS_SEPARATION_ARCSEC = 4.2


def _rng(seed: int, stream: int, *keys: int) -> np.random.Generator:
    return np.random.default_rng([seed, stream, *keys])


def _windows(band: Band, *, full_frame: bool) -> tuple[Window, ...]:
    return band.detector.full_frame if full_frame else band.detector.subarray


def rootnames(band: Band, series: str, count: int) -> list[str]:
    """Nine-character rootnames: instrument letter, series, filter, number."""
    stem = f"{band.detector.rootname_letter}{series}{band.number}"
    return [f"{stem}{number:02d}q" for number in range(1, count + 1)]


def write_references(
    directory: Path, band: Band, windows: tuple[Window, ...], flats: list[np.ndarray]
) -> Path:
    """Write distortion table and flat field; return their directory."""
    reference = directory / "ref"
    reference.mkdir(parents=True, exist_ok=True)
    write_idctab(reference / idctab_name(band.detector), band, windows)
    hdus: list[fits.PrimaryHDU | fits.ImageHDU] = [fits.PrimaryHDU()]
    hdus[0].header["FILETYPE"] = "PIXEL-TO-PIXEL FLAT"
    for version, flat in enumerate(flats, start=1):
        hdus.append(fits.ImageHDU(flat, name="SCI", ver=version))
    fits.HDUList(hdus).writeto(reference / flat_name(band), overwrite=True)
    return reference


def _flats(
    band: Band, windows: tuple[Window, ...], seed: int
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Flat fields as the reference file has them, and their parts under the windows.

    drizzlepac cuts the window out of a larger flat by LTV, which only
    one-chip subarrays have; the two-chip ones get a flat of their own size.
    """
    detector, filed, seen = band.detector, [], []
    for chip, window in enumerate(windows):
        rng = _rng(seed, _FLAT_STREAM, band.stream, chip)
        if len(windows) == 1:
            flat = flat_field(detector.chip_nx, detector.chip_ny, rng)
            rows = slice(window.y0, window.y0 + window.ny)
            seen.append(flat[rows, window.x0 : window.x0 + window.nx])
        else:
            flat = flat_field(window.nx, window.ny, rng)
            seen.append(flat)
        filed.append(flat)
    return filed, seen


def _defects(band: Band, windows: tuple[Window, ...], seed: int) -> list[ChipDefects]:
    """Bad pixels belong to the detector: the same for all its filters."""
    key = sum(map(ord, band.detector.name))
    return [
        chip_defects(band.detector, window, _rng(seed, _DEFECT_STREAM, key, chip))
        for chip, window in enumerate(windows)
    ]


def _pointing_errors_px(band: Band, spec: SyntheticSpec) -> np.ndarray:
    rng = _rng(spec.seed, _POINTING_STREAM, band.stream)
    errors = rng.normal(0, 1, (spec.n_exposures, 2)) * spec.pointing_error_px
    errors[0] = 0
    return errors


def _mispoint(pointing: Pointing, error_px: np.ndarray) -> Pointing:
    """Put a pointing error into the headers; the pixels keep the true pointing."""
    first = pointing.chips[0]
    jacobian = first.jacobian_arcsec((first.nx - 1) / 2, (first.ny - 1) / 2)
    east, north = jacobian @ error_px / ARCSEC_PER_DEG
    dec = np.deg2rad(pointing.header.target_deg[1])
    shift = (float(east / np.cos(dec)), float(north))
    linear = tuple(LinearWCS.of(view.wcs, shift) for view in pointing.chips)
    return replace(pointing, header=replace(pointing.header, linear=linear))


def write_exposure(directory: Path, pointing: Pointing, chips: list[ChipPixels]) -> Path:
    """Write one exposure under the name of its headers."""
    header = pointing.header
    path = directory / f"{header.rootname}_{header.band.detector.suffix}.fits"
    build_exposure(header, tuple(chips)).writeto(path, overwrite=True)
    return path


def _saturated(band: Band, paintings: list[Painting]) -> np.ndarray:
    """Find the sources whose central pixel is expected to reach full well in an exposure."""
    limit = band.detector.full_well_e / band.exptime_s - band.sky_e_per_s
    return np.any([painting.central_rate() >= limit for painting in paintings], axis=0)


def _write_pointings(path: Path, pointings: list[Pointing], errors_px: np.ndarray) -> None:
    table = QTable()
    table["rootname"] = [pointing.header.rootname for pointing in pointings]
    table["postarg1"] = [p.header.postarg_arcsec[0] for p in pointings] * u.arcsec
    table["postarg2"] = [p.header.postarg_arcsec[1] for p in pointings] * u.arcsec
    table["true_ra"] = [p.chips[0].wcs.wcs.crval[0] for p in pointings] * u.deg
    table["true_dec"] = [p.chips[0].wcs.wcs.crval[1] for p in pointings] * u.deg
    table["error_x"], table["error_y"] = errors_px.T * u.pix
    table.meta["description"] = (
        "true_ra and true_dec are the true CRVAL of EXTVER 1; the header's CRVAL is the sky "
        "position that lies error_x, error_y native pixels from it"
    )
    table.write(path, format="ascii.ecsv", overwrite=True)


def generate_filter(
    directory: Path,
    band: Band,
    spec: SyntheticSpec,
    *,
    offsets_px: Sequence[tuple[float, float]] | None = None,
    altered: Callable[[Pointing], Pointing] | None = None,
) -> list[Path]:
    """Simulate the exposures of one filter.

    Written are ``<rootname>_flt.fits`` or ``_flc.fits`` as they are before
    ``updatewcs``; ``ref/`` with the distortion table and flat field that the
    headers name (let ``iref`` and ``jref`` point there, with a trailing
    slash); and ``truth/`` with ``truth_<filter>.ecsv`` (sources),
    ``pointing_<filter>.ecsv`` (true pointings, errors put into the headers) and
    ``cosmic_rays_<filter>.npz`` (one boolean array a chip,
    ``<rootname>_sci<extver>``).

    Parameters
    ----------
    directory : `~pathlib.Path`
        Made if it is missing.
    band : `~hstdriz_study.simulate.bands.Band`
    spec : `~hstdriz_study.simulate.spec.SyntheticSpec`
    offsets_px : sequence of tuple of float, optional
        Displacement of the target on the detector at each exposure; by default the detector's
        dither pattern.
    altered : callable, optional
        Makes of a planned exposure the one that is taken: turned, or longer.

    Returns
    -------
    list of `~pathlib.Path`
        The exposures, in order of time.
    """
    windows = _windows(band, full_frame=spec.full_frame)
    filed, flats = _flats(band, windows, spec.seed)
    reference = write_references(directory, band, windows, filed)
    del filed
    names = rootnames(band, "sy", spec.n_exposures)
    pattern = [dither_offset_px(band.detector, index) for index in range(spec.n_exposures)]
    with reference_directory(band.detector, reference):
        pointings = plan_pointings(band, windows, names, list(offsets_px or pattern))
        if altered is not None:
            pointings = [altered(pointing) for pointing in pointings]
    return _expose_all(directory, band, spec, pointings, flats)


def _expose_all(
    directory: Path,
    band: Band,
    spec: SyntheticSpec,
    pointings: list[Pointing],
    flats: list[np.ndarray],
) -> list[Path]:
    """Paint, expose and write every exposure, and the truth."""
    scene = make_scene(spec)
    painter = Painter(band, pointings[0].chips)
    defects = _defects(band, pointings[0].header.windows, spec.seed)
    errors = _pointing_errors_px(band, spec)
    saturated = np.zeros(len(scene.kind), bool)
    seen = np.zeros(len(scene.kind), int)
    paths, hits = [], {}
    for index, pointing in enumerate(pointings):
        chips, paintings = [], []
        for chip, view in enumerate(pointing.chips):
            painting = painter.paint(scene, view)
            rng = _rng(spec.seed, _NOISE_STREAM, band.stream, index, chip)
            pixels, hit = expose(
                pointing.header.band, painting.rate_e_per_s, flats[chip], defects[chip], rng
            )
            chips.append(pixels)
            paintings.append(painting)
            hits[f"{pointing.header.rootname}_sci{chip + 1}"] = hit
        saturated |= _saturated(band, paintings)
        seen += np.any([painting.inside for painting in paintings], axis=0)
        paths.append(write_exposure(directory, _mispoint(pointing, errors[index]), chips))
        log.info(Part(f"simulating {band.name}", len(paths), len(pointings)))
    truth = directory / "truth"
    truth.mkdir(exist_ok=True)
    table = truth_table(scene, band, saturated, seen)
    table.write(truth / f"truth_{band.name}.ecsv", format="ascii.ecsv", overwrite=True)
    _write_pointings(truth / f"pointing_{band.name}.ecsv", pointings, errors)
    np.savez_compressed(truth / f"cosmic_rays_{band.name}.npz", allow_pickle=False, **hits)
    return paths


def render_noiseless(directory: Path, band: Band, *, n_side: int = 4) -> list[Path]:
    """Simulate densely dithered exposures of isolated equal stars without any noise.

    The same pixels, PSF, distortion and headers as `generate_filter` (subarrays),
    but no sky, dark, noise, cosmic rays or bad pixels, and ``n_side``^2 dithers on
    a regular grid of sub-pixel positions. Drizzled with any final_scale and
    final_pixfrac (no cosmic-ray step, ``skysub=False``, ``static=False``) they
    give the image that a noisy set with the same dithers would have on average:
    what an estimator of the PSF measures there is its expected value on that
    output grid. ``truth/truth_<filter>.ecsv`` lists the stars.

    Parameters
    ----------
    directory : `~pathlib.Path`
        Made if it is missing; reference files go to ``ref/``.
    band : `~hstdriz_study.simulate.bands.Band`
    n_side : int
        Dithers along each axis of the pixel.

    Returns
    -------
    list of `~pathlib.Path`
    """
    windows = band.detector.subarray
    flats = [np.ones((window.ny, window.nx), np.float32) for window in windows]
    if len(windows) == 1:
        flats = [np.ones((band.detector.chip_ny, band.detector.chip_nx), np.float32)]
    reference = write_references(directory, band, windows, flats)
    count = n_side**2
    offsets = [(index % n_side / n_side, index // n_side / n_side) for index in range(count)]
    with reference_directory(band.detector, reference):
        pointings = plan_pointings(band, windows, rootnames(band, "sn", count), offsets)
    scene = _noiseless_scene(pointings[0])
    painter = Painter(band, pointings[0].chips)
    paths = []
    seen = np.zeros(len(scene.kind), int)
    for pointing in pointings:
        paintings = [painter.paint(scene, view) for view in pointing.chips]
        chips = [expose_noiseless(band, painting.rate_e_per_s) for painting in paintings]
        seen += np.any([painting.inside for painting in paintings], axis=0)
        paths.append(write_exposure(directory, pointing, chips))
    truth = directory / "truth"
    truth.mkdir(exist_ok=True)
    table = truth_table(scene, band, np.zeros(len(scene.kind), bool), seen)
    table.write(truth / f"truth_{band.name}.ecsv", format="ascii.ecsv", overwrite=True)
    return paths


def _noiseless_scene(pointing: Pointing) -> Scene:
    view = pointing.chips[0]
    longest = max(view.nx, view.ny) * view.drizzle_scale_arcsec
    return star_grid(longest / 2, _NOISELESS_SEPARATION_ARCSEC, _NOISELESS_STAR_ABMAG)
