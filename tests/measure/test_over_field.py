"""The PSF over the field, on frames whose widths and shapes are painted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hstdriz_study.measure.over_field.field_plane import FieldPlane
from hstdriz_study.measure.over_field.linear import UNKNOWN, linear_fit
from hstdriz_study.measure.over_field.psf import planes_table, psf_over_field
from hstdriz_study.measure.over_field.spread import blocks, coverage

SCALE, SIDE = 0.128, 420
FWHM = 0.3
SIDE_ARCSEC = SCALE * SIDE


@pytest.fixture
def field() -> FieldPlane:
    """A square of 100 arcsec that lies across the pole of right ascension."""
    half = 50 / 3600
    corners = half * np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    corners[:, 0] %= 360
    return FieldPlane.of([corners])


@pytest.fixture
def painted(scenes):
    """Paint stars whose width and shape depend on where they stand, and select them."""

    def paint(wider, flatter, places):
        rng = np.random.default_rng(3)
        image = 0.02 * rng.standard_normal((SIDE, SIDE))
        rows, columns = np.mgrid[:SIDE, :SIDE].astype(float)
        for x, y in places:
            east = (SIDE / 2 - x) * SCALE  # north is up
            near = (np.abs(rows - y) < 15) & (np.abs(columns - x) < 15)
            dx, dy = (columns[near] - x) * SCALE, (rows[near] - y) * SCALE
            # a round star of the same area, stretched along north
            width, stretch = FWHM * (1 + wider * east / SIDE_ARCSEC), 1 + flatter
            star = scenes.gaussian(width)(dx * np.sqrt(stretch), dy / np.sqrt(stretch))
            image[near] += 500 * SCALE**2 * star
        native = scenes.drizzled(image, np.ones_like(image), SCALE)
        corners = np.array([[0, 0], [SIDE - 1, 0], [SIDE - 1, SIDE - 1], [0, SIDE - 1]], float)
        regions = scenes.regions(
            len(places), full_depth=(np.column_stack(native.wcs.pixel_to_world_values(*corners.T)),)
        )
        ra, dec = native.wcs.pixel_to_world_values(*places.T)
        regions.stars["ra"], regions.stars["dec"] = ra, dec
        return native, regions

    return paint


def scattered(n_stars: int, low: float = 30, high: float = SIDE - 30) -> np.ndarray:
    lattice = np.linspace(low, high, round(np.sqrt(n_stars)))
    shaken = np.random.default_rng(5).uniform(-3, 3, (len(lattice) ** 2, 2))
    return np.column_stack([one.ravel() for one in np.meshgrid(lattice, lattice)]) + shaken


def test_a_psf_that_is_wider_at_one_edge_is_measured_so(painted) -> None:
    found = psf_over_field(*painted(0.1, 0.0, scattered(49)))
    change, error = found.relative_change
    # the fit takes the variance of a pixel out, which stars that are sampled do not have
    pixel = 8 * np.log(2) / 12 * SCALE**2
    assert change == pytest.approx(0.1 * FWHM**2 / (FWHM**2 - pixel), abs=4 * error + 1e-3)
    assert 0 < error < 0.01
    assert found.fwhm.chance < 1e-6
    east, north = found.fwhm.gradient / np.linalg.norm(found.fwhm.gradient)
    assert east == pytest.approx(1.0, abs=0.01)
    assert abs(north) < 0.1
    assert found.energy.change > 3 * found.energy.change_err  # less where wider
    row = planes_table(found)[0]
    assert row["gradient_east"] == pytest.approx(60 * found.fwhm.gradient[0])


def test_one_width_everywhere_has_no_gradient(painted) -> None:
    found = psf_over_field(*painted(0.0, 0.0, scattered(49)))
    assert found.relative_change[0] < 4 * found.relative_change[1]
    assert found.fwhm.chance > 1e-3
    assert found.blocks is None


def test_stars_that_are_longer_along_north_are_told_so(painted) -> None:
    found = psf_over_field(*painted(0.0, 0.2, scattered(25)))
    # moments of the Gaussian inside the aperture; the long axis is 90 degrees from east
    east, north = np.meshgrid(*[np.linspace(-0.4, 0.4, 401)] * 2)
    light = np.exp(-4 * np.log(2) * (1.2 * east**2 + north**2 / 1.2) / FWHM**2)
    light[np.hypot(east, north) > 0.4] = 0
    xx, yy = np.sum(light * east**2), np.sum(light * north**2)
    assert found.along_east.middle == pytest.approx((xx - yy) / (xx + yy), abs=0.01)
    assert abs(found.along_northeast.middle) < 0.01


def test_a_corner_is_a_part_of_the_field_and_is_named(painted) -> None:
    whole = psf_over_field(*painted(0.0, 0.0, scattered(25)))
    corner = psf_over_field(*painted(0.0, 0.0, scattered(25, 290, 400)))
    assert whole.coverage > 0.8
    assert corner.coverage < 0.12
    assert corner.toward.endswith("north-west")


def test_without_stars_nothing_is_known(painted) -> None:
    native, regions = painted(0.0, 0.0, scattered(25))
    found = psf_over_field(native, replace(regions, stars=regions.stars[:0]))
    assert np.isnan([found.fwhm.change, found.coverage]).all()
    assert len(found.stars) == 0
    assert np.isnan(planes_table(found)["change"]).all()


def test_the_plane_has_the_errors_that_its_scatter_shows(field) -> None:
    rng = np.random.default_rng(8)
    pulls = []
    for _ in range(200):
        places = rng.uniform(-50, 50, (30, 2))
        values = 2 + 0.001 * places[:, 0] + 0.02 * rng.standard_normal(30)
        plane = linear_fit(places, values, field)
        pulls.append((plane.gradient[0] - 0.001) / np.sqrt(plane.covariance[0, 0]))
    assert 0.85 < np.std(pulls) < 1.15


def test_an_outlier_does_not_tilt_the_plane_and_a_line_of_stars_has_none(field) -> None:
    places = scattered(25, -45, 45)
    values = 1 + 0.01 * np.random.default_rng(2).standard_normal(len(places))
    clean = linear_fit(places, values, field)
    values[0] = 9.0
    assert linear_fit(places, values, field).change == pytest.approx(clean.change, abs=0.01)
    along = np.column_stack([places[:, 0], 2 * places[:, 0]])
    assert linear_fit(along, values, field) is UNKNOWN
    assert linear_fit(places[:5], values[:5], field) is UNKNOWN


def test_places_are_arcseconds_east_and_north_of_the_middle(field) -> None:
    assert field.area_arcsec2 == pytest.approx(1e4, rel=1e-4)
    np.testing.assert_allclose(field.places([10 / 3600], [20 / 3600]), [[10, 20]], atol=1e-3)


@pytest.mark.parametrize("n_stars", [6, 12, 60])
def test_evenly_scattered_stars_cover_the_field_however_few(field, n_stars) -> None:
    rng = np.random.default_rng(n_stars)
    covered = [coverage(rng.uniform(-50, 50, (n_stars, 2)), field) for _ in range(100)]
    assert np.mean(np.array(covered) < 0.2) < 0.05
    corner = [coverage(rng.uniform(16, 50, (n_stars, 2)), field) for _ in range(100)]
    assert np.mean(np.array(corner) < 0.2) > 0.95


def test_clusters_are_told_from_stars_that_are_scattered_evenly(field) -> None:
    rng = np.random.default_rng(9)
    even = [blocks(rng.uniform(-50, 50, (60, 2)), field) for _ in range(100)]
    assert sum(found is not None for found in even) < 5
    centres = np.array([[-30, -30], [30, -20], [0, 0], [-20, 35.0]])
    of_star = np.arange(60) % 4
    found = blocks(centres[of_star] + 2 * rng.standard_normal((60, 2)), field)
    assert len(set(found)) == 4
    assert all(len(set(found[of_star == one])) == 1 for one in range(4))
    assert blocks(2 * rng.standard_normal((60, 2)), field) is None  # one cluster has no scatter
