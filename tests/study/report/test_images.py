"""The pictures of a point: same sky, same stretch, visible holes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from matplotlib.image import imread

from hstdriz_study.contracts import Patch, PointPixels, StudyRegions
from hstdriz_study.study.report import point_images

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PINK = np.array([255, 0, 160]) / 255


def test_all_three_pictures_are_drawn_in_one_size(
    make_pixels: Callable[..., PointPixels], regions: StudyRegions, tmp_path: Path
) -> None:
    names = point_images(make_pixels(0.08, 0.6), regions, tmp_path)
    assert list(names) == ["star_stamp", "weight_map", "science_cutout"]
    shapes = {imread(tmp_path / file).shape[:2] for file in names.values()}
    assert shapes == {(320, 320)}


def test_without_stars_there_is_no_stamp(
    make_pixels: Callable[..., PointPixels], regions: StudyRegions, tmp_path: Path
) -> None:
    names = point_images(make_pixels(0.08, 0.6, n_stars=0), regions, tmp_path)
    assert list(names) == ["weight_map", "science_cutout"]


def test_equal_surface_brightness_looks_equal_at_every_scale(
    make_pixels: Callable[..., PointPixels], regions: StudyRegions, tmp_path: Path
) -> None:
    shades = []
    for scale in (0.05, 0.1):
        side = round(14.0 / scale)
        flat = Patch(
            sci=np.full((side, side), 30.0 * scale**2),
            wht=np.ones((side, side)),
            x=(side - 1) / 2,
            y=(side - 1) / 2,
        )
        pixels = replace(make_pixels(scale, 0.6, n_stars=0), preview=flat)
        names = point_images(pixels, regions, tmp_path / str(scale))
        shades.append(imread(tmp_path / str(scale) / names["science_cutout"])[10, 160, 0])
    assert shades[0] == shades[1]
    assert 0.1 < shades[0] < 0.9


def test_pixels_without_weight_are_pink(
    make_pixels: Callable[..., PointPixels], regions: StudyRegions, tmp_path: Path
) -> None:
    pixels = make_pixels(0.08, 1.0)
    middle = pixels.preview.sci.shape[0] // 2
    for image, hole in ((pixels.preview.sci, np.nan), (pixels.preview.wht, 0.0)):
        image[middle - 3 : middle + 4, middle - 3 : middle + 4] = hole
    names = point_images(pixels, regions, tmp_path)
    for name in ("weight_map", "science_cutout"):
        color = imread(tmp_path / names[name])[160, 160, :3]
        assert color == pytest.approx(PINK, abs=0.01)


def test_the_brightest_star_is_shown(
    make_pixels: Callable[..., PointPixels], regions: StudyRegions, tmp_path: Path
) -> None:
    pixels = make_pixels(0.08, 0.6, n_stars=len(regions.stars))
    brightest = int(np.argmax(regions.stars["flux_native"]))
    stars = [replace(star, sci=np.zeros_like(star.sci)) for star in pixels.stars]
    stars[brightest] = pixels.stars[brightest]
    names = point_images(replace(pixels, stars=tuple(stars)), regions, tmp_path)
    assert imread(tmp_path / names["star_stamp"])[160, 160, 0] > 0.9


def test_up_in_the_picture_is_up_in_the_image(
    make_pixels: Callable[..., PointPixels], regions: StudyRegions, tmp_path: Path
) -> None:
    side = 150
    sci = np.zeros((side, side))
    sci[side // 2 + 5 :, :] = 1e4
    patch = Patch(sci=sci, wht=np.ones_like(sci), x=(side - 1) / 2, y=(side - 1) / 2)
    pixels = replace(make_pixels(0.08, 0.6, n_stars=0), preview=patch)
    names = point_images(pixels, regions, tmp_path)
    picture = imread(tmp_path / names["science_cutout"])
    assert picture[20, 160, 0] > 0.9
    assert picture[250, 160, 0] < 0.5
