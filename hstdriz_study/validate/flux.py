"""The light of a star before and after drizzling, over kernel, scale and pixfrac."""

from __future__ import annotations

import itertools
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.contracts import Chip, DrizzleSettings
from hstdriz_study.drizzle.kernel import add, canvas, image
from hstdriz_study.validate.many import each
from hstdriz_study.validate.rows import Claims
from hstdriz_study.validate.white_noise import even_offsets

if TYPE_CHECKING:
    from hstdriz_study.validate.context import CheckContext
    from hstdriz_study.validate.rows import Row

CLAIMS = Claims(
    "flux conservation", "closed form: light in is light out (Fruchter & Hook 2002, section 2)"
)
_KERNELS = ("square", "turbo", "gaussian", "point")
_SCALE_RATIOS = (0.4, 0.6, 1.0)
_PIXFRACS = (0.4, 0.7, 1.0)
_N_DITHERS_SIDE = 8
_SIZE_PX = 24
_STAR_SIGMA_PX = 1.2
_STAR_FLUX = 100.0
_TURN_DEG = 7.3
_TOLERANCE = {"square": 0.001, "turbo": 0.001, "gaussian": 0.001, "point": 0.005}
_REASON = {
    "square": "64 even dithers weigh the pixels of a star almost alike",
    "turbo": "as square; the drop is not turned with the exposure",
    "gaussian": "as square; the library normalises the kernel's weights, not its light",
    "point": "the drop is a point: pixels differ in depth by a quarter, which does not average out",
}

Point = tuple[str, float, float]


def check(context: CheckContext) -> list[Row]:
    """Drizzle one star with every kernel, scale and pixfrac."""
    points = [
        point
        for point in itertools.product(_KERNELS, _SCALE_RATIOS, _PIXFRACS)
        if point[0] != "point" or point[2] == _PIXFRACS[-1]  # it has no drop
    ]
    ratios = each(partial(flux_ratio, context.options.seed), points, context.n_processes)
    return [flux_row(point, ratio) for point, ratio in zip(points, ratios, strict=True)]


def flux_row(point: Point, ratio: float) -> Row:
    """Judge the flux after drizzling over that before."""
    kernel, scale_ratio, pixfrac = point
    drop = "" if kernel == "point" else f", pixfrac {pixfrac:g}"
    return CLAIMS.near(
        f"flux of a star, kernel {kernel}, scale ratio {scale_ratio:g}{drop}",
        ratio,
        1.0,
        _TOLERANCE[kernel],
        reason=_REASON[kernel],
    )


def flux_ratio(seed: int, point: Point) -> float:
    """Drizzle a star by the fast engine's kernel; return its flux over the true one.

    The exposures are evenly dithered and turned against the output grid; the sum is over the
    whole output image.
    """
    kernel, scale_ratio, pixfrac = point
    settings = DrizzleSettings(
        final_scale_arcsec=scale_ratio, final_pixfrac=pixfrac, final_kernel=kernel,
        final_wht_type="EXP", final_rot=0.0, final_refimage=None, final_bits=0,
    )  # fmt: skip
    side = int(np.ceil(1.5 * _SIZE_PX / scale_ratio))
    onto = canvas(settings, (side, side))
    offsets = even_offsets(_N_DITHERS_SIDE, np.random.default_rng(seed))
    for dx, dy in offsets - offsets.mean(axis=0):
        pixels = _star((_SIZE_PX - 1) / 2 - dx, (_SIZE_PX - 1) / 2 - dy)
        maps = _map(dx, dy, scale_ratio, side)
        add(onto, _CHIP, settings, scale_ratio, (pixels, np.ones_like(pixels), maps))
    sci, _ = image(onto)
    return float(np.nansum(sci) / _STAR_FLUX)


_CHIP = Chip(
    exposure=Path("none"), extver=1, shape=(_SIZE_PX, _SIZE_PX), exptime_s=1.0, in_units="cps",
    electrons_per_unit=1.0,
    mdrizsky=0.0, linear_scale_arcsec=1.0, sky_nodes=Path("none"), static_mask=Path("none"),
)  # fmt: skip


def _star(x: float, y: float) -> np.ndarray:
    axis = np.arange(_SIZE_PX)
    profile = [np.exp(-0.5 * ((axis - center) / _STAR_SIGMA_PX) ** 2) for center in (x, y)]
    star = np.multiply.outer(profile[1], profile[0])
    return (_STAR_FLUX * star / star.sum()).astype(np.float32)


def _map(dx: float, dy: float, scale_ratio: float, side: int) -> np.ndarray:
    """Output positions of the input pixels' centres: moved, turned and scaled."""
    y, x = np.indices((_SIZE_PX, _SIZE_PX), dtype=float)
    x, y = x + dx - (_SIZE_PX - 1) / 2, y + dy - (_SIZE_PX - 1) / 2
    cos, sin = np.cos(np.deg2rad(_TURN_DEG)), np.sin(np.deg2rad(_TURN_DEG))
    turned = np.dstack([cos * x - sin * y, sin * x + cos * y])
    return turned / scale_ratio + (side - 1) / 2
