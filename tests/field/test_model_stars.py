"""Stars of the model in the places of sources, with the dithers and flags of the exposures."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.coordinates import SkyCoord

from hstdriz_study.contracts.metric_table import FWHM
from hstdriz_study.field import Field
from hstdriz_study.field.model_stars import ModelStars
from hstdriz_study.measure.psf import measure_psf
from hstdriz_study.measure.regions.stars import STAR
from hstdriz_study.study.config import drizzle_settings, field_options, point_options

if TYPE_CHECKING:
    from hstdriz_study.field.measuring import MeasuredPoint


@pytest.fixture(scope="module")
def field_of(compose_config, cache_dir):
    def compose(*exclude: str) -> Field:
        return Field(
            field_options(
                compose_config(
                    "filter=f160w", "dataset=synthetic", f"prepare.cache_dir={cache_dir}",
                    f"dataset.exclude=[{','.join(exclude)}]",
                )
            )
        )  # fmt: skip

    return compose


@pytest.fixture(scope="module")
def pair(field_of) -> Field:
    """Two exposures: stars are sampled at two phases only."""
    return field_of("isy16003q", "isy16004q")


def scatter(values: np.ndarray) -> float:
    return float(np.std(np.log(values)))


def test_stars_that_two_exposures_show_narrow_or_wide_are_alike_beside_their_model(pair) -> None:
    stars = pair.regions.candidates[pair.regions.candidates["verdict"] == STAR]
    model = ModelStars.of(pair.prepared, pair.options).at(stars)
    widths = np.asarray(stars["fwhm"])
    assert scatter(widths) > 0.06
    assert scatter(widths / model["fwhm"]) < 0.02
    assert np.median(widths / model["fwhm"]) == pytest.approx(1.0, abs=0.01)


def test_two_exposures_have_the_stars_that_four_have(pair, field_of) -> None:
    """Those of the whole set that both exposures show unsaturated and not at their edge."""
    two, four = pair.regions.candidates, field_of().regions.candidates
    stars = four[four["verdict"] == STAR]
    there, here = (SkyCoord(one["ra"], one["dec"], unit="deg") for one in (stars, two))
    nearest, apart, _ = there.match_to_catalog_sky(here)
    assert np.max(apart.arcsec) < 0.1
    same = two["verdict"][nearest]
    assert len(stars) > 30
    assert np.mean(same == STAR) > 0.9
    assert not pair.regions.warnings


def test_a_profile_that_two_exposures_sample_too_coarsely_is_none(pair, compose_config) -> None:
    config = compose_config("filter=f160w", "dataset=synthetic")
    how = replace(point_options(config), metrics=(measure_psf,), grid_phases=1)

    def at(scale: float, pixfrac: float) -> MeasuredPoint:
        settings = drizzle_settings(config)
        return pair.measure(replace(settings, final_scale_arcsec=scale, final_pixfrac=pixfrac), how)

    coarse = at(0.1283, 0.4)
    assert not coarse.metrics
    assert any("cannot be told at this point" in told for told in coarse.warnings)
    fine = at(0.0648, 1.0).metrics[FWHM.name]
    assert fine.value == pytest.approx(0.205, abs=2 * fine.err)
