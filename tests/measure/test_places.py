"""Where artificial stars are put, on made-up frames."""

from __future__ import annotations

import numpy as np
import pytest

from hstdriz_study.measure.regions.blank_places import star_places

SCALE, SIZE = 0.128, 200


@pytest.fixture(scope="module")
def field(scenes):
    """White noise with one bright source at the middle; one exposure covers all of it."""
    rows, columns = np.indices((SIZE, SIZE))
    image = np.random.default_rng(1).normal(0, 1, (SIZE, SIZE))
    image += 500 * np.exp(-0.5 * ((rows - 100) ** 2 + (columns - 100) ** 2) / 3.0**2)
    native = scenes.drizzled(image, np.ones((SIZE, SIZE)), SCALE)
    corners = np.array([[0, 0], [SIZE - 1, 0], [SIZE - 1, SIZE - 1], [0, SIZE - 1]], float)
    edge = np.column_stack(native.wcs.pixel_to_world_values(*corners.T))
    return native, ((edge,),)


def _places(field, scenes, n_bright: int, n_faint: int, seed: int = 1):
    native, footprints = field
    found = star_places(
        native, footprints, scenes.geometry, n_bright=n_bright, n_faint=n_faint, seed=seed
    )
    return [
        np.column_stack(native.wcs.world_to_pixel_values(*sky.T)) * SCALE
        for sky in (found.bright, found.faint)
    ]


def test_places_keep_clear_of_sources_edges_and_each_other(field, scenes) -> None:
    bright, faint = _places(field, scenes, 10, 40)
    assert (len(bright), len(faint)) == (10, 40)
    geometry, middle, end = scenes.geometry, 100 * SCALE, (SIZE - 1) * SCALE
    for places, clear in (
        (bright, geometry.ee_radius_arcsec), (faint, geometry.aperture_radius_arcsec),
    ):  # fmt: skip
        assert np.hypot(*(places - middle).T).min() > clear
        assert places.min() >= clear
        assert places.max() <= end - clear
    every = np.concatenate([bright, faint])
    distance = np.hypot(*(every[:, None] - every).transpose(2, 0, 1))
    np.fill_diagonal(distance, np.inf)
    assert distance[:10].min() >= 3 * geometry.ee_radius_arcsec - 1e-6
    assert distance.min() >= 3 * geometry.aperture_radius_arcsec - 1e-6


def test_a_full_field_takes_fewer(field, scenes) -> None:
    bright, faint = _places(field, scenes, 1000, 1000)
    assert 20 < len(bright) < 80  # circles of 3 arcsec in 24 x 24 arcsec
    assert len(faint) < 100


def test_a_seed_gives_its_own_places(field, scenes) -> None:
    first, same, other = (_places(field, scenes, 5, 5, seed)[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, same)
    assert not np.allclose(first, other)
