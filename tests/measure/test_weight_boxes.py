"""Boxes that stand for the full-depth region."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity
from shapely.geometry import MultiPolygon, Polygon, box

from hstdriz_study.measure.regions.weight_boxes import weight_boxes


def squares(centers: np.ndarray, side_px: float) -> np.ndarray:
    low, high = centers - side_px / 2, centers + side_px / 2
    return np.asarray(shapely.box(*low.T, *high.T))


def turned(width_arcsec: float, height_arcsec: float, degrees: float, scale: float) -> MultiPolygon:
    shape = box(100.2, 50.1, 100.2 + width_arcsec / scale, 50.1 + height_arcsec / scale)
    return MultiPolygon([affinity.rotate(shape, degrees)])


@settings(max_examples=15, deadline=None)
@given(
    degrees=st.floats(0, 90),
    width=st.floats(4, 60),
    height=st.floats(4, 60),
    seed=st.integers(0, 9),
)
def test_boxes_lie_inside_the_region_and_do_not_overlap(
    degrees: float, width: float, height: float, seed: int
) -> None:
    region = turned(width, height, degrees, 0.1)
    centers, side = weight_boxes(region, 0.1, 300.0, seed)
    found = squares(centers, side / 0.1)
    assert len(found) > 0
    assert all(region.buffer(1e-5).covers(square) for square in found)
    assert shapely.union_all(found).area == pytest.approx(len(found) * (side / 0.1) ** 2, rel=1e-6)


@pytest.mark.parametrize(
    ("extent", "scale", "degrees", "covered"),
    [
        ((31.4, 29.7), 0.128, 0, 0.98),
        ((31.4, 29.7), 0.128, 45, 0.92),
        ((24.5, 24.5), 0.05, 0, 0.99),
        ((24.5, 24.5), 0.05, 30, 0.88),
    ],
)
def test_the_region_of_a_subarray_is_covered(
    extent: tuple[float, float], scale: float, degrees: float, covered: float
) -> None:
    region = turned(*extent, degrees, scale)
    centers, side = weight_boxes(region, scale, 500.0, 1)
    assert len(centers) * (side / scale) ** 2 >= covered * region.area


@pytest.mark.parametrize("degrees", [0, 33])
def test_a_full_frame_is_sampled_evenly_with_the_wanted_area(degrees: float) -> None:
    region = turned(198, 198, degrees, 0.05)
    centers, side = weight_boxes(region, 0.05, 500.0, 1)
    assert len(centers) >= 100
    assert len(centers) * side**2 == pytest.approx(500, rel=0.02)
    middle = np.array(region.centroid.coords[0])
    offsets = centers - middle
    angle = np.radians(-degrees)
    x, y = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) @ offsets.T
    quarters = [np.sum((sx * x > 0) & (sy * y > 0)) for sx in (-1, 1) for sy in (-1, 1)]
    assert np.ptp(quarters) <= 12  # independent draws would scatter by ten or more


def test_every_place_of_the_region_has_the_same_chance() -> None:
    region = turned(100, 40, 0, 0.1)
    chosen = np.concatenate([weight_boxes(region, 0.1, 300.0, seed)[0] for seed in range(40)])
    counts, _ = np.histogram(chosen[:, 0], bins=10)
    assert np.abs(counts / counts.mean() - 1).max() < 0.15


def test_the_same_seed_draws_the_same_boxes() -> None:
    region = turned(100, 100, 10, 0.1)
    first, second, other = (weight_boxes(region, 0.1, 300.0, seed)[0] for seed in (1, 1, 2))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


def test_boxes_that_follow_one_another_are_neighbours() -> None:
    centers, side = weight_boxes(turned(30, 30, 0, 0.1), 0.1, 500.0, 1)
    steps = np.hypot(*np.diff(centers, axis=0).T) * 0.1 / side
    assert np.median(steps) == pytest.approx(1.0, abs=0.01)
    assert steps.max() < 4


def test_a_region_in_two_parts_has_boxes_in_both_and_none_between() -> None:
    region = MultiPolygon([box(0, 0, 100, 45), box(0, 60, 100, 105)])
    centers, side = weight_boxes(region, 0.1, 200.0, 1)
    assert all(region.buffer(1e-5).covers(square) for square in squares(centers, side / 0.1))
    assert len(centers) * (side / 0.1) ** 2 >= 0.9 * region.area
    assert (centers[:, 1] < 45).any()
    assert (centers[:, 1] > 60).any()


def test_a_notch_holds_no_box() -> None:
    notched = Polygon(
        [(0, 0), (100, 0), (100, 100), (60, 100), (60, 30), (40, 30), (40, 100), (0, 100)]
    )
    centers, side = weight_boxes(MultiPolygon([notched]), 0.1, 200.0, 1)
    assert all(notched.buffer(1e-5).covers(square) for square in squares(centers, side / 0.1))


def test_a_thin_region_has_smaller_boxes() -> None:
    centers, side = weight_boxes(MultiPolygon([box(0, 0, 300, 6)]), 0.1, 500.0, 1)
    assert side <= 0.6 + 1e-9
    assert len(centers) >= 50
