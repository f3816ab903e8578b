"""Completeness and measured depth against closed forms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from astropy.table import Table
from photutils.aperture import CircularAperture
from scipy.special import ndtr

from hstdriz_study.contracts import Patch
from hstdriz_study.measure.injected import measure_completeness

SCALE, RADIUS_PX = 0.1, 4.0
STEPS = np.round(np.linspace(-0.6, 0.6, 7), 1)
SKY_SIGMA = 0.2
# white noise summed over whole and partial pixels
APERTURE_SIGMA = SKY_SIGMA * np.hypot.reduce(
    CircularAperture((15.0, 15.0), RADIUS_PX).to_mask().data, axis=None
)


def _point(scenes, rng, per_step: int, level: float = 3.0, faintest: float = 0.0):
    """Noise with stars that put all their light, 5 sigma at step 0, into the aperture."""
    steps = np.repeat(STEPS, per_step) + faintest
    patches = []
    for step in steps:
        image = level / 50 + rng.normal(0, SKY_SIGMA, (31, 31))
        image[15, 15] += 5 * APERTURE_SIGMA * 10 ** (-0.4 * step)
        patches.append(Patch(image, np.ones(image.shape), 15.0, 15.0))
    sky = [
        Patch(level / 50 + rng.normal(0, SKY_SIGMA, (18, 18)), np.ones((18, 18)), 8.5, 8.5)
        for _ in range(300)
    ]
    table = Table({"role": ["faint"] * len(steps), "step_mag": steps, "mag": 26.0 + steps})
    regions = scenes.regions()
    regions = replace(regions, injected=table)
    point = scenes.point(SCALE, sky=sky)
    point = replace(point, injected=tuple(patches))
    return point, scenes.context(regions)


def test_recovered_fractions_are_those_of_gaussian_noise(scenes) -> None:
    point, context = _point(scenes, np.random.default_rng(1), 200)
    found = measure_completeness(point, context)
    fractions = [metric for name, metric in found.items() if "completeness" in name]
    expected = ndtr(5 * (10 ** (-0.4 * STEPS) - 1))
    for metric, chance in zip(fractions, expected, strict=True):
        assert abs(metric.value - chance) < 3.5 * metric.err + 0.02


def test_depth_is_where_half_are_recovered_and_its_error_is_honest(scenes) -> None:
    rng = np.random.default_rng(2)
    depths = [
        measure_completeness(*_point(scenes, rng, 15))["injected/depth_abmag"] for _ in range(30)
    ]
    values = np.array([depth.value for depth in depths])
    error = np.median([depth.err for depth in depths])
    assert values.mean() == pytest.approx(26.0, abs=3 * error / np.sqrt(30) + 0.01)
    assert 0.7 < values.std(ddof=1) / error < 1.4


def test_a_fraction_of_none_or_all_still_has_an_error(scenes) -> None:
    point, context = _point(scenes, np.random.default_rng(3), 10, faintest=2.0)
    found = measure_completeness(point, context)
    assert "injected/depth_abmag" not in found
    for metric in found.values():
        assert metric.value == 0
        assert 0.02 < metric.err < 0.1


def test_a_star_without_data_is_not_recovered(scenes) -> None:
    point, context = _point(scenes, np.random.default_rng(4), 10)
    holes = tuple(
        Patch(np.full_like(patch.sci, np.nan), 0 * patch.wht, patch.x, patch.y)
        for patch in point.injected
    )
    lost = replace(point, injected=holes)
    found = measure_completeness(lost, context)
    assert all(metric.value == 0 for metric in found.values())
