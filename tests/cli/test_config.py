import copy
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hstdriz_study.conf_files import conf_directory
from hstdriz_study.errors import ConfigError
from hstdriz_study.optics.resolution import handbook_psf_arcsec
from hstdriz_study.study.config import scale_arcsec, validate


def names(group: str) -> list[str]:
    return sorted(path.stem for path in (conf_directory() / group).glob("*.yaml"))


@pytest.mark.parametrize("name", names("filter"))
def test_every_shipped_filter_is_valid(compose_config, name):
    config = compose_config(f"filter={name}")
    assert config.filter.name == name
    assert config.drizzle.final_bits == config.filter.good_bits


@pytest.mark.parametrize("name", names("study"))
def test_every_shipped_study_is_valid(compose_config, name):
    assert compose_config(f"study={name}").name == name


def test_recipe_scales_are_those_of_the_recipe(compose_config):
    scales = [
        scale_arcsec(compose_config("study=recipe_opt", f"filter={name}"))
        for name in ("f606w", "f814w", "f105w", "f125w", "f160w")
    ]
    assert scales == [0.03, 0.04, 0.055, 0.07, 0.08]


def test_recipe_uses_its_own_good_bits(compose_config):
    config = compose_config("study=recipe_same_scale", "filter=f160w")
    assert config.drizzle.final_bits == config.prepare.driz_sep_bits == 64 + 512
    assert config.prepare.tweakreg


@pytest.mark.parametrize(
    ("wavelength_nm", "psf_arcsec"),
    # the recipe's table, rounded there to three digits
    [(595.6, 0.0624), (835.3, 0.0876), (1050, 0.110), (1250, 0.131), (1545, 0.162)],
)
def test_handbook_psf_is_the_published_one(wavelength_nm, psf_arcsec):
    assert handbook_psf_arcsec(wavelength_nm) == pytest.approx(psf_arcsec, rel=5e-3)


def test_scale_in_pixels_per_psf_follows_the_wavelength(compose_config):
    config = compose_config("filter=f160w", "drizzle.final_scale=psf/2")
    assert scale_arcsec(config) == pytest.approx(0.081, abs=5e-5)


@pytest.mark.parametrize(
    ("override", "key"),
    [
        ("drizzle.final_pixfrac=0", "drizzle.final_pixfrac"),
        ("drizzle.final_pixfrac=1.2", "drizzle.final_pixfrac"),
        ("drizzle.final_scale=-1", "drizzle.final_scale"),
        ("drizzle.final_scale=30", "drizzle.final_scale"),
        ("drizzle.final_scale=psf/0", "drizzle.final_scale"),
        ("drizzle.final_scale=fine", "drizzle.final_scale"),
        ("drizzle.final_kernel=round", "drizzle.final_kernel"),
        ("drizzle.final_wht_type=exp", "drizzle.final_wht_type"),
        ("dataset.n_exposures=1", "dataset.n_exposures"),
        ("measure.n_bootstrap=1", "measure.n_bootstrap"),
        ("choose.fwhm_tolerance=2", "choose.fwhm_tolerance"),
        ("refine.pixfrac_tolerance=0", "refine.pixfrac_tolerance"),
        ("refine.scale_tolerance=2", "refine.scale_tolerance"),
        ("refine.max_points=0", "refine.max_points"),
        ("refine.smallest_pixfrac=0", "refine.smallest_pixfrac"),
        ("refine.finest_scale=tiny", "refine.finest_scale=tiny: must be a size in arcsec"),
        ("refine.coarsest_scale=30", "refine.coarsest_scale"),
        ("+drizzle.final_wht=EXP", "final_wht"),
        ("+anything=1", "anything"),
    ],
)
def test_value_out_of_range_names_its_key(compose_config, override, key):
    with pytest.raises(ConfigError, match=key):
        compose_config(override)


def test_a_range_of_refine_without_room_is_refused_for_the_filter_that_has_none(compose_config):
    overrides = ("refine.enabled=true", "refine.finest_scale=0.08")
    compose_config("filter=f160w", *overrides)
    with pytest.raises(ConfigError, match=r"coarser than refine\.coarsest_scale=native for f814w"):
        compose_config("filter=f814w", *overrides)


@pytest.fixture(scope="module")
def default_config(compose_config):
    return compose_config()


@given(pixfrac=st.floats(allow_nan=False))
def test_every_pixfrac_outside_the_unit_interval_is_refused(default_config, pixfrac):
    config = copy.deepcopy(default_config)
    config.drizzle.final_pixfrac = pixfrac
    if 0 < pixfrac <= 1:
        validate(config)
    else:
        with pytest.raises(ConfigError, match="final_pixfrac"):
            validate(config)


@given(pixels=st.floats(0.5, 10))
def test_pixels_per_psf_and_scale_are_inverse(default_config, pixels):
    config = copy.deepcopy(default_config)
    config.drizzle.final_scale = f"psf/{pixels!r}"
    scale = scale_arcsec(config)
    assert math.isclose(scale * pixels, handbook_psf_arcsec(config.filter.wavelength_nm))
