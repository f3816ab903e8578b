"""From one point's pixels to the three pictures by which points are compared by eye.

The pictures show the same box on the sky in the same number of screen pixels
with the same stretch at every point of a filter, so that what differs between
two of them is the drizzling.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.colors import to_rgb
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from hstdriz_study.contracts import Patch, PointPixels, StudyRegions

SIDE_PX = 320
# Wide enough for the first diffraction ring, narrow enough to see the pixels.
STAR_BOX_OVER_FWHM = 8.0
# The pattern of the weights repeats within a few native pixels; a smaller box shows it.
WEIGHT_BOX_OVER_PREVIEW = 0.5
WEIGHT_RANGE = (0.0, 2.0)
# Flux at which the asinh stretch turns from linear to logarithmic, as a fraction of the range.
STAR_SOFTENING = 0.05
SKY_SOFTENING = 0.3

# The palette of a file: levels of the colour map, one for missing pixels, grays.
MISSING_COLOR = "#FF00A0"
_N_LEVELS, _MISSING, _N_GRAYS = 216, 216, 39
_COMPRESS_LEVEL = 4


@dataclass(frozen=True)
class Picture:
    """What is shown, 0 to 1 (NaN where there is no data), and matplotlib's name of the colours."""

    fraction: np.ndarray
    colormap: str


def point_images(point: PointPixels, regions: StudyRegions, directory: Path) -> dict[str, str]:
    """Draw the star stamp, the weight map and the science cut-out of one point.

    Parameters
    ----------
    point : `~hstdriz_study.contracts.PointPixels`
    regions : `~hstdriz_study.contracts.StudyRegions`
        The brightest of its stars is the one shown; its stretches, in
        electrons / s / arcsec^2, are those of every point.
    directory : `~pathlib.Path`
        Made when it is not there.

    Returns
    -------
    dict of str to str
        Name of the image (``star_stamp`` only when there is a star,
        ``weight_map``, ``science_cutout``) to the file's name in `directory`.
    """
    directory.mkdir(parents=True, exist_ok=True)
    area_arcsec2 = point.final_scale_arcsec**2
    # the patch is cut in whole pixels: its outermost ones may lie inside the box
    box_arcsec = regions.geometry.preview_box_arcsec - 2.5 * regions.geometry.native_scale_arcsec
    weight_box_arcsec = WEIGHT_BOX_OVER_PREVIEW * box_arcsec
    pictures = {
        "weight_map": (
            _weight_picture(point.preview, point, weight_box_arcsec),
            weight_box_arcsec,
        ),
        "science_cutout": (
            _sky_picture(
                _resampled(point.preview.sci / area_arcsec2, point.preview, point, box_arcsec),
                regions.preview_stretch,
                SKY_SOFTENING,
            ),
            box_arcsec,
        ),
    }
    if point.stars:
        star = point.stars[int(np.argmax(regions.stars["flux_native"]))]
        star_box_arcsec = STAR_BOX_OVER_FWHM * regions.geometry.psf_fwhm_arcsec
        brightness = _resampled(star.sci / area_arcsec2, star, point, star_box_arcsec)
        picture = _sky_picture(brightness, regions.star_stretch, STAR_SOFTENING)
        pictures = {"star_stamp": (picture, star_box_arcsec)} | pictures
    for name, (picture, side_arcsec) in pictures.items():
        _write(picture, side_arcsec, directory / f"{name}.png")
    return {name: f"{name}.png" for name in pictures}


def _resampled(
    image: np.ndarray, patch: Patch, point: PointPixels, box_arcsec: float
) -> np.ndarray:
    """Show a box around the patch's position by nearest neighbour; NaN outside the patch."""
    offsets_px = (np.arange(SIDE_PX) + 0.5) / SIDE_PX - 0.5
    offsets_px = offsets_px * box_arcsec / point.final_scale_arcsec
    columns = np.rint(patch.x + offsets_px).astype(int)
    rows = np.rint(patch.y + offsets_px).astype(int)
    inside = np.outer(
        (rows >= 0) & (rows < image.shape[0]), (columns >= 0) & (columns < image.shape[1])
    )
    shown = image[
        np.clip(rows, 0, image.shape[0] - 1)[:, None],
        np.clip(columns, 0, image.shape[1] - 1)[None, :],
    ]
    return np.where(inside, shown, np.nan)


def _sky_picture(brightness: np.ndarray, stretch: tuple[float, float], softening: float) -> Picture:
    black, white = stretch
    fraction = np.clip((brightness - black) / (white - black), 0.0, 1.0)
    return Picture(np.arcsinh(fraction / softening) / np.arcsinh(1.0 / softening), "gray")


def _weight_picture(patch: Patch, point: PointPixels, box_arcsec: float) -> Picture:
    """Show weights relative to the median of those that are not 0; holes are marked."""
    positive = patch.wht[patch.wht > 0]
    median = float(np.median(positive)) if positive.size else 1.0
    relative = np.where(patch.wht > 0, patch.wht / median, np.nan)
    low, high = WEIGHT_RANGE
    fraction = (_resampled(relative, patch, point, box_arcsec) - low) / (high - low)
    return Picture(np.clip(fraction, 0.0, 1.0), "cividis")


def _write(picture: Picture, box_arcsec: float, path: Path) -> None:
    """Write the picture, up being +y, with a scale bar in arcsec.

    The file has a palette: it is a third of the size of one in full colours, and
    written in a third of the time.
    """
    levels = np.where(np.isfinite(picture.fraction), picture.fraction * (_N_LEVELS - 1), _MISSING)
    indices = np.rint(levels).astype(np.uint8)[::-1]
    bar_arcsec = _bar_arcsec(box_arcsec)
    left, row = round(0.05 * SIDE_PX), round(0.95 * SIDE_PX)
    right = left + round(bar_arcsec / box_arcsec * SIDE_PX)
    indices[row - 3 : row + 4, left - 3 : right + 3] = _gray(np.array(0))
    indices[row - 1 : row + 2, left - 1 : right + 1] = _gray(np.array(255))
    label = _label(f'{bar_arcsec:g}"')
    bottom, start = round(0.925 * SIDE_PX), max(0, (left + right - label.shape[1]) // 2)
    indices[bottom - label.shape[0] : bottom, start : start + label.shape[1]] = label
    image = Image.fromarray(indices)
    image.putpalette(_palette(picture.colormap))  # makes it an image of mode P
    image.save(path, compress_level=_COMPRESS_LEVEL)


@cache
def _palette(colormap: str) -> bytes:
    """Colours of the levels, of missing pixels, and the grays of bar and label; RGB."""
    colors = mpl.colormaps[colormap](np.linspace(0.0, 1.0, _N_LEVELS))[:, :3]
    grays = np.repeat(np.linspace(0.0, 1.0, _N_GRAYS)[:, None], 3, axis=1)
    table = np.concatenate([colors, [to_rgb(MISSING_COLOR)], grays])
    return np.rint(255 * table).astype(np.uint8).tobytes()


def _gray(shade: np.ndarray) -> np.ndarray:
    """Give the place in the palette of a shade from 0 to 255."""
    return np.asarray(_MISSING + 1 + np.rint(shade / 255 * (_N_GRAYS - 1)), dtype=np.uint8)


@cache
def font(size_px: int) -> ImageFont.FreeTypeFont:
    """Return the letters of all pictures: those that matplotlib brings along."""
    return ImageFont.truetype(Path(mpl.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf"), size_px)


@cache
def _label(text: str) -> np.ndarray:
    """Write white on black, as places in the palette."""
    letters = font(14)
    left, top, right, bottom = (round(edge) for edge in letters.getbbox(text))
    shades = Image.new("L", (right - left + 6, bottom - top + 5))
    ImageDraw.Draw(shades).text((3 - left, 2 - top), text, fill=255, font=letters)
    return _gray(np.asarray(shades))


def _bar_arcsec(box_arcsec: float) -> float:
    """Return the largest of 1, 2, 5 times a power of ten that fits a third of the box."""
    third = box_arcsec / 3
    power = 10.0 ** np.floor(np.log10(third))
    return float(max(step * power for step in (1, 2, 5) if step * power <= third))
