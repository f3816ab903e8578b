"""What the checks find in constructed exposures with known answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits
from stwcs.wcsutil import HSTWCS

from hstdriz_study.checks.agreement import misalignment
from hstdriz_study.checks.evenness import shallow_fraction
from hstdriz_study.checks.positions import star_offsets
from hstdriz_study.checks.sampling import sample_spacing_px

if TYPE_CHECKING:
    from pathlib import Path

SIDE_PX, SCALE_ARCSEC, N_STARS = 200, 0.05, 25
SIGMA_PX = 0.9
CORNERS = [[0.0, 0.0], [0.5, 0.0], [0.0, 0.5], [0.5, 0.5]]


def write_exposure(
    path: Path, stars_px: np.ndarray, wcs_error_px: tuple[float, float], *, hits: int = 0
) -> Path:
    """Write a chip of Gaussian stars whose header is wrong by some pixels."""
    rng = np.random.default_rng(len(path.name) + hits)
    rows, columns = np.indices((SIDE_PX, SIDE_PX))
    image = rng.normal(20.0, 1.0, (SIDE_PX, SIDE_PX))
    for x, y in stars_px:
        image += 2000 * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * SIGMA_PX**2))
    dq = np.zeros(image.shape, np.int16)
    for x, y in stars_px[:hits]:  # a cosmic ray brighter than the star, beside its core
        image[int(y) + 2, int(x) + 1 : int(x) + 3] += 30000
    dq[np.rint(stars_px[:, 1]).astype(int), np.rint(stars_px[:, 0]).astype(int)] = 4096
    chip = fits.ImageHDU(image.astype(np.float32), name="SCI", ver=1)
    step = SCALE_ARCSEC / 3600
    chip.header.update(
        CTYPE1="RA---TAN", CTYPE2="DEC--TAN", CRVAL1=150.0, CRVAL2=60.0,
        CRPIX1=100.0 + wcs_error_px[0], CRPIX2=100.0 + wcs_error_px[1],
        CD1_1=-step, CD1_2=0.0, CD2_1=0.0, CD2_2=step, LTV1=0.0, LTV2=0.0,
    )  # fmt: skip
    primary = fits.PrimaryHDU()
    primary.header.update(INSTRUME="ACS", DETECTOR="WFC", FILTER1="F814W", ROOTNAME="x")
    fits.HDUList([primary, chip, fits.ImageHDU(dq, name="DQ", ver=1)]).writeto(path)
    return path


@pytest.fixture(scope="module")
def sky(tmp_path_factory: pytest.TempPathFactory) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pixels of the stars, and where they are on the sky when the header is right."""
    rng = np.random.default_rng(3)
    cells = np.stack(np.meshgrid(np.arange(5), np.arange(5)), -1).reshape(-1, 2)
    stars = 25 + 35 * cells + rng.uniform(-3, 3, (N_STARS, 2))
    path = write_exposure(tmp_path_factory.mktemp("sky") / "x.fits", stars, (0.0, 0.0))
    with fits.open(path) as hdus:
        ra, dec = HSTWCS(hdus, ("SCI", 1)).all_pix2world(stars, 0).T
    return stars, ra, dec


@pytest.mark.parametrize("hits", [0, 6])
def test_a_wrong_header_is_measured_to_a_hundredth_of_a_pixel_even_under_cosmic_rays(
    tmp_path: Path, sky: tuple[np.ndarray, np.ndarray, np.ndarray], hits: int
) -> None:
    stars, ra, dec = sky
    errors = [(0.0, 0.0), (0.3, 0.0), (0.0, -0.4), (-0.1, 0.2)]
    paths = [
        write_exposure(tmp_path / f"{'x' * n}.fits", stars, error, hits=hits)
        for n, error in enumerate(errors, start=1)
    ]
    found = misalignment(star_offsets(paths, ra, dec, fwhm_px=2.0, good_bits=16 + 64), seed=1)
    assert found is not None
    # east is -x, and a pixel too large in CRPIX puts the stars a pixel too far down
    true_px = np.array([(x, -y) for x, y in errors])
    true_px -= true_px.mean(axis=0)
    assert found.shifts_arcsec / SCALE_ARCSEC == pytest.approx(true_px, abs=0.012)
    assert found.rms_arcsec / SCALE_ARCSEC == pytest.approx(np.sqrt(np.mean(true_px**2)), abs=0.01)
    assert found.rms_err_arcsec / SCALE_ARCSEC < 0.01


def test_width_without_the_misalignment_is_that_of_the_gaussian_before_it_was_smeared() -> None:
    sigma, sharp = 0.04, 0.2
    shifts = sigma * np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]])
    found = misalignment(np.repeat(shifts[:, None], 5, axis=1), seed=1)
    assert found is not None
    assert found.rms_arcsec == pytest.approx(sigma)
    smeared = np.sqrt(sharp**2 + 8 * np.log(2) * sigma**2)
    assert found.fwhm_without(smeared) == pytest.approx(sharp)


def test_stars_that_an_exposure_lacks_are_no_misalignment() -> None:
    rng = np.random.default_rng(2)
    offsets = np.repeat(rng.normal(0, 0.001, (1, 12, 2)), 3, axis=0)
    offsets[2, :5] = np.nan
    found = misalignment(offsets - np.nanmedian(offsets, axis=1, keepdims=True), seed=1)
    assert found is not None
    assert found.rms_arcsec < 0.0005
    offsets[2, :10] = np.nan
    assert misalignment(offsets, seed=1) is None


@pytest.mark.parametrize(
    ("phases", "spacing"),
    [
        ([[0.3, 0.8]], 1.0),
        ([[0.0, 0.0], [0.0, 0.999999]], 1.0),
        ([[0.0, 0.0], [0.5, 0.5]], np.sqrt(0.5)),
        (CORNERS, 0.5),
        ([[x / 3, y / 3] for x in range(3) for y in range(3)], 1 / 3),
    ],
)
def test_dithers_sample_as_finely_as_the_square_grid_with_their_gaps(
    phases: list[list[float]], spacing: float
) -> None:
    assert sample_spacing_px(np.array(phases)) == pytest.approx(spacing, abs=0.02)


def test_shallow_area_is_what_fewer_exposures_see_and_not_bad_pixels() -> None:
    exposure_map = np.full((400, 400), 1000.0)
    exposure_map[::9, ::7] = 0.0
    assert shallow_fraction(exposure_map) == 0.0
    exposure_map[:, :100] *= 0.5
    exposure_map[300:] = 0.0
    assert shallow_fraction(exposure_map) == pytest.approx(0.25)
    assert np.isnan(shallow_fraction(np.zeros((40, 40))))
