"""Peaks, masks and medians against the functions of the libraries that take longer."""

import numpy as np
import pytest
from photutils.detection import DAOStarFinder, find_peaks
from photutils.segmentation import detect_sources
from photutils.utils import circular_footprint

from hstdriz_study.measure.order import median_of_many, quantile_of_many
from hstdriz_study.measure.peaks import dao_stars, peaks_above
from hstdriz_study.measure.regions.sky import _connected, _grown


@pytest.mark.parametrize("radius", [1.5, 2.0, 2.9, 3.75, 4.0, 5.25, 7.1])
def test_peaks_are_those_of_photutils(radius: float) -> None:
    rng = np.random.default_rng(1)
    image = rng.normal(size=(120, 150)).astype(np.float32)
    image[10:14, 5:9] = 3.0  # equal pixels are all peaks
    masked = rng.random(image.shape) < 0.02
    for border in ((0, 0), (2, 3)):
        found = find_peaks(
            image, 0.5, mask=masked, border_width=border, min_separation=radius
        )  # fmt: skip
        assert np.array_equal(
            peaks_above(image, 0.5, radius, masked=masked, border_px=border),
            np.column_stack([found["x_peak"], found["y_peak"]]),
        )


@pytest.mark.parametrize("border", [False, True])
def test_stars_are_those_of_photutils(*, border: bool) -> None:
    rng = np.random.default_rng(2)
    image = rng.normal(size=(100, 130)).astype(np.float32)
    y, x = np.indices(image.shape)
    for at in rng.uniform(0, 100, (25, 2)):
        image += (40 * np.exp(-((x - at[0]) ** 2 + (y - at[1]) ** 2) / 2)).astype(np.float32)
    masked = rng.random(image.shape) < 0.01
    options = {"threshold": 5.0, "fwhm": 2.3, "exclude_border": border}
    expected = DAOStarFinder(**options)(image, mask=masked)
    found = dao_stars(image, masked, **options)
    assert found is not None
    assert len(found) == len(expected) > 10
    for name in expected.colnames:
        assert np.array_equal(found[name], expected[name]), name
    assert dao_stars(image, masked, **options | {"threshold": 1e6}) is None


@pytest.mark.parametrize("n", [1, 2, 5, 1000, 100_001])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_middles_are_those_of_numpy(n: int, kind: type) -> None:
    values = np.random.default_rng(n).normal(size=n).round(3).astype(kind)
    assert median_of_many(values) == np.median(values)
    for fraction in (0.0, 0.1, 0.4, 0.995, 1.0):
        assert quantile_of_many(values, fraction) == np.quantile(values, fraction)


@pytest.mark.parametrize("radius", [1, 3])
def test_sources_are_masked_as_by_photutils(radius: int) -> None:
    bright = np.random.default_rng(3).random((90, 70))
    bright[:2, :9] = bright[-6:, -1] = 1.0  # at the edges
    segments = detect_sources(bright, 0.7, 5)
    expected = segments.make_source_mask(footprint=circular_footprint(radius))
    assert 0.2 < expected.mean() < 0.95
    assert np.array_equal(_grown(_connected(bright > 0.7), radius), expected)
