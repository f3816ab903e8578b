import numpy as np
import pytest

from hstdriz_study.predict import CosmicRayAllowance

SHAPE = (512, 1024)


@pytest.mark.parametrize(("exptime_s", "pixels_per_hit"), [(400.0, 1.0), (1200.0, 4.5)])
def test_hit_fraction_is_rate_times_exposure_time(exptime_s, pixels_per_hit):
    hits = CosmicRayAllowance(0.03, pixels_per_hit).hits(exptime_s, SHAPE, np.random.default_rng(1))
    # tracks that cross or leave the chip lose a little
    assert hits.mean() == pytest.approx(0.03 * exptime_s / 1000, rel=0.07)


def test_hits_come_in_tracks():
    def neighbours(pixels_per_hit: float) -> float:
        hits = CosmicRayAllowance(0.01, pixels_per_hit).hits(
            1000.0, SHAPE, np.random.default_rng(1)
        )
        return (hits[:, 1:] & hits[:, :-1]).sum() / hits.sum()

    assert neighbours(1.0) < 0.03
    assert neighbours(4.5) > 0.2


def test_no_rate_hits_no_pixel():
    assert not CosmicRayAllowance(0.0, 4.5).hits(1000.0, SHAPE, np.random.default_rng(1)).any()
