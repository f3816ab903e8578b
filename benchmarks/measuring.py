"""Core-seconds that each part of measuring one point costs, on pixels of a full ACS/WFC frame.

Made-up pixels as a full frame at 0.03" gives them: stars with wings, a centre anywhere in the
pixel, correlated noise and a few holes; blank sky; weights with a pattern and bad columns. Run as

    OMP_NUM_THREADS=1 taskset -c 1 python benchmarks/measuring.py
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from astropy.table import Table
from astropy.wcs import WCS
from scipy.ndimage import uniform_filter

from hstdriz_study.contracts import (
    Drizzled,
    DrizzleSettings,
    MeasureContext,
    MeasureGeometry,
    PointPixels,
    StudyRegions,
)
from hstdriz_study.measure import extract, measure
from hstdriz_study.measure.fidelity import measure_fidelity
from hstdriz_study.measure.growth import encircled_energy
from hstdriz_study.measure.noise import measure_noise
from hstdriz_study.measure.psf import measure_psf
from hstdriz_study.measure.star_sample import star_sample
from hstdriz_study.measure.weight import measure_weight
from hstdriz_study.study.report import point_images

if TYPE_CHECKING:
    from collections.abc import Callable

GEOMETRY = MeasureGeometry(
    native_scale_arcsec=0.05,
    psf_fwhm_arcsec=0.11,
    aperture_radius_arcsec=0.2,
    ee_radius_arcsec=0.5,
    fit_box_arcsec=0.25,
    sky_box_arcsec=0.9,
    preview_box_arcsec=6.0,
)
SCALE_ARCSEC, SIDE_PX = 0.03, 3000
N_STARS, N_SKY_BOXES, N_WEIGHT_BOXES, WEIGHT_BOX_ARCSEC = 150, 200, 250, 1.0
N_BOOTSTRAP, SEED = 200, 20240229


def made_up_frame(rng: np.random.Generator, stars: np.ndarray, fluxes: np.ndarray) -> Drizzled:
    """Make a drizzled frame with Moffat stars at ``stars`` (x, y), noise and holes."""
    shape = (SIDE_PX, SIDE_PX)
    sci = uniform_filter(rng.normal(scale=0.01, size=shape).astype(np.float32), 2)
    reach = np.arange(-40, 41)
    radius_px = GEOMETRY.psf_fwhm_arcsec / 2 / SCALE_ARCSEC / np.sqrt(2 ** (1 / 2.5) - 1)
    for (x, y), flux in zip(stars, fluxes, strict=True):
        columns, rows = reach + round(x), reach + round(y)
        squared = (columns[None, :] - x) ** 2 + (rows[:, None] - y) ** 2
        profile = (1 + squared / radius_px**2) ** -2.5
        sci[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] += flux * profile / profile.sum()
    pattern = 1 + 0.1 * np.sin(np.arange(SIDE_PX) * 0.9)
    wht = (500 * pattern * pattern[:, None]).astype(np.float32)
    wht *= rng.choice([0.75, 1.0], p=[0.05, 0.95], size=shape).astype(np.float32)
    wht[rng.random(shape) < 2e-4] = 0.0  # noqa: PLR2004 - fraction of holes
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = ["RA---TAN", "DEC--TAN"]
    wcs.wcs.crval = [150.0, 2.2]
    wcs.wcs.crpix = [(SIDE_PX + 1) / 2] * 2
    wcs.wcs.cdelt = [-SCALE_ARCSEC / 3600, SCALE_ARCSEC / 3600]
    settings = DrizzleSettings(
        final_scale_arcsec=SCALE_ARCSEC, final_pixfrac=0.6, final_kernel="square",
        final_wht_type="EXP", final_rot=0.0, final_refimage=None, final_bits="0",
    )  # fmt: skip
    return Drizzled(sci, wht, wcs, settings, 2000.0)


def made_up_point() -> tuple[Drizzled, StudyRegions]:
    """Make the frame and where it is measured."""
    rng = np.random.default_rng(1)
    lattice = np.stack(np.meshgrid(np.arange(13), np.arange(13)), -1).reshape(-1, 2)[:N_STARS]
    stars = 200 + 200 * lattice + rng.uniform(-30, 30, lattice.shape)
    fluxes = -np.sort(-np.exp(rng.uniform(np.log(5), np.log(500), N_STARS)))
    drizzled = made_up_frame(rng, stars, fluxes)

    def sky(places: np.ndarray) -> np.ndarray:
        return np.column_stack(drizzled.wcs.pixel_to_world_values(places[:, 0], places[:, 1]))

    columns, rows = np.meshgrid(np.arange(18), np.arange(17))
    between = 100 + 150 * np.column_stack([columns.ravel(), rows.ravel()])[:N_SKY_BOXES]
    ra, dec = sky(stars).T
    table = Table({"id": np.arange(N_STARS), "ra": ra, "dec": dec, "flux_native": fluxes})
    regions = StudyRegions(
        stars=table,
        candidates=table,
        sky_boxes=sky(between.astype(float)),
        weight_boxes=sky(rng.uniform(100, SIDE_PX - 100, (N_WEIGHT_BOXES, 2))),
        weight_box_arcsec=WEIGHT_BOX_ARCSEC,
        full_depth=(sky(np.array([(0.0, 0.0), (6700, 0), (6700, 6700), (0, 6700)])),),
        preview_center=(150.0, 2.2),
        preview_stretch=(-0.1, 100.0),
        star_stretch=(-0.1, 1000.0),
        geometry=GEOMETRY,
    )
    return drizzled, regions


def parts(
    drizzled: Drizzled, regions: StudyRegions, directory: Path
) -> dict[str, Callable[[], object]]:
    """Name what is timed; every part begins with what it needs already measured."""
    context = MeasureContext(
        regions=regions, zero_point_abmag=25.9, n_exposures=4, min_stars=5,
        n_bootstrap=N_BOOTSTRAP, seed=SEED,
    )  # fmt: skip

    def fresh() -> PointPixels:
        return extract(drizzled, regions)  # nothing remembered of an earlier repeat

    known = fresh()
    encircled_energy(known, context)
    metrics = [measure_weight, measure_psf, measure_noise, measure_fidelity]
    return {
        "extract": fresh,
        "extract + register stars": lambda: star_sample(fresh(), context),
        "extract + register + growth": lambda: encircled_energy(fresh(), context),
        "weight": lambda: measure_weight(known, context),
        "psf, registered": lambda: measure_psf(known, context),
        "noise, registered": lambda: measure_noise(known, context),
        "fidelity, registered": lambda: measure_fidelity(known, context),
        "ALL: extract + measure": lambda: measure(fresh(), context, metrics),
        "point images": lambda: point_images(known, regions, directory),
    }


def main() -> None:
    """Print a table of seconds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=7)
    repeats = parser.parse_args().repeats
    drizzled, regions = made_up_point()
    with tempfile.TemporaryDirectory() as directory:
        for name, run in parts(drizzled, regions, Path(directory)).items():
            seconds = []
            for _ in range(repeats + 1):
                started = time.process_time()
                run()
                seconds.append(time.process_time() - started)
            print(f"{name:28s} {statistics.median(seconds[1:]):8.4f} s")


if __name__ == "__main__":
    main()
