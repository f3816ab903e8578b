"""Noise where diffuse light lies on the sky, against the same white noise without it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hstdriz_study.contracts import Patch
from hstdriz_study.measure.empty_apertures import MIN_SKY_BOXES
from hstdriz_study.measure.local_apertures import (
    annulus_factor,
    at_least_gaussian,
    has_room,
    local_fluxes,
)
from hstdriz_study.measure.noise import measure_noise
from hstdriz_study.measure.regions.diffuse_light import light_on_boxes
from hstdriz_study.validate import white_noise

NATIVE, RATIO, PIXFRAC = 0.128, 0.6, 0.8
SCALE = NATIVE * RATIO
N_BOXES = 400


@pytest.fixture(scope="module")
def noise(scenes) -> list[Patch]:
    """Boxes of white noise, drizzled with 40 dithers."""
    rng = np.random.default_rng(3)
    return white_noise.blank_sky(
        rng.uniform(-4, -3, (40, 2)), pixfrac=PIXFRAC, scale_ratio=RATIO,
        side_px=int(scenes.geometry.sky_box_arcsec / SCALE), n_boxes=N_BOXES, rng=rng,
    )  # fmt: skip


@pytest.fixture(scope="module")
def places() -> np.ndarray:
    """A lattice of boxes, pixels."""
    side = int(np.sqrt(N_BOXES))
    return 30.0 * np.column_stack([one.ravel() for one in np.mgrid[:side, :side]])


def with_light(boxes: list[Patch], places: np.ndarray, per_sigma: float) -> list[Patch]:
    """Add light that grows along x, with the slope that it has across each box."""
    sigma = np.std([box.sci for box in boxes])
    step = np.arange(boxes[0].sci.shape[1])
    lit = []
    for box, (x, _) in zip(boxes, places, strict=True):
        across = (x + step[None, :] - step.mean()) / places[:, 0].max()
        lit.append(replace(box, sci=box.sci + per_sigma * sigma * across))
    return lit


def test_light_changes_the_noise_by_no_more_than_its_error(scenes, noise, places) -> None:
    point = scenes.point(SCALE, sky=noise, pixfrac=PIXFRAC)
    alone = measure_noise(point, scenes.context(scenes.regions()))
    boxes = with_light(noise, places, 4.0)
    lit_point = replace(point, sky=tuple(boxes))
    without = measure_noise(lit_point, scenes.context(scenes.regions()))
    # more than 3 times too large with the light in it
    assert without["noise/aperture_sigma"].value > 3 * alone["noise/aperture_sigma"].value
    light = light_on_boxes(lit_point, places, scenes.geometry, seed=1)
    regions = replace(scenes.regions(), sky_light=light)
    found = measure_noise(lit_point, scenes.context(regions))
    for name in ("noise/aperture_sigma", "noise/lit_aperture_sigma"):
        error = np.hypot(found[name].err, alone["noise/aperture_sigma"].err)
        expected = alone["noise/aperture_sigma"].value
        assert found[name].value == pytest.approx(expected, abs=3 * error)
        assert error < 0.15 * expected
    for name in ("noise/sky_rms", "noise/correlation"):
        assert found[name].value == pytest.approx(alone[name].value, rel=0.03)
    assert 0.05 < found["noise/annulus_excess"].value < 0.3


def test_what_the_annulus_adds_is_the_ratio_of_scatters(scenes, noise) -> None:
    fluxes, _ = local_fluxes(noise, scenes.geometry, SCALE)
    pixels = np.array([box.sci for box in noise])
    factor = annulus_factor(pixels, scenes.geometry, SCALE, reach=2)
    point = scenes.point(SCALE, sky=noise, pixfrac=PIXFRAC)
    alone = measure_noise(point, scenes.context(scenes.regions()))["noise/aperture_sigma"]
    assert np.std(fluxes) / factor == pytest.approx(alone.value, rel=0.08)
    white = np.random.default_rng(4).standard_normal(pixels.shape)
    aperture, box = scenes.geometry.aperture_radius_arcsec, scenes.geometry.sky_box_arcsec / 2
    areas = aperture**2 / (box**2 - (1.25 * aperture) ** 2)
    # pixels that are not correlated: areas alone count
    assert annulus_factor(white, scenes.geometry, SCALE, reach=1) == pytest.approx(
        np.sqrt(1 + areas), rel=0.02
    )


def test_the_light_is_as_bright_as_it_was_made(scenes, noise, places) -> None:
    boxes = with_light(noise, places, 4.0)
    point = scenes.point(SCALE, sky=boxes, pixfrac=PIXFRAC)
    light = light_on_boxes(point, places, scenes.geometry, seed=1)
    sigma = np.std([box.sci for box in noise])
    true = 4.0 * sigma * places[:, 0] / places[:, 0].max() / SCALE**2
    lit = light > 0
    assert 0.3 < lit.mean() < 0.95
    # above the darkest tenth, on which a tenth of the light lies at its end
    hidden = np.median(true[lit] - light[lit]) / true.max()
    assert hidden == pytest.approx(0.1, abs=0.03)
    assert np.corrcoef(light[lit], true[lit])[0, 1] > 0.95
    assert np.count_nonzero(light == 0) >= MIN_SKY_BOXES


def test_blank_sky_has_no_light_whatever_the_noise(scenes, places) -> None:
    rng = np.random.default_rng(8)
    for _ in range(20):
        pixels = rng.standard_normal((len(places), 23, 23))
        # faint sources of their own on a tenth of the boxes
        pixels += np.where(rng.random(len(places)) < 0.1, 1.0, 0.0)[:, None, None]
        boxes = [Patch(one, np.ones_like(one), 11.0, 11.0) for one in pixels]
        point = scenes.point(SCALE, sky=boxes, pixfrac=PIXFRAC)
        assert light_on_boxes(point, places, scenes.geometry, seed=1) is None


def test_boxes_without_room_for_an_annulus_are_left_as_they_are(scenes, noise, places) -> None:
    small = replace(scenes.geometry, sky_box_arcsec=1.0)
    assert not has_room(small)
    point = scenes.point(SCALE, sky=with_light(noise, places, 4.0), pixfrac=PIXFRAC)
    assert light_on_boxes(point, places, small, seed=1) is None


@pytest.mark.parametrize("tails", ["uniform", "standard_normal", "laplace"])
def test_few_apertures_know_their_scatter_no_better_than_gaussian_ones(tails: str) -> None:
    rng = np.random.default_rng(5)
    n = 60
    sample = getattr(rng, tails)(size=n)
    resampled = sample[rng.integers(0, n, (400, n))].std(axis=1)
    sigma = np.append(sample.std(), resampled)
    stretched = at_least_gaussian(sigma, n)
    stated, known = resampled.std(ddof=1), sigma[0] / np.sqrt(2 * n)
    assert stretched[0] == sigma[0]
    assert stretched[1:].std(ddof=1) == pytest.approx(max(stated, known))
    assert (stated < known) == (tails == "uniform") or tails == "standard_normal"


def test_errors_of_gaussian_samples_hold() -> None:
    """Plain resamples hold in 62 %: a low scatter has a small error."""
    rng = np.random.default_rng(6)
    n, plain, held = 40, [], []
    for sample in rng.standard_normal((1500, n)):
        resampled = sample[rng.integers(0, n, (100, n))].std(axis=1)
        sigma = at_least_gaussian(np.append(sample.std(), resampled), n)
        plain.append(abs(sigma[0] - 1) < resampled.std(ddof=1))
        held.append(abs(sigma[0] - 1) < sigma[1:].std(ddof=1))
    assert np.mean(plain) < 0.65
    assert np.mean(held) == pytest.approx(0.683, abs=0.03)


def test_without_resamples_the_scatter_is_left_alone() -> None:
    assert at_least_gaussian(np.array([2.0]), 30).tolist() == [2.0]
