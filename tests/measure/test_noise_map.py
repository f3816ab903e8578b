"""The noise map against the scatter of blank sky over large areas."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from drizzle.resample import Drizzle

from hstdriz_study.contracts import Metric, Patch
from hstdriz_study.errors import MetricUnavailableError
from hstdriz_study.measure.noise import measure_noise
from hstdriz_study.measure.noise_map import LargeAreaNoise, large_area_noise

NATIVE = 0.128
EXPTIMES_S = (400.0, 400.0, 600.0, 600.0, 800.0, 800.0)
N_OUT, BLOCK_PX = 960, 40


@dataclass(frozen=True)
class Sky:
    """White noise drizzled with weights: the left half has all exposures, the right one half."""

    sci: np.ndarray
    wht: np.ndarray

    def measured(self, scenes: Any, pixfrac: float, ratio: float) -> LargeAreaNoise:
        """Measure the noise in boxes of the left half, as a study does."""
        side = int(scenes.geometry.sky_box_arcsec / (NATIVE * ratio))
        corners = [
            (j, i) for j in range(0, N_OUT - side, side) for i in range(0, N_OUT // 2 - side, side)
        ]
        sky = [
            Patch(
                self.sci[j : j + side, i : i + side],
                self.wht[j : j + side, i : i + side],
                (side - 1) / 2,
                (side - 1) / 2,
            )
            for j, i in corners
        ]
        point = scenes.point(NATIVE * ratio, sky=sky, pixfrac=pixfrac)
        found = measure_noise(point, scenes.context(scenes.regions()))
        weights = np.array([patch.wht for patch in sky])
        return large_area_noise(weights, found["noise/sky_rms"], found["noise/correlation"])


def drizzled_sky(pixfrac: float, ratio: float, seed: int = 11) -> Sky:
    rng = np.random.default_rng(seed)
    n_in = int(N_OUT * ratio) + 8
    engine = Drizzle(kernel="square", out_shape=(N_OUT, N_OUT), disable_ctx=True)
    for number, exptime_s in enumerate(EXPTIMES_S):
        frame = rng.normal(scale=exptime_s**-0.5, size=(n_in, n_in))
        good = rng.random((n_in, n_in)) > 0.02
        if number % 2:
            good[:, n_in // 2 :] = False
        y, x = np.indices(frame.shape, dtype=float)
        offset = rng.uniform(-4, -3, 2)
        engine.add_image(
            frame.astype(np.float32),
            exptime=exptime_s,
            pixmap=(np.dstack([x, y]) + 0.5 + offset) / ratio - 0.5,
            weight_map=(good * exptime_s).astype(np.float32),
            pixfrac=pixfrac,
            iscale=ratio**2,
            pixel_scale_ratio=ratio,
            in_units="cps",
        )
    return Sky(np.where(engine.out_wht > 0, engine.out_img, np.nan), engine.out_wht)


def blocks(image: np.ndarray) -> np.ndarray:
    n = image.shape[0] // BLOCK_PX, image.shape[1] // BLOCK_PX
    cut = image[: n[0] * BLOCK_PX, : n[1] * BLOCK_PX]
    return cut.reshape(n[0], BLOCK_PX, n[1], BLOCK_PX).transpose(0, 2, 1, 3).reshape(*n, -1)


def block_scatter(sci: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Sum of each block over the noise that the map gives for it."""
    pulls: np.ndarray = np.nansum(blocks(sci), axis=-1) / np.sqrt(
        np.nansum(blocks(noise) ** 2, axis=-1)
    )
    return pulls


@pytest.mark.parametrize(("pixfrac", "ratio"), [(1.0, 1.0), (0.8, 0.6), (0.6, 0.5)])
def test_large_areas_scatter_as_the_map_says_at_full_depth_and_at_half_of_it(
    scenes: Any, pixfrac: float, ratio: float
) -> None:
    sky = drizzled_sky(pixfrac, ratio)
    found = sky.measured(scenes, pixfrac, ratio)
    pulls = block_scatter(sky.sci, found.at(sky.wht))
    middle = pulls.shape[1] // 2
    for half in (pulls[:, : middle - 1], pulls[:, middle + 1 :]):
        # the rim of a block loses some of its correlation: 1 % in a block of 40 pixels
        error = 1 / np.sqrt(2 * half.size)
        assert np.std(half) == pytest.approx(
            0.99, abs=3 * error + found.sigma.err / found.sigma.value
        )
    # without R the map would be wrong by far more than that
    assert found.correlation.value > 1.2


def test_error_of_the_map_is_that_of_noise_and_correlation_on_the_same_resamples(
    scenes: Any,
) -> None:
    sky = drizzled_sky(0.8, 0.6)
    found = sky.measured(scenes, 0.8, 0.6)
    assert found.sigma.value == found.sky_rms.value * found.correlation.value
    assert 0 < found.sigma.err < 0.05 * found.sigma.value
    alone = large_area_noise(sky.wht, Metric(2.0, 0.06, "electron / (pix s)"), Metric(1.5, 0.06))
    assert alone.sigma.err == pytest.approx(3.0 * 0.05)


@pytest.mark.parametrize("unit", [1e-3, 1.0, 1e4])
def test_unit_of_the_weights_does_not_matter(unit: float) -> None:
    weights = np.array([[4.0, 1.0], [0.25, 0.0]], np.float32) * np.float32(unit)
    found = large_area_noise(np.full(9, 4.0 * unit), Metric(0.5, 0.0), Metric(2.0, 0.0))
    assert found.reference_weight == pytest.approx(4 * unit)
    np.testing.assert_allclose(found.at(weights), [[1.0, 2.0], [4.0, np.nan]], rtol=1e-6)


def test_uneven_weights_are_tied_to_the_robust_scatter() -> None:
    rng = np.random.default_rng(2)
    weights = rng.uniform(0.5, 1.5, 200_000)
    sky = rng.normal(size=weights.size) / np.sqrt(weights)
    scatter = 1.4826 * np.median(np.abs(sky))
    found = large_area_noise(weights, Metric(scatter, 0.0), Metric(1.0, 0.0))
    assert found.at(np.array([1.0])) == pytest.approx(1.0, rel=0.01)


def test_the_error_follows_the_resamples_that_both_have_and_else_adds_in_squares() -> None:
    rng = np.random.default_rng(3)
    one = 2.0 + 0.05 * rng.normal(size=2000)
    rms = Metric(2.0, 0.05, "electron / (pix s)", one)
    opposed = Metric(1.5, 0.04, "", 3.0 / one)  # their product is the same on all resamples
    alike = Metric(1.5, 0.04, "", 0.75 * one)
    for correlation, relative in ((opposed, 0.0), (alike, 2 * 0.05 / 2.0)):
        sigma = large_area_noise(np.ones(3), rms, correlation).sigma
        assert sigma.err == pytest.approx(3.0 * relative, rel=0.1, abs=1e-9)
        assert (sigma.value, sigma.unit) == (3.0, "electron / (pix s)")
    alone = Metric(1.5, 0.06)
    for first, second in ((rms, alone), (Metric(2.0, 0.05, rms.unit), opposed)):
        sigma = large_area_noise(np.ones(3), first, second).sigma
        expected = 3.0 * np.hypot(0.025, second.err / 1.5)
        assert sigma.err == pytest.approx(expected, rel=1e-12)
        assert sigma.unit == "electron / (pix s)"


@pytest.mark.parametrize(
    ("rms", "correlation", "lacking"),
    [
        (Metric(1.0, 0.1), None, "noise/correlation"),
        (None, Metric(1.5, 0.1), "noise/sky_rms"),
        (None, None, "noise/sky_rms and noise/correlation"),
        (Metric(np.nan, np.nan), None, "noise/sky_rms and noise/correlation"),
        (Metric(1.0, 0.1), Metric(np.inf, 0.1), "noise/correlation"),
    ],
)
def test_noise_that_was_not_measured_is_named(
    rms: Metric | None, correlation: Metric | None, lacking: str
) -> None:
    with pytest.raises(MetricUnavailableError) as raised:
        large_area_noise(np.ones(3), rms, correlation)
    assert str(raised.value) == (
        f"no noise map: {lacking} was not measured at this point; the report's warnings say why"
    )


def test_boxes_without_data_are_told() -> None:
    with pytest.raises(MetricUnavailableError) as raised:
        large_area_noise(np.zeros(3), Metric(1.0, 0.1), Metric(1.5, 0.1))
    assert str(raised.value) == (
        "no noise map: the blank-sky boxes hold no data of this product; is it that of this study?"
    )
