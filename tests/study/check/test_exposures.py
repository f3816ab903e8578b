"""What is said of exposures, against what is known of them."""

import pytest
from astropy.io import fits

from hstdriz_study.contracts.metric_table import DEPTH
from hstdriz_study.dataset.solutions import solutions_in
from hstdriz_study.field import Field
from hstdriz_study.field.exposures_checked import checked_exposures
from hstdriz_study.study.check.depth import expected_depth_abmag
from hstdriz_study.study.config import drizzle_settings, field_options, point_options
from hstdriz_study.study.report.exposures import HEADS, exposure_cells


@pytest.fixture(scope="module")
def config(compose_config, cache_dir):
    return compose_config(
        "filter=f160w", "dataset=synthetic", f"prepare.cache_dir={cache_dir}",
        "drizzle.final_scale=0.065", "drizzle.final_pixfrac=0.6",
    )  # fmt: skip


@pytest.fixture(scope="module")
def checked(config):
    return Field(field_options(config))


def test_the_depth_that_is_expected_is_the_one_that_is_measured(config, checked):
    metrics = checked.measure(drizzle_settings(config), point_options(config)).metrics
    depth = metrics[DEPTH.name]
    assert expected_depth_abmag(checked) == pytest.approx(depth.value, abs=0.1)


def test_sound_exposures_equal_the_others_within_their_errors(checked):
    table = checked_exposures(checked)
    for name in ("flux_over_others", "fwhm_over_others"):
        assert (abs(table[name] - 1) < 4 * table[f"{name}_err"]).all()
    assert (abs(table["sky_over_others"] - 1) < 0.05).all()
    assert ((table["good"] > 0.9) & (table["cosmic_rays"] < 0.02)).all()
    assert set(table["phase_x"].round(1)) == {0.0, 0.5}  # as the four-point pattern has it
    rows = exposure_cells(table)
    assert {len(row) for row in rows} == {len(HEADS)}


def test_solutions_are_named_once_the_one_in_use_first(tmp_path):
    science = fits.ImageHDU(name="SCI", ver=1)
    science.header.update(WCSNAME="FIT", WCSNAMEO="OPUS", WCSNAMEA="FIT")
    headerlet = fits.ImageHDU(name="HDRLET")
    headerlet.header["HDRNAME"] = "old"
    path = tmp_path / "a_flt.fits"
    fits.HDUList([fits.PrimaryHDU(), science, headerlet]).writeto(path)
    assert solutions_in(path) == ["FIT", "OPUS", "old (headerlet)"]
