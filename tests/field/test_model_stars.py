"""Stars of the model in the places of sources, with the dithers and flags of the exposures."""

from __future__ import annotations

import numpy as np
import pytest
from astropy.coordinates import SkyCoord

from hstdriz_study.field import Field
from hstdriz_study.field.model_stars import ModelStars
from hstdriz_study.measure.regions.stars import STAR
from hstdriz_study.study.config import field_options


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
