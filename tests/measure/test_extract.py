"""Cutting patches and rasterising regions."""

from typing import Any

import numpy as np
import pytest
import shapely
from astropy.table import Table
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hstdriz_study.contracts import Patch
from hstdriz_study.measure import extract
from hstdriz_study.measure.rasterise import polygon_mask

SCALE, SIDE = 0.225, 8  # of the 1.8 arcsec sky boxes


def patch_at(scenes: Any, images: tuple[np.ndarray, np.ndarray], x: float, y: float) -> Patch:
    """The sky box around a pixel position of a frame."""
    drizzled = scenes.drizzled(*images, SCALE)
    place = drizzled.wcs.pixel_to_world_values(x, y)
    return extract(drizzled, scenes.regions(sky_boxes=np.array([place]))).sky[0]


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10**6), n=st.integers(3, 9))
def test_mask_holds_the_pixels_whose_centres_lie_inside(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    angles = np.sort(rng.uniform(0, 2 * np.pi, n))
    radii = rng.uniform(5, 25, n)
    polygon = np.column_stack([20 + radii * np.cos(angles), 18 + radii * np.sin(angles)])
    mask = polygon_mask([polygon], (40, 45))
    rows, columns = np.indices(mask.shape)
    assert np.array_equal(mask, shapely.contains_xy(shapely.Polygon(polygon), columns, rows))


@given(vertices=st.sets(st.tuples(st.integers(0, 12), st.integers(0, 9)), min_size=3, max_size=9))
def test_mask_differs_from_shapely_on_edges_alone(vertices: set[tuple[int, int]]) -> None:
    hull = shapely.MultiPoint(sorted(vertices)).convex_hull
    assume(hull.area > 0)
    mask = polygon_mask([np.array(hull.exterior.coords)[:-1]], (10, 13))
    rows, columns = np.indices(mask.shape)
    differs = mask != shapely.contains_xy(hull, columns, rows)
    assert np.all(shapely.intersects_xy(hull.exterior, columns[differs], rows[differs]))


def test_polygons_with_a_common_edge_share_no_pixel_and_lose_none() -> None:
    left = np.array([(2.0, 2.0), (10.0, 2.0), (14.0, 20.0), (2.0, 20.0)])
    right = np.array([(10.0, 2.0), (30.0, 2.0), (30.0, 20.0), (14.0, 20.0)])
    whole = np.array([(2.0, 2.0), (30.0, 2.0), (30.0, 20.0), (2.0, 20.0)])
    masks = [polygon_mask([p], (25, 35)) for p in (left, right, whole)]
    assert not np.any(masks[0] & masks[1])
    assert np.array_equal(masks[0] | masks[1], masks[2])
    assert np.array_equal(polygon_mask([left, right], (25, 35)), masks[2])


def test_an_integer_rectangle_has_its_exact_area() -> None:
    mask = polygon_mask([np.array([(-0.5, -0.5), (9.5, -0.5), (9.5, 4.5), (-0.5, 4.5)])], (5, 10))
    assert mask.all()


@pytest.mark.parametrize("scale", [0.128, 0.06, 0.0417])
def test_adjoining_weight_boxes_hold_every_pixel_once(scenes: Any, scale: float) -> None:
    shape = (int(24 / scale), int(30 / scale))
    wht = np.arange(1.0, shape[0] * shape[1] + 1, dtype=np.float32).reshape(shape)
    drizzled = scenes.drizzled(np.ones(shape), wht, scale)
    middle = (np.array(shape)[::-1] - 1) / 2
    lattice = np.stack(np.meshgrid(np.arange(-4, 5), np.arange(-3, 4)), -1).reshape(-1, 2)
    places = middle + 2.0 / scale * lattice
    boxes = np.column_stack(drizzled.wcs.pixel_to_world_values(*places.T))
    tiles = extract(drizzled, scenes.regions(weight_boxes=boxes)).weight_tiles
    assert len(tiles) == 63
    half_x, half_y = 9.0 / scale, 7.0 / scale
    rows, columns = np.indices(shape)
    inside = (np.abs(columns - middle[0]) < half_x) & (np.abs(rows - middle[1]) < half_y)
    assert np.array_equal(np.sort(np.concatenate(tiles)), wht[inside])


def test_weight_boxes_hold_zeros_and_end_where_the_frame_ends(scenes: Any) -> None:
    wht = np.ones((40, 40))
    wht[10, 10] = 0.0
    drizzled = scenes.drizzled(np.ones((40, 40)), wht, 0.1)
    places = np.array([(9.5, 9.5), (-0.5, 19.5), (90.0, 19.5)])
    boxes = np.column_stack(drizzled.wcs.pixel_to_world_values(*places.T))
    inner, border, off = extract(drizzled, scenes.regions(weight_boxes=boxes)).weight_tiles
    assert (inner.size, border.size, off.size) == (400, 200, 0)
    assert np.count_nonzero(inner == 0) == 1


def test_a_patch_at_the_edge_is_filled_with_no_data(scenes: Any) -> None:
    patch = patch_at(scenes, (np.ones((20, 20)), np.ones((20, 20))), 1.2, 18.9)
    assert patch.sci.shape == (SIDE, SIDE)
    assert np.isnan(patch.sci[:, :2]).all()
    assert np.isnan(patch.sci[-3:]).all()
    assert patch.wht.sum() == np.isfinite(patch.sci).sum() == 5 * 6


@settings(max_examples=60, deadline=None)
@given(x=st.floats(-30, 60), y=st.floats(-30, 60))
def test_a_patch_knows_where_its_centre_is(scenes: Any, x: float, y: float) -> None:
    rows, columns = np.indices((40, 40), dtype=float)
    patch = patch_at(scenes, (columns + 100 * rows, np.ones((40, 40))), x, y)
    assert abs(patch.x - (SIDE - 1) / 2) <= 0.5 + 1e-6
    assert abs(patch.y - (SIDE - 1) / 2) <= 0.5 + 1e-6
    finite = np.argwhere(np.isfinite(patch.sci))
    for row, column in finite[:1]:
        assert patch.sci[row, column] == pytest.approx(
            (column - patch.x + x) + 100 * (row - patch.y + y), abs=1e-4
        )


def test_zero_weight_is_no_data(scenes: Any) -> None:
    wht = np.ones((19, 19))
    wht[9, 9] = 0
    patch = patch_at(scenes, (np.ones((19, 19)), wht), 9.0, 9.0)
    assert np.count_nonzero(np.isnan(patch.sci)) == np.count_nonzero(patch.wht == 0) == 1


def test_extract_cuts_a_wide_frame_at_the_right_places(scenes: Any) -> None:
    scale, shape = 0.05, (3000, 3000)
    rng = np.random.default_rng(2)
    rows, columns = np.indices(shape, dtype=np.float32)
    drizzled = scenes.drizzled(columns + 10_000 * rows, np.ones(shape, np.float32), scale)
    places = rng.uniform(200, 2800, (30, 2))
    ra, dec = drizzled.wcs.pixel_to_world_values(*places.T)
    boxes = np.column_stack([ra, dec])
    regions = scenes.regions(30, sky_boxes=boxes, weight_boxes=boxes)
    regions.stars["ra"], regions.stars["dec"] = ra, dec
    assert isinstance(regions.stars, Table)
    point = extract(drizzled, regions)
    assert len(point.stars) == len(point.sky) == 30
    assert [tile.size for tile in point.weight_tiles] == [1600] * 30
    for patch, x in zip(point.sky, places[:, 0], strict=True):
        row, column = round(patch.y), round(patch.x)
        assert patch.sci[row, column] % 10_000 == pytest.approx(column - patch.x + x, abs=2)
        assert patch.sci.shape == (36, 36)
