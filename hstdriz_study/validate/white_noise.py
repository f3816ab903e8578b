"""Sky boxes of white noise drizzled at known geometry: their correlation has a closed form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from drizzle.resample import Drizzle

from hstdriz_study.contracts import Patch

if TYPE_CHECKING:
    from collections.abc import Iterable


def drizzled(
    frames: Iterable[np.ndarray],
    offsets_px: np.ndarray,
    *,
    n_out: int,
    scale_ratio: float,
    pixfrac: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Drizzle frames with STScI's square kernel.

    Parameters
    ----------
    frames : iterable of 2D `~numpy.ndarray`
        Counts per input pixel.
    offsets_px : (N, 2) `~numpy.ndarray`
        The centre of input pixel (0, 0) falls ``offsets_px + 0.5`` input pixels from the corner
        of the output grid.
    n_out : int
        Pixels along a side of the output.
    scale_ratio, pixfrac : float
        Output pixel and drop over input pixel.

    Returns
    -------
    sci, wht : 2D `~numpy.ndarray`
        ``sci`` is NaN where ``wht`` is 0.
    """
    engine = Drizzle(kernel="square", fillval="NAN", out_shape=(n_out, n_out))
    for frame, (dx, dy) in zip(frames, offsets_px, strict=True):
        y, x = np.indices(frame.shape, dtype=float)
        engine.add_image(
            frame.astype(np.float32),
            exptime=1.0,
            pixmap=np.dstack([x + 0.5 + dx, y + 0.5 + dy]) / scale_ratio - 0.5,
            pixfrac=pixfrac,
            iscale=scale_ratio**2,
            pixel_scale_ratio=scale_ratio,
            in_units="cps",
        )
    return np.where(engine.out_wht > 0, engine.out_img, np.nan), engine.out_wht


def even_offsets(n_side: int, rng: np.random.Generator) -> np.ndarray:
    """Place ``n_side``^2 dithers evenly: one at random in each cell of a divided input pixel."""
    cells = np.stack(np.meshgrid(np.arange(n_side), np.arange(n_side)), axis=-1).reshape(-1, 2)
    return (cells + rng.random(cells.shape)) / n_side - 4.0


def blank_sky(
    offsets_px: np.ndarray,
    *,
    pixfrac: float,
    scale_ratio: float,
    side_px: int,
    n_boxes: int,
    rng: np.random.Generator,
) -> list[Patch]:
    """Cut boxes of ``side_px`` output pixels out of drizzled white noise of unit variance."""
    per_side = int(np.ceil(np.sqrt(n_boxes)))
    n_out = side_px * per_side
    n_in = int(np.ceil(n_out * scale_ratio)) + 8
    frames = (rng.normal(size=(n_in, n_in)) for _ in offsets_px)
    sci, wht = drizzled(frames, offsets_px, n_out=n_out, scale_ratio=scale_ratio, pixfrac=pixfrac)
    half = (side_px - 1) / 2
    corners = range(0, n_out, side_px)
    return [
        Patch(
            sci[j : j + side_px, i : i + side_px],
            wht[j : j + side_px, i : i + side_px],
            half + rng.uniform(-0.5, 0.5),
            half + rng.uniform(-0.5, 0.5),
        )
        for j in corners
        for i in corners
    ][:n_boxes]
