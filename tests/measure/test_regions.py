"""Selection of stars, sky and full depth on scenes of known content."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from hstdriz_study.contracts import Drizzled
from hstdriz_study.errors import DatasetError
from hstdriz_study.measure import build_regions, extract, measure, resolve_metrics
from hstdriz_study.measure.regions.full_depth import full_depth_region
from hstdriz_study.measure.regions.sky import blank_boxes
from hstdriz_study.study.config import MeasureConfig, region_settings, shipped_defaults

SCALE = 0.128
SIZE = 420
NOISE = 0.02
STARS, GALAXIES, HITS = 24, 24, 12
MEASURE = MeasureConfig(**shipped_defaults()["measure"])
SETTINGS = region_settings(MEASURE)


def square(wcs: Any, low: float, high: float, *, low_y: float = 0.0, high_y: float = 0.0) -> Any:
    """Corners of a square of pixels as sky positions."""
    y0, y1 = low + low_y, high + high_y
    corners = np.array([(low, y0), (high, y0), (high, y1), (low, y1)], dtype=float)
    return np.column_stack(wcs.pixel_to_world_values(*corners.T))


def place(
    image: np.ndarray, xy: np.ndarray, *, flux: float, fwhm_px: float, ratio: float = 1.0
) -> None:
    """Add an elliptical Gaussian, averaged over each pixel."""
    x, y = xy
    half = int(6 * fwhm_px) + 2
    column, row = round(x), round(y)
    fine = (np.arange(5) - 2) / 5
    grid = np.arange(-half, half + 1)
    stamp = np.zeros((2 * half + 1, 2 * half + 1))
    a = fwhm_px / np.sqrt(8 * np.log(2))
    for oy in fine:
        for ox in fine:
            dx, dy = np.meshgrid(grid + ox + column - x, grid + oy + row - y)
            stamp += np.exp(-0.5 * ((dx / a) ** 2 + (dy / (a * ratio)) ** 2))
    stamp *= flux / (25 * 2 * np.pi * a**2 * ratio)
    image[row - half : row + half + 1, column - half : column + half + 1] += stamp


@pytest.fixture(scope="module")
def scene(scenes: Any) -> dict[str, Any]:
    """A field of stars, galaxies and hot pixels on a lattice of known places."""
    rng = np.random.default_rng(11)
    lattice = np.stack(np.meshgrid(np.arange(8), np.arange(8)), axis=-1).reshape(-1, 2)
    places = (lattice * 48 + 42 + rng.uniform(-6, 6, lattice.shape))[rng.permutation(64)]
    image = NOISE * rng.normal(size=(SIZE, SIZE))
    kinds = ["star"] * STARS + ["galaxy"] * GALAXIES + ["hit"] * HITS
    for kind, (x, y) in zip(kinds, places, strict=False):
        flux = np.exp(rng.uniform(np.log(30), np.log(400)))
        if kind == "star":
            place(image, np.array([x, y]), flux=flux, fwhm_px=1.5)
        elif kind == "galaxy":
            width, ratio = rng.uniform(2.2, 6.0), rng.uniform(0.4, 1.0)
            place(image, np.array([x, y]), flux=flux, fwhm_px=width, ratio=ratio)
        else:
            image[round(y), round(x)] += flux
    drizzled = scenes.drizzled(image, np.ones(image.shape), SCALE)
    footprint = square(drizzled.wcs, 10, SIZE - 10)
    return {
        "native": drizzled,
        "footprints": ((footprint,),) * 4,
        "stars": places[:STARS],
        "galaxies": places[STARS : STARS + GALAXIES],
        "hits": places[STARS + GALAXIES : STARS + GALAXIES + HITS],
    }


def built(scene: dict[str, Any], scenes: Any, **changes: Any) -> Any:
    native: Drizzled = changes.pop("native", scene["native"])
    saturated = changes.pop("saturated", None)
    settings = replace(SETTINGS, **({"max_stars": 100} | changes))
    return build_regions(native, scene["footprints"], scenes.geometry, settings, saturated)


def nearest(table: Any, native: Drizzled, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Row of the source nearest to each place, and its distance in pixels."""
    x, y = native.wcs.world_to_pixel_values(table["ra"], table["dec"])
    distance = np.hypot(*(places[:, None, :] - np.column_stack([x, y])[None]).transpose(2, 0, 1))
    return distance.argmin(axis=1), distance.min(axis=1)


def test_every_injected_star_is_selected_and_nothing_else(scene: Any, scenes: Any) -> None:
    regions = built(scene, scenes)
    index, distance = nearest(regions.stars, scene["native"], scene["stars"])
    assert len(regions.stars) == STARS
    assert len(set(index)) == STARS
    assert distance.max() < 0.1


def test_galaxies_are_rejected_as_extended_and_hits_as_compact(scene: Any, scenes: Any) -> None:
    regions = built(scene, scenes)
    for kind, verdicts in (("galaxies", {"extended", "low_snr"}), ("hits", {"compact"})):
        index, _ = nearest(regions.candidates, scene["native"], scene[kind])
        assert set(regions.candidates["verdict"][index]) <= verdicts


def test_native_fluxes_are_those_of_the_aperture(scene: Any, scenes: Any) -> None:
    regions = built(scene, scenes)
    point = extract(scene["native"], regions)
    context = scenes.context(regions, n_bootstrap=10)
    functions = resolve_metrics(["hstdriz_study.measure.fidelity.measure_fidelity"])
    metric = measure(point, context, functions).metrics["fidelity/flux_ratio"]
    assert metric.value == pytest.approx(1.0, abs=1e-6)
    assert metric.err == pytest.approx(0.0, abs=1e-6)


def test_a_loss_of_flux_shows_in_the_flux_ratio(scene: Any, scenes: Any) -> None:
    regions = built(scene, scenes)
    dimmed = replace(scene["native"], sci=0.93 * scene["native"].sci)
    functions = resolve_metrics(["hstdriz_study.measure.fidelity.measure_fidelity"])
    measured = measure(extract(dimmed, regions), scenes.context(regions), functions)
    assert measured.metrics["fidelity/flux_ratio"].value == pytest.approx(0.93, abs=1e-4)


def test_saturated_crowded_holed_and_outlying_stars_are_rejected(scene: Any, scenes: Any) -> None:
    native = scene["native"]
    image, wht = native.sci.astype(float), native.wht.copy()
    (sat, crowd, hole), edge = scene["stars"][:3], np.array([14.0, 200.0])
    place(image, crowd + np.array([5, 0]), flux=40.0, fwhm_px=1.5)
    place(image, edge, flux=200.0, fwhm_px=1.5)
    wht[round(hole[1]), round(hole[0])] = 0.0
    changed = replace(native, sci=np.where(wht > 0, image, np.nan).astype(np.float32), wht=wht)
    ra, dec = native.wcs.pixel_to_world_values(*sat)

    def saturated(ras: np.ndarray, decs: np.ndarray) -> np.ndarray:
        return np.hypot(ras - ra, decs - dec) < 0.5 / 3600

    regions = built(scene, scenes, native=changed, saturated=saturated)
    expected = {"saturated": sat, "neighbour": crowd, "hole": hole, "edge": edge}
    for verdict, position in expected.items():
        index, _ = nearest(regions.candidates, native, position[None])
        assert regions.candidates["verdict"][index[0]] == verdict


def test_only_the_brightest_stars_are_kept(scene: Any, scenes: Any) -> None:
    everything = built(scene, scenes)
    few = built(scene, scenes, max_stars=10)
    assert len(few.stars) == 10
    brightest = np.sort(everything.stars["flux_native"])[-12:]
    assert set(few.stars["id"]) <= set(everything.stars["id"])
    assert few.stars["flux_native"].min() >= 0.9 * brightest.min()
    assert np.sum(few.candidates["verdict"] == "surplus") == STARS - 10


def test_sky_boxes_hold_no_source_and_do_not_touch(scene: Any, scenes: Any) -> None:
    regions = built(scene, scenes, n_sky_boxes=150)
    assert len(regions.sky_boxes) == 150
    x, y = scene["native"].wcs.world_to_pixel_values(*regions.sky_boxes.T)
    side = scenes.geometry.sky_box_arcsec / SCALE
    gap = np.maximum(np.abs(x[:, None] - x), np.abs(y[:, None] - y)) + 1e9 * np.eye(150)
    assert gap.min() >= side
    for places in (scene["stars"], scene["galaxies"], scene["hits"]):
        distance = np.maximum(
            np.abs(places[:, :1] - x[None, :]), np.abs(places[:, 1:] - y[None, :])
        )
        assert distance.min() > side / 2
    patches = extract(scene["native"], regions).sky
    means = [patch.sci.mean() for patch in patches]
    assert np.std(means) < 1.5 * NOISE / np.sqrt(patches[0].sci.size)


def test_the_same_seed_gives_the_same_regions(scene: Any, scenes: Any) -> None:
    first, second = (built(scene, scenes, n_sky_boxes=40) for _ in range(2))
    other = built(scene, scenes, n_sky_boxes=40, seed=1)
    assert np.array_equal(first.sky_boxes, second.sky_boxes)
    assert not np.array_equal(first.sky_boxes, other.sky_boxes)


def test_preview_lies_in_full_depth_and_shows_sources(scene: Any, scenes: Any) -> None:
    regions = built(scene, scenes)
    x, y = scene["native"].wcs.world_to_pixel_values(*regions.preview_center)
    half = scenes.geometry.preview_box_arcsec / SCALE / 2
    assert 10 <= x - half < x + half <= SIZE - 10
    assert 10 <= y - half < y + half <= SIZE - 10
    for black, white in (regions.preview_stretch, regions.star_stretch):
        assert black < 0 < white


def test_an_empty_field_gives_warnings_and_no_stars(scenes: Any) -> None:
    rng = np.random.default_rng(1)
    image = NOISE * rng.normal(size=(200, 200))
    native = scenes.drizzled(image, np.ones(image.shape), SCALE)
    footprint = square(native.wcs, 5, 195)
    regions = build_regions(native, ((footprint,),), scenes.geometry, SETTINGS, None)
    assert len(regions.stars) == 0
    assert len(regions.sky_boxes) >= 20
    assert "0 isolated, unsaturated stars" in regions.warnings[0]
    names = [
        "hstdriz_study.measure.psf.measure_psf",
        "hstdriz_study.measure.weight.measure_weight",
        "hstdriz_study.measure.noise.measure_noise",
        "hstdriz_study.measure.fidelity.measure_fidelity",
    ]
    measured = measure(extract(native, regions), scenes.context(regions), resolve_metrics(names))
    assert "weight/rms" in measured.metrics
    assert "noise/correlation" in measured.metrics
    assert not any(name.startswith("psf/") for name in measured.metrics)
    assert len(measured.warnings) == 1


def test_too_small_a_field_warns_of_too_few_boxes(scenes: Any) -> None:
    image = NOISE * np.random.default_rng(1).normal(size=(50, 50))
    native = scenes.drizzled(image, np.ones(image.shape), SCALE)
    footprint = square(native.wcs, 0, 49)
    regions = build_regions(native, ((footprint,),), scenes.geometry, SETTINGS, None)
    assert any("boxes of blank sky" in warning for warning in regions.warnings)


def test_full_depth_is_what_all_exposures_share(scenes: Any) -> None:
    wcs = scenes.tan_wcs(SCALE, (300, 300))
    footprints = ((square(wcs, 20, 200),), (square(wcs, 50, 260),))
    region = full_depth_region(footprints, wcs, margin_px=2.0)
    assert region.bounds == pytest.approx((52, 52, 198, 198), abs=1e-3)


def test_a_chip_gap_in_every_exposure_splits_full_depth_without_loss(scenes: Any) -> None:
    wcs = scenes.tan_wcs(SCALE, (300, 300))

    def exposure(shift: float) -> tuple[np.ndarray, ...]:
        bottom = square(wcs, 20, 280, low_y=shift, high_y=shift - 140)
        top = square(wcs, 20, 280, low_y=shift + 140, high_y=shift)
        return bottom, top

    region = full_depth_region((exposure(0.0), exposure(5.0)), wcs, margin_px=0.0)
    assert len(region.geoms) == 2
    # 260 wide; lower part 25 to 140, upper part 165 to 280
    assert region.area == pytest.approx(260 * (115 + 115), rel=1e-4)


def test_a_hole_in_full_depth_is_cut_into_simple_polygons(scenes: Any) -> None:
    wcs = scenes.tan_wcs(SCALE, (300, 300))
    ring = tuple(
        np.column_stack(wcs.pixel_to_world_values(*np.array(corners, dtype=float).T))
        for corners in (
            [(20, 20), (280, 20), (280, 120), (20, 120)],
            [(20, 180), (280, 180), (280, 280), (20, 280)],
            [(20, 100), (100, 100), (100, 200), (20, 200)],
            [(200, 100), (280, 100), (280, 200), (200, 200)],
        )
    )
    region = full_depth_region((ring,), wcs, margin_px=0.0)
    assert all(not polygon.interiors for polygon in region.geoms)
    assert region.area == pytest.approx(260 * 260 - 100 * 60, rel=1e-4)


def test_exposures_without_common_sky_are_one_sentence(scenes: Any) -> None:
    wcs = scenes.tan_wcs(SCALE, (300, 300))
    with pytest.raises(DatasetError, match="no part of the sky lies in all 2 exposures"):
        full_depth_region(((square(wcs, 10, 90),), (square(wcs, 110, 190),)), wcs)


def test_blank_boxes_avoid_blocked_pixels() -> None:
    rng = np.random.default_rng(4)
    blocked = rng.random((200, 240)) < 0.002
    centers = blank_boxes(blocked, 14.06, 50, seed=1)
    assert len(centers) > 20
    for x, y in centers:
        assert not blocked[int(y - 7) : int(y + 8), int(x - 7) : int(x + 8)].any()
