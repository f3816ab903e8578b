"""A set of ACS/SBC, which counts photons, from its simulated exposures to metrics."""

from __future__ import annotations

import math

import numpy as np
import pytest
from astropy.io import fits

from hstdriz_study.field import Field
from hstdriz_study.study.config import drizzle_settings, field_options, point_options

APERTURE_PX = math.pi * 0.16**2 / (0.0337 * 0.0302)
PHOTONS = 1200.0 * (5e-5 + 1.2e-5)  # of sky and dark, a pixel and exposure


@pytest.fixture(scope="module")
def config(compose_config, cache_dir):
    return compose_config(
        "filter=sbc_f150lp", f"prepare.cache_dir={cache_dir}", "drizzle.final_scale=native",
        "drizzle.final_pixfrac=0.8", "measure.n_bootstrap=20",
    )  # fmt: skip


@pytest.fixture(scope="module")
def field(config) -> Field:
    return Field(field_options(config))


def test_sound_exposures_have_no_warning_though_most_pixels_are_empty(field):
    assert field.warnings == ()
    with fits.open(field.prepared.inputs[0]) as hdus:
        assert np.median(hdus["SCI"].data) < 0.05
    for chips in field.side_by_side.levels:
        assert chips[0].sky * 1200 == pytest.approx(1200.0 * 5e-5, rel=0.15)


def test_no_pixel_is_flagged_as_a_cosmic_ray(field):
    for path in field.prepared.exposures:
        assert not np.any(fits.getdata(path, "DQ") & 4096)


def test_widths_and_noise_are_those_of_the_photons(field, config):
    metrics = field.measure(drizzle_settings(config), point_options(config)).metrics
    assert 0.05 < metrics["psf/fwhm_arcsec"].value < 0.07
    of_photons = math.sqrt(4 * PHOTONS * APERTURE_PX) / (4 * 1200.0)
    assert metrics["noise/aperture_sigma"].value == pytest.approx(of_photons, rel=0.25)
    assert metrics["fidelity/flux_ratio"].value == pytest.approx(1, abs=0.02)
