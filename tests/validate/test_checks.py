"""Each check passes on the right value and fails on a wrong one."""

from dataclasses import replace

import numpy as np
import pytest
from astropy import units as u
from astropy.io import fits
from astropy.table import QTable

from hstdriz_study.contracts import Metric
from hstdriz_study.measure.weight import WeightSpread
from hstdriz_study.simulate.bands import BANDS
from hstdriz_study.validate import correlation, flux, optics, pointing, truth, weight_sampling
from hstdriz_study.validate.published import published
from hstdriz_study.validate.star_image import StarImage
from hstdriz_study.validate.weight_map import Foreseen, foreseen_rows


def passed(rows):
    return [row.passed for row in rows]


def gaussian_star(fwhm_arcsec, step=0.005, half=200, blurs=()):
    axis = step * np.arange(-half, half + 1)
    values = np.exp(-4 * np.log(2) * (axis[:, None] ** 2 + axis**2) / fwhm_arcsec**2)
    return StarImage(values, step, blurs)


def test_star_image_has_the_width_and_the_energy_of_a_gaussian():
    star = gaussian_star(0.2)
    assert star.fwhm_arcsec() == pytest.approx(0.2, rel=1e-4)
    for radius in (0.05, 0.1, 0.3):
        expected = 1 - np.exp(-4 * np.log(2) * (radius / 0.2) ** 2)
        assert star.energy_inside(radius) == pytest.approx(expected, rel=1e-4)


def test_star_image_is_widened_by_a_pixel_as_its_second_moment_says():
    """Small boxes: only their variance, side^2 / 12, matters."""
    blurred = gaussian_star(0.2, blurs=(0.04, 0.03)).fwhm_arcsec()
    assert blurred == pytest.approx(
        np.sqrt(0.2**2 + 8 * np.log(2) * (0.04**2 + 0.03**2) / 12), rel=2e-3
    )


def test_published_correlation_agrees_with_the_formula_and_another_value_does_not():
    table = published("correlated_noise")
    claims = correlation.Claims(correlation.FAMILY, table.meta["source"])
    for line in table:
        point = (float(line["scale_ratio"]), float(line["pixfrac"]))
        assert correlation.formula_row(claims, point, float(line["R"])).passed
        assert not correlation.formula_row(claims, point, float(line["R"]) + 0.002).passed


def test_a_correlation_beyond_its_error_fails():
    claims = correlation.Claims(correlation.FAMILY, "source")
    rows = [
        correlation.measured_row(claims, (0.5, 1.0), Metric(value, 0.02), 2.4)
        for value in (2.4, 2.45, 2.5)
    ]
    assert passed(rows) == [True, True, False]


@pytest.mark.parametrize("kernel", ["square", "turbo", "gaussian", "point"])
def test_every_kernel_keeps_the_flux_of_a_star(kernel):
    ratio = flux.flux_ratio(1, (kernel, 0.6, 0.7))
    assert flux.flux_row((kernel, 0.6, 0.7), ratio).passed
    assert not flux.flux_row((kernel, 0.6, 0.7), 1.01).passed


def test_a_star_narrower_than_before_the_pixel_or_wider_than_after_it_fails():
    table = published("psf_fwhm_wfc3")
    # F160W: 0.147 arcsec before the pixel of 0.128
    rows = [
        row
        for fwhm in (0.14, 0.16, 0.20)
        for row in optics.fwhm_rows(BANDS["f160w"], gaussian_star(fwhm), table)
    ]
    assert passed(rows) == [False, True, False]


def test_encircled_energy_of_another_star_fails():
    table = published("encircled_energy")
    rows = optics.energy_rows(BANDS["f160w"], gaussian_star(0.15), table)
    assert len(rows) == len(table)
    assert not any(passed(rows)[2:])


def test_filters_without_published_numbers_have_no_rows():
    star = gaussian_star(0.1)
    assert optics.fwhm_rows(BANDS["f775w"], star, published("psf_fwhm_wfc3")) == []
    assert optics.energy_rows(BANDS["f775w"], star, published("encircled_energy")) == []
    assert optics.rule_rows("f775w", published("handbook_psf")) == []


def test_handbook_rule_is_that_of_the_program():
    table = published("handbook_psf")
    assert all(passed(optics.rule_rows("f160w", table)))
    table["psf"] = table["psf"] + 0.002
    assert not any(passed(optics.rule_rows("f160w", table)))


GOOD_STARS = truth.StarNumbers(
    flux_ratio=1.004,
    flux_ratio_err=0.002,
    shift_px=0.02,
    scatter_px=0.01,
    fwhm=Metric(0.1895, 0.0006),
    fwhm_expected_arcsec=0.188,
)


def test_stars_like_the_truth_pass_and_each_wrong_number_fails_its_row():
    assert all(passed(truth.star_rows("f160w", GOOD_STARS)))
    wrong = (
        {"flux_ratio": 0.96},
        {"shift_px": 0.1},
        {"scatter_px": 0.1},
        {"fwhm": Metric(0.200, 0.0006)},
    )
    for index, change in enumerate(wrong):
        rows = truth.star_rows("f160w", replace(GOOD_STARS, **change))
        assert passed(rows) == [index != other for other in range(len(rows))]


def test_cosmic_rays_that_were_not_found_and_flagged_cores_fail():
    assert all(passed(truth.flag_rows("f160w", 0.95, 0.001, 0.02)))
    assert passed(truth.flag_rows("f160w", 0.85, 0.03, 0.02)) == [False, False]


def test_found_cosmic_rays_are_counted_by_pixel(tmp_path):
    dq = np.zeros((4, 4), np.int16)
    dq[0, :2] = 4096
    dq[3, 3] = 4096 | 16  # flagged, not hit
    primary = fits.PrimaryHDU()
    primary.header["ROOTNAME"] = "isy16001q"
    exposure = tmp_path / "isy16001q_flt.fits"
    fits.HDUList([primary, fits.ImageHDU(dq, name="DQ", ver=1)]).writeto(exposure)
    hit = np.zeros((4, 4), bool)
    hit[0] = True
    np.savez(tmp_path / "hits.npz", isy16001q_sci1=hit)
    chip = replace(flux._CHIP, exposure=exposure)
    assert truth.rays_found((chip,), tmp_path / "hits.npz") == pytest.approx(0.5)


def test_pointing_errors_are_relative_to_the_first_exposure(tmp_path):
    table = QTable({"rootname": ["a", "b"], "true_ra": [10.0, 10.0] * u.deg,
                    "true_dec": [60.0, 60.0] * u.deg})  # fmt: skip
    native, paths = 0.1, []
    for root, east_px, north_px in (("a", 1.0, 0.0), ("b", 1.3, 0.4)):
        primary, science = fits.PrimaryHDU(), fits.ImageHDU(np.zeros((2, 2)), name="SCI", ver=1)
        primary.header["ROOTNAME"] = root
        science.header["CRVAL1"] = 10.0 + east_px * native / 3600 / np.cos(np.deg2rad(60))
        science.header["CRVAL2"] = 60.0 + north_px * native / 3600
        paths.append(tmp_path / f"{root}.fits")
        fits.HDUList([primary, science]).writeto(paths[-1])
    errors = pointing.pointing_errors_px(table, paths, native_arcsec=native)
    assert errors == pytest.approx([0.5], rel=1e-4)


def test_a_pointing_error_that_is_left_fails():
    before = np.array([0.4, 0.6])
    assert pointing.residual_row("f160w", before, np.array([0.01, 0.03])).passed
    assert not pointing.residual_row("f160w", before, np.array([0.01, 0.3])).passed


def test_a_weight_map_foreseen_wrongly_fails():
    def spread(ratio):
        return WeightSpread(rms=ratio, median=1.0, hole_fraction=0.0)

    point = Foreseen("f160w", 0.08, 0.8, spread(0.1), spread(0.1), spread(0.12))
    assert passed(foreseen_rows(point)) == [True, True]
    wrong = replace(point, from_flags=spread(0.101), from_geometry=spread(0.14))
    assert passed(foreseen_rows(wrong)) == [False, False]


@pytest.mark.parametrize(("error", "right"), [(1.0, True), (0.5, False), (3.0, False)])
def test_a_sampling_error_that_is_not_that_of_the_samples_fails(error, right):
    rng = np.random.default_rng(1)
    drawn = [
        weight_sampling.Draw({"weight/rms": Metric(value, error)}, {"weight/rms": 5.0})
        for value in 5.0 + rng.normal(size=400)
    ]
    assert passed(weight_sampling.sampling_rows(drawn)) == [right]
