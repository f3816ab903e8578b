"""A real ACS/HRC frame of 47 Tuc among dithered synthetic companions, from check to a study."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from scipy.ndimage import maximum_filter

from hstdriz_study.simulate import band_of
from hstdriz_study.simulate.distortion import write_idctab
from tests.companions import Companion, found_sources, model_psf, painted, update

pytestmark = pytest.mark.endtoend

NAME = "j8bt06nyq_flt.fits"
COMPANIONS = (
    Companion("j8bt06a1q", (5.0, 1.5), 1), Companion("j8bt06a2q", (2.5, 4.5), 2),
    Companion("j8bt06a3q", (-2.5, 3.0), 3),
)  # fmt: skip


@pytest.fixture(scope="module")
def real_frame() -> Path:
    found = find_spec("spherical_geometry")
    path = Path(found.submodule_search_locations[0]) / "tests" / "data" / NAME if found else None
    if path is None or not path.is_file():
        pytest.skip(f"{NAME} is not there: spherical_geometry is installed without its test data")
    return path


@pytest.fixture(scope="module")
def references(tmp_path_factory) -> Path:
    """A directory with our distortion table under the name that the real headers give."""
    directory = tmp_path_factory.mktemp("jref")
    band = band_of("hrc_f606w")
    write_idctab(directory / "n721640fj_idc.fits", band, band.detector.full_frame)
    return directory


@pytest.fixture(scope="module")
def updated(real_frame, references, tmp_path_factory) -> Path:
    """The real frame with our distortion in its header."""
    path = Path(shutil.copy(real_frame, tmp_path_factory.mktemp("updated")))
    update(path, references)
    return path


@pytest.fixture(scope="module")
def visit(real_frame, references, updated, tmp_path_factory) -> Path:
    """The real frame and three companions."""
    directory, band = tmp_path_factory.mktemp("visit"), band_of("hrc_f606w")
    frame, sources = Path(shutil.copy(real_frame, directory)), found_sources(updated, band)
    for companion in COMPANIONS:
        companion.write(frame, sources, band, references)
    return directory


def test_our_distortion_gives_the_linear_wcs_of_the_pipeline(real_frame, updated):
    before, after = (fits.getheader(path, "SCI", 1) for path in (real_frame, updated))
    linear = [f"CD{i}_{j}" for i in (1, 2) for j in (1, 2)]
    assert [after[key] for key in linear] == pytest.approx(
        [before[key] for key in linear], rel=1e-3
    )
    assert after["CTYPE1"] == "RA---TAN-SIP"


def test_real_stars_are_as_sharp_as_those_of_the_model(real_frame):
    band, rng = band_of("hrc_f606w"), np.random.default_rng(1)
    with fits.open(real_frame) as hdus:
        bad = (hdus["DQ"].data & (4 | 16 | 256 | 2048)) > 0
        real = sharpness(np.where(bad, np.nan, hdus["SCI"].data))
    x, y = (60 + 110 * grid.ravel() + rng.random(64) for grid in np.mgrid[0:8, 0:8])
    model = sharpness(painted((900, 900), model_psf(band), x, y, np.full(64, 1e5)))
    # light of the brightest pixel over that within 0.15", and width by second moments
    assert model == pytest.approx(real, rel=0.03)


def sharpness(image: np.ndarray) -> tuple[float, float]:
    """Return the medians of what single bright stars are like."""
    half, (sx, sy) = 12, band_of("hrc_f606w").detector.pixel_arcsec
    v, u = np.mgrid[-half : half + 1, -half : half + 1]
    radius = np.hypot(u * sx, v * sy)
    peaks = (image == maximum_filter(np.nan_to_num(image), size=2 * half + 1)) & (image > 4000)
    found = []
    for row, column in np.argwhere(peaks & (image < 90000)):
        stamp = image[row - half : row + half + 1, column - half : column + half + 1]
        if stamp.shape != radius.shape or np.isnan(stamp).any():
            continue
        stamp = stamp - np.percentile(stamp[radius > 0.25], 25)
        inside = stamp[radius < 0.15].sum()
        if stamp[radius < 0.25].sum() < 1.25 * inside:
            light = np.clip(np.where(radius < 0.1, stamp, 0), 0, None)
            x, y = ((light * axis).sum() / light.sum() for axis in (u, v))
            moment = (light * (((u - x) * sx) ** 2 + ((v - y) * sy) ** 2)).sum() / light.sum()
            found.append((stamp[half, half] / inside, np.sqrt(moment)))
    assert len(found) > 20
    return tuple(np.median(found, axis=0))


def test_the_real_frame_goes_through_check(program, tmp_path, visit, references):
    outcome = program(
        tmp_path, "check", "filter=hrc_f606w", f"dataset.path={visit}", f"filter.jref={references}"
    )
    assert outcome.code in (0, 1), outcome.stdout + outcome.stderr
    assert NAME in outcome.stdout
    assert "not usable" not in outcome.stdout


def test_the_real_frame_goes_through_a_study(program, tmp_path, visit, references):
    outcome = program(
        tmp_path, "filter=hrc_f606w", f"dataset.path={visit}", f"filter.jref={references}",
        "drizzle.final_scale=native", "drizzle.final_pixfrac=0.8",
    )  # fmt: skip
    assert outcome.code == 0, outcome.stderr
    (record,) = outcome.records
    assert record.settings.final_bits == 64
    assert 0.055 < record.metrics["psf/fwhm_arcsec"].value < 0.075
    # square pixels of 0.025" over ones of 0.0284" x 0.0248"
    assert record.metrics["weight/median"].value == pytest.approx(
        4 * 60 * 0.025**2 / 0.0265**2, rel=0.1
    )
