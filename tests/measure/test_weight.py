"""Weight metrics on maps made by hand."""

import math
from functools import cache
from typing import Any

import numpy as np
import pytest
from shapely.geometry import MultiPolygon, box

from hstdriz_study.contracts import Metric
from hstdriz_study.errors import MetricUnavailableError
from hstdriz_study.measure.patches import extract
from hstdriz_study.measure.regions.weight_boxes import weight_boxes
from hstdriz_study.measure.weight import measure_weight, sampled_fraction

SCALE, SIDE = 0.1, 640  # a map of 64 arcsec
NAMES = ("weight/rms", "weight/median", "weight/rms_over_median", "weight/hole_fraction")
EDGE = box(-0.5, -0.5, SIDE - 0.5, SIDE - 0.5)
SQUARE_MINUTE = np.array(
    [(150.0, 0.0), (150.0 + 1 / 60, 0.0), (150.0 + 1 / 60, 1 / 60), (150.0, 1 / 60)]
)


def whole(scenes: Any) -> Any:
    """Regions whose boxes are all of full depth."""
    return scenes.regions(
        weight_boxes=np.zeros((900, 2)), weight_box_arcsec=2.0, full_depth=(SQUARE_MINUTE,)
    )


def weight_map(seed: int, depth: str) -> np.ndarray:
    """Weights with the drops' pattern, bad pixels and columns, and a varying depth."""
    rng = np.random.default_rng(seed)
    rows, columns = np.indices((SIDE, SIDE))
    pattern = 1 + 0.08 * np.sin(1.3 * columns + 0.2 * rows) + 0.06 * np.sin(0.9 * rows)
    exposures = np.full((SIDE, SIDE), 4.0)
    exposures -= rng.random((SIDE, SIDE)) < 0.02
    exposures -= 2.0 * (rng.random((SIDE, SIDE)) < 0.001)
    exposures -= np.isin(columns + rows // 9, rng.integers(0, SIDE, 12)).astype(float)
    exposures[rng.random((SIDE, SIDE)) < 0.002] = 0.0
    if depth == "gradient":
        pattern = pattern * (1 + 0.3 * columns / SIDE - 0.2 * (rows / SIDE) ** 2)
    if depth == "chip_gap":
        exposures[np.abs(rows - 300 - columns // 10) < 15] -= 1.0
    return 500 * pattern * np.maximum(exposures, 0.0)


def values(wht: np.ndarray) -> np.ndarray:
    """RMS, median, their ratio and the hole fraction of all pixels."""
    rms, median = np.std(wht), np.median(wht)
    return np.array([rms, median, rms / median, np.mean(wht == 0)])


@cache
def drawn(wanted_arcsec2: float, seed: int) -> tuple[np.ndarray, float]:
    return weight_boxes(MultiPolygon([EDGE]), SCALE, wanted_arcsec2, seed)


def sampled(scenes: Any, wht: np.ndarray, seed: int, *, wanted_arcsec2: float) -> dict[str, Metric]:
    """Measure the map in boxes drawn with a seed."""
    drizzled = scenes.drizzled(np.ones(wht.shape), wht, SCALE)
    centers, side = drawn(wanted_arcsec2, seed)
    corners = np.array(EDGE.exterior.coords)[:-1]
    centers, corners = (
        np.column_stack(drizzled.wcs.pixel_to_world_values(*xy.T)) for xy in (centers, corners)
    )
    regions = scenes.regions(weight_boxes=centers, weight_box_arcsec=side, full_depth=(corners,))
    return measure_weight(extract(drizzled, regions), scenes.context(regions, seed=seed))


def test_values_are_those_of_numpy_over_all_pixels_zeros_included(scenes: Any) -> None:
    rng = np.random.default_rng(1)
    tiles = [rng.gamma(20, 100, size).astype(np.float32) for size in (900, 1100, 0, 1300)]
    tiles[0][:60] = 0.0
    everything = np.concatenate(tiles).astype(float)
    metrics = measure_weight(scenes.point(0.06, weight_tiles=tiles), scenes.context(whole(scenes)))
    assert metrics["weight/rms"].value == pytest.approx(np.std(everything))
    assert metrics["weight/median"].value == pytest.approx(np.median(everything))
    assert metrics["weight/rms_over_median"].value == pytest.approx(
        np.std(everything) / np.median(everything)
    )
    assert metrics["weight/hole_fraction"].value == pytest.approx(60 / 3300)


def test_an_even_map_has_no_rms_and_no_error(scenes: Any) -> None:
    tiles = [np.full(500, 2400.0, dtype=np.float32)] * 4
    metrics = measure_weight(scenes.point(0.06, weight_tiles=tiles), scenes.context(whole(scenes)))
    assert metrics["weight/rms_over_median"].value == 0
    assert metrics["weight/rms_over_median"].err == 0
    assert metrics["weight/hole_fraction"].value == 0


def test_a_median_of_zero_gives_an_infinite_ratio(scenes: Any) -> None:
    tiles = [np.array([0.0, 0.0, 5.0], dtype=np.float32)] * 3
    metrics = measure_weight(scenes.point(0.06, weight_tiles=tiles), scenes.context(whole(scenes)))
    assert metrics["weight/rms_over_median"].value == math.inf
    assert math.isnan(metrics["weight/rms_over_median"].err)
    assert metrics["weight/hole_fraction"].value == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("depth", "most"),
    # Pairs of neighbours hold a little of a trend over the field: their error is too large.
    [("even", 0.80), ("gradient", 0.88), ("chip_gap", 0.80)],
)
def test_the_error_covers_the_full_map_at_the_nominal_rate(
    scenes: Any, depth: str, most: float
) -> None:
    """Many samples of a field with bad pixels and columns against all of its pixels."""
    wht = weight_map(3, depth)
    deviations = []
    for seed in range(80):
        metrics = sampled(scenes, wht, seed, wanted_arcsec2=300.0)
        deviations.append(
            [
                (metrics[name].value - truth) / metrics[name].err
                for name, truth in zip(NAMES, values(wht), strict=True)
            ]
        )
    covered = np.mean(np.abs(deviations) < 1, axis=0)
    assert np.all((covered > 0.56) & (covered < most)), covered
    assert np.all(np.abs(np.mean(deviations, axis=0)) < 0.35)


def test_boxes_that_cover_the_region_give_its_values_without_error(scenes: Any) -> None:
    wht = weight_map(1, "gradient")
    metrics = sampled(scenes, wht, 0, wanted_arcsec2=4000.0)
    for name, truth in zip(NAMES, values(wht), strict=True):
        assert metrics[name].value == pytest.approx(truth, rel=0.01)
        assert metrics[name].err <= 0.01 * truth


def test_a_sample_without_holes_leaves_room_for_one_lost_pixel(scenes: Any) -> None:
    wht = np.full((SIDE, SIDE), 2000.0)
    wht[::9, ::9] *= 0.9
    metric = sampled(scenes, wht, 0, wanted_arcsec2=300.0)["weight/hole_fraction"]
    native = scenes.regions().geometry.native_scale_arcsec
    assert metric.value == 0
    assert metric.err == pytest.approx(native**2 / 300.0 * math.sqrt(1 - 300 / 4096), rel=0.02)


def test_scatter_is_that_of_maps_whose_bad_pixels_fall_elsewhere(scenes: Any) -> None:
    """Boxes that are the whole region have no error, and yet another draw of flags differs."""
    context, ratios, stated = scenes.context(whole(scenes)), [], []
    for seed in range(120):
        rng = np.random.default_rng(seed)
        exposures = rng.binomial(4, 0.97, (100, 400)).astype(np.float32)
        metrics = measure_weight(scenes.point(0.06, weight_tiles=list(500 * exposures)), context)
        ratios.append(metrics["weight/rms_over_median"].value)
        assert metrics["weight/rms_over_median"].err < 1e-12
        stated.append(metrics["weight/rms_over_median_scatter"].value)
    assert np.mean(stated) == pytest.approx(np.std(ratios), rel=0.2)


def test_the_error_falls_as_more_of_the_region_is_sampled(scenes: Any) -> None:
    wht = weight_map(2, "chip_gap")
    errors = [
        sampled(scenes, wht, 3, wanted_arcsec2=area)["weight/rms"].err
        for area in (100.0, 400.0, 4000.0)
    ]
    assert errors[1] < 0.65 * errors[0]
    assert errors[2] < 0.3 * errors[1]


def test_sampled_fraction_is_the_area_of_the_boxes_over_that_of_the_polygons(scenes: Any) -> None:
    regions = scenes.regions(weight_boxes=np.zeros((90, 2)), full_depth=(SQUARE_MINUTE,))
    assert sampled_fraction(regions) == pytest.approx(90 * 4 / 3600, rel=1e-6)


def test_one_box_of_many_has_no_error_bar(scenes: Any) -> None:
    regions = scenes.regions(weight_boxes=np.zeros((1, 2)), full_depth=(SQUARE_MINUTE,))
    tile = np.random.default_rng(1).random(500)
    metrics = measure_weight(scenes.point(0.06, weight_tiles=[tile]), scenes.context(regions))
    assert metrics["weight/rms"].value == pytest.approx(tile.std())
    assert math.isnan(metrics["weight/rms"].err)


def test_a_region_off_the_product_is_said_in_one_sentence(scenes: Any) -> None:
    point = scenes.point(0.06, weight_tiles=[np.empty(0), np.empty(0)])
    with pytest.raises(MetricUnavailableError, match="holds no pixel"):
        measure_weight(point, scenes.context(whole(scenes)))
