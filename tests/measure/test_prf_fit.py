"""The fit of many stars at once against photutils' fit of one star at a time."""

import numpy as np
import pytest
from photutils.psf import CircularGaussianPRF, fit_fwhm

from hstdriz_study.measure.prf_fit import fit_prf
from hstdriz_study.measure.windows import windows

SIZE, BOX = 31, 9


def moffat_stars(n: int, fwhm: float, noise: float, seed: int) -> tuple[np.ndarray, ...]:
    """Stars that no Gaussian fits exactly, their true centres, and noise."""
    rng = np.random.default_rng(seed)
    x, y = 15 + rng.uniform(-0.5, 0.5, (2, n))
    rows, columns = np.indices((SIZE, SIZE))
    squared = (columns - x[:, None, None]) ** 2 + (rows - y[:, None, None]) ** 2
    core = (fwhm / 2) ** 2 / (2 ** (1 / 2.5) - 1)
    stars = 40.0 * rng.uniform(0.2, 5, (n, 1, 1)) * (1 + squared / core) ** -2.5
    return stars + noise * rng.normal(size=stars.shape), x, y


@pytest.mark.parametrize("fwhm", [1.5, 2.2, 4.0])
def test_the_width_is_that_of_photutils(fwhm: float) -> None:
    stars, x, y = moffat_stars(12, fwhm, 0.3, 1)
    stars[2, 15, 14] = stars[5, 14:17, 13] = np.nan
    fitted = fit_prf(windows(stars, x, y, BOX // 2), fwhm).fwhm
    expected = [
        fit_fwhm(np.nan_to_num(star), xypos=(xi, yi), fwhm=fwhm, fit_shape=BOX, mask=np.isnan(star))
        for star, xi, yi in zip(stars, x, y, strict=True)
    ]
    assert fitted == pytest.approx(np.ravel(expected), rel=1e-4)


def test_a_pixel_integrated_gaussian_is_recovered_from_a_wrong_first_guess() -> None:
    rows, columns = np.indices((SIZE, SIZE))
    widths = np.array([1.2, 2.0, 3.5])
    models = [CircularGaussianPRF(flux=7.0, x_0=15.2, y_0=14.7, fwhm=fwhm) for fwhm in widths]
    stars = np.array([model(columns, rows) for model in models])
    cut = windows(stars, np.full(3, 15.0), np.full(3, 15.0), BOX // 2)
    assert fit_prf(cut, 2.5).fwhm == pytest.approx(widths, rel=1e-6)


def test_a_star_without_pixels_or_flux_has_no_width() -> None:
    stars, x, y = moffat_stars(4, 2.0, 0.1, 3)
    stars[1] = np.nan
    stars[2] *= -1
    fitted = fit_prf(windows(stars, x, y, BOX // 2), 2.0).fwhm
    assert np.array_equal(np.isnan(fitted), [False, True, True, False])


def test_a_window_over_the_edge_is_filled_with_no_data() -> None:
    cut = windows(np.ones((2, 10, 12)), np.array([1.2, 6.0]), np.array([8.9, 5.0]), 3)
    assert np.isfinite(cut.pixels[0]).sum() == 5 * 4
    assert np.isfinite(cut.pixels[1]).all()
    assert cut.dx[0, 3] == pytest.approx(-0.2)
    assert cut.dy[0, 3] == pytest.approx(0.1)


@pytest.mark.parametrize("radius", [0.7, 2.0, 4.31])
def test_circle_sums_of_ones_are_the_area_of_the_circle(radius: float) -> None:
    rng = np.random.default_rng(5)
    cut = windows(np.ones((6, SIZE, SIZE)), *(15 + rng.uniform(-0.5, 0.5, (2, 6))), 5)
    assert cut.circle_sums(radius) == pytest.approx(np.full(6, np.pi * radius**2))


def test_a_single_bright_pixel_and_a_flat_window_are_fitted_without_fault() -> None:
    stars = np.full((3, SIZE, SIZE), 1e-3)
    stars[0, 15, 15] = stars[1, 15, 16] = 50.0
    fitted = fit_prf(windows(stars, np.full(3, 15.0), np.full(3, 15.0), BOX // 2), 2.0)
    assert (fitted.fwhm[:2] < 0.9).all()
    assert fitted.fwhm[2] > BOX
    assert abs(fitted.dx[0]) < 0.5
    assert fitted.dx[1] == pytest.approx(1, abs=0.5)
