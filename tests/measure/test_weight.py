"""Weight metrics on maps made by hand."""

import math
from typing import Any

import numpy as np
import pytest

from hstdriz_study.errors import MetricUnavailableError
from hstdriz_study.measure.weight import measure_weight


def test_values_are_those_of_numpy_over_all_pixels_zeros_included(scenes: Any) -> None:
    rng = np.random.default_rng(1)
    tiles = [rng.gamma(20, 100, size).astype(np.float32) for size in (900, 1100, 0, 1300)]
    tiles[0][:60] = 0.0
    everything = np.concatenate(tiles).astype(float)
    metrics = measure_weight(
        scenes.point(0.06, weight_tiles=tiles), scenes.context(scenes.regions())
    )
    assert metrics["weight/rms"].value == pytest.approx(np.std(everything))
    assert metrics["weight/median"].value == pytest.approx(np.median(everything))
    assert metrics["weight/rms_over_median"].value == pytest.approx(
        np.std(everything) / np.median(everything)
    )
    assert metrics["weight/hole_fraction"].value == pytest.approx(60 / 3300)


def test_an_even_map_has_no_rms_and_no_error(scenes: Any) -> None:
    tiles = [np.full(500, 2400.0, dtype=np.float32)] * 4
    metrics = measure_weight(
        scenes.point(0.06, weight_tiles=tiles), scenes.context(scenes.regions())
    )
    assert metrics["weight/rms_over_median"].value == 0
    assert metrics["weight/rms_over_median"].err == 0
    assert metrics["weight/hole_fraction"].value == 0


def test_a_median_of_zero_gives_an_infinite_ratio(scenes: Any) -> None:
    tiles = [np.array([0.0, 0.0, 5.0], dtype=np.float32)] * 3
    metrics = measure_weight(
        scenes.point(0.06, weight_tiles=tiles), scenes.context(scenes.regions())
    )
    assert metrics["weight/rms_over_median"].value == math.inf
    assert math.isnan(metrics["weight/rms_over_median"].err)
    assert metrics["weight/hole_fraction"].value == pytest.approx(2 / 3)


def test_bootstrap_error_covers_the_scatter_between_maps(scenes: Any) -> None:
    """Tiles with independent levels: the error must match the scatter of the value."""
    values, errors = [], []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        tiles = [rng.normal(rng.normal(1000, 30), 80, 60) for _ in range(64)]
        metrics = measure_weight(
            scenes.point(0.06, weight_tiles=tiles), scenes.context(scenes.regions())
        )
        values.append([metrics[f"weight/{name}"].value for name in ("rms", "median")])
        errors.append([metrics[f"weight/{name}"].err for name in ("rms", "median")])
    ratio = np.median(errors, axis=0) / np.std(values, axis=0, ddof=1)
    assert np.all((ratio > 0.7) & (ratio < 1.4))


def test_a_region_off_the_product_is_said_in_one_sentence(scenes: Any) -> None:
    point = scenes.point(0.06, weight_tiles=[np.empty(0), np.empty(0)])
    with pytest.raises(MetricUnavailableError, match="holds no pixel"):
        measure_weight(point, scenes.context(scenes.regions()))
