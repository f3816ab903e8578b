"""Noise against white noise drizzled at known geometry."""

from typing import Any

import numpy as np
import pytest
from photutils.aperture import CircularAperture

from hstdriz_study.contracts import Patch
from hstdriz_study.errors import MetricUnavailableError
from hstdriz_study.measure import analytic_correlation
from hstdriz_study.measure.noise import measure_noise
from hstdriz_study.validate import white_noise

NATIVE = 0.128
N_DITHERS = 40
# pixfrac, output over input scale, R: Fruchter & Hook 2002, section 7
PUBLISHED = [
    (1.0, 1.0, 1.5),
    (0.8, 1.0, 1.364),
    (0.6, 1.0, 1.250),
    (1.0, 0.5, 2.4),
    (0.8, 0.5, 2.021),
    (0.6, 0.5, 1.662),
    (0.8, 0.6, 1.778),
    (0.6, 0.6, 1.5),
    (0.4, 0.6, 1.2857),
]


def blank_sky(
    scenes: Any,
    pixfrac: float,
    ratio: float,
    *,
    n_boxes: int = 100,
    seed: int = 3,
) -> list[Patch]:
    """Sky boxes cut out of white noise drizzled with many random dithers."""
    rng = np.random.default_rng(seed)
    return white_noise.blank_sky(
        rng.uniform(-4, -3, (N_DITHERS, 2)),
        pixfrac=pixfrac,
        scale_ratio=ratio,
        side_px=int(scenes.geometry.sky_box_arcsec / (NATIVE * ratio)),
        n_boxes=n_boxes,
        rng=rng,
    )


@pytest.mark.parametrize(("pixfrac", "ratio", "expected"), PUBLISHED)
def test_analytic_correlation_gives_the_published_values(
    pixfrac: float, ratio: float, expected: float
) -> None:
    assert analytic_correlation(pixfrac, ratio) == pytest.approx(expected, abs=6e-4)


@pytest.mark.parametrize(("pixfrac", "ratio", "expected"), PUBLISHED)
def test_measured_correlation_agrees_with_theory_for_many_dithers(
    scenes: Any, pixfrac: float, ratio: float, expected: float
) -> None:
    sky = blank_sky(scenes, pixfrac, ratio, n_boxes=196)
    point = scenes.point(NATIVE * ratio, sky=sky, pixfrac=pixfrac)
    metrics = measure_noise(point, scenes.context(scenes.regions()))
    measured = metrics["noise/correlation"]
    print(  # noqa: T201 - the table of docs/measuring.md: pytest -s
        f"| {pixfrac} | {ratio} | {expected:.3f} | {measured.value:.3f} | {measured.err:.3f} "
        f"| {100 * (measured.value / expected - 1):+.1f} % |"
    )
    assert abs(measured.value - expected) < 0.02 * expected + 3 * measured.err
    assert measured.err < 0.04 * expected
    assert metrics["noise/correlation_analytic"].value == pytest.approx(expected, abs=6e-4)
    assert metrics["noise/correlation_analytic"].err == 0


def test_sky_rms_of_drizzled_white_noise_is_the_noise_over_the_correlation(scenes: Any) -> None:
    """Over a large area n dithers average; a pixel of ratio s shows it divided by R."""
    pixfrac, ratio = 0.8, 0.6
    point = scenes.point(
        NATIVE * ratio, sky=blank_sky(scenes, pixfrac, ratio, n_boxes=150), pixfrac=pixfrac
    )
    metric = measure_noise(point, scenes.context(scenes.regions()))["noise/sky_rms"]
    expected = ratio / np.sqrt(N_DITHERS) / analytic_correlation(pixfrac, ratio)
    assert metric.value == pytest.approx(expected, rel=0.03)
    assert 0 < metric.err < 0.03 * metric.value


def independent() -> float:
    """How many apertures apart tell as much of the scatter as the nine that overlap in a box.

    The variance of a mean of n squares of normal deviates of correlation r is 2 sum(r^2) / n^2;
    r is the part of its area that a circle has in common with another.
    """
    step, radius = np.arange(3) * 1.8 / 4, 0.4
    x, y = (axis.ravel() for axis in np.meshgrid(step, step))
    half = np.minimum(np.hypot(x[:, None] - x, y[:, None] - y) / (2 * radius), 1.0)
    common = 2 / np.pi * (np.arccos(half) - half * np.sqrt(1 - half**2))
    return float(len(x) ** 2 / np.sum(common**2))


@pytest.mark.parametrize("scale", [0.06, 0.1])
def test_empty_aperture_noise_of_independent_pixels_is_analytic(scenes: Any, scale: float) -> None:
    rng = np.random.default_rng(5)
    side = int(1.8 / scale)
    sky = [
        Patch(rng.normal(size=(side, side)), np.ones((side, side)), (side - 1) / 2, (side - 1) / 2)
        for _ in range(250)
    ]
    metrics = measure_noise(scenes.point(scale, sky=sky), scenes.context(scenes.regions()))
    sigma = metrics["noise/aperture_sigma"]
    # The variance of a sum of independent pixels is the sum of the squared overlaps.
    middle = (side - 1) / 2 + 1.8 / scale / 4
    mask = CircularAperture((middle, middle), 0.4 / scale).to_mask(method="exact")
    expected = np.sqrt(np.sum(mask.data**2))
    assert sigma.value == pytest.approx(expected, rel=0.05)
    assert sigma.err == pytest.approx(sigma.value / np.sqrt(2 * 250 * independent()), rel=0.2)


def test_holes_in_apertures_are_made_good_by_area(scenes: Any) -> None:
    rng = np.random.default_rng(6)
    level, side = 10.0, 30
    sky = []
    for _ in range(60):
        sci, wht = level + 0.01 * rng.normal(size=(side, side)), np.ones((side, side))
        hole = rng.random((side, side)) < 0.1
        sci[hole], wht[hole] = np.nan, 0.0
        sky.append(Patch(sci, wht, 14.5, 14.5))
    metrics = measure_noise(scenes.point(0.06, sky=sky), scenes.context(scenes.regions()))
    assert metrics["noise/aperture_sigma"].value < 0.02 * level


def test_a_few_cosmic_ray_residuals_do_not_move_the_noise(scenes: Any) -> None:
    clean = blank_sky(scenes, 0.8, 0.6, n_boxes=60)
    dirty = [Patch(p.sci.copy(), p.wht, p.x, p.y) for p in clean]
    for patch in dirty[:10]:
        patch.sci[3, 4] = 50.0
    context = scenes.context(scenes.regions())
    first, second = (
        measure_noise(scenes.point(NATIVE * 0.6, sky=sky, pixfrac=0.8), context)
        for sky in (clean, dirty)
    )
    for name in ("noise/sky_rms", "noise/aperture_sigma", "noise/correlation"):
        assert second[name].value == pytest.approx(first[name].value, rel=0.03)


def test_depth_is_five_sigma_corrected_by_the_stars_encircled_energy(scenes: Any) -> None:
    rng = np.random.default_rng(7)
    scale, fwhm, side = 0.06, 0.3, 30
    stars, _ = scenes.star_point(scenes.gaussian(fwhm), scale, 10, rng)
    sky = [
        Patch(0.01 * rng.normal(size=(side, side)), np.ones((side, side)), 14.5, 14.5)
        for _ in range(100)
    ]
    point = scenes.point(scale, stars=stars.stars, sky=sky)
    metrics = measure_noise(point, scenes.context(scenes.regions(10), zero_point_abmag=25.9))
    sigma = np.hypot(fwhm / np.sqrt(8 * np.log(2)), scale / np.sqrt(12))
    inside = 1 - np.exp(-0.5 * (0.4 / sigma) ** 2)
    noise = metrics["noise/aperture_sigma"]
    expected = 25.9 - 2.5 * np.log10(5 * noise.value / inside)
    depth = metrics["noise/depth_abmag"]
    assert depth.value == pytest.approx(expected, abs=0.005)
    assert depth.err == pytest.approx(1.086 * noise.err / noise.value, rel=0.2)


def test_depth_is_left_out_without_a_zero_point(scenes: Any) -> None:
    sky = blank_sky(scenes, 1.0, 1.0, n_boxes=30)
    metrics = measure_noise(scenes.point(NATIVE, sky=sky), scenes.context(scenes.regions()))
    assert "noise/depth_abmag" not in metrics


def test_too_few_boxes_is_said_in_one_sentence(scenes: Any) -> None:
    sky = blank_sky(scenes, 1.0, 1.0, n_boxes=19)
    with pytest.raises(MetricUnavailableError, match="19 blank-sky boxes, 20 are needed"):
        measure_noise(scenes.point(NATIVE, sky=sky), scenes.context(scenes.regions()))
