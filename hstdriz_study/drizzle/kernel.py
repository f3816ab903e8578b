"""STScI's drizzle kernel on arrays: rectangles of input pixels onto an output image."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING

import numpy as np
from drizzle.resample import Drizzle

from hstdriz_study.contracts import FAST_KERNELS
from hstdriz_study.drizzle.input_weights import weight_scale
from hstdriz_study.errors import DrizzleError

if TYPE_CHECKING:
    from hstdriz_study.contracts import Chip, DrizzleSettings


def canvas(settings: DrizzleSettings, shape: tuple[int, int]) -> Drizzle:
    """Return an empty output image.

    Raises
    ------
    DrizzleError
        For lanczos3: DrizzlePac scales that kernel with pixfrac and the drizzle
        library does not.
    """
    if settings.final_kernel not in FAST_KERNELS:
        raise DrizzleError(
            f"drizzle.final_kernel={settings.final_kernel} differs between DrizzlePac and the "
            "drizzle library; set drizzle.engine=astrodrizzle"
        )
    return Drizzle(kernel=settings.final_kernel, out_shape=shape, disable_ctx=True)


def add(
    onto: Drizzle,
    chip: Chip,
    settings: DrizzleSettings,
    scale_arcsec: float,
    stack: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    """Drizzle pixels of one chip.

    Parameters
    ----------
    onto : `~drizzle.resample.Drizzle`
    chip : `~hstdriz_study.contracts.Chip`
    settings : `~hstdriz_study.contracts.DrizzleSettings`
    scale_arcsec : float
        Side of an output pixel.
    stack : tuple of `~numpy.ndarray`
        Science pixels and weights, both (rows, columns), and their output
        positions, (rows, columns, 2).
    """
    pixels, weights, maps = stack
    ratio = scale_arcsec / chip.linear_scale_arcsec
    with warnings.catch_warnings():
        # the flux that gaussian loses is measured at every point (fidelity)
        warnings.filterwarnings("ignore", message=".*flux.?conserving")
        onto.add_image(
            pixels,
            exptime=chip.exptime_s,
            pixmap=maps,
            weight_map=weights,
            wht_scale=weight_scale(chip, settings.final_wht_type, ratio),
            iscale=ratio**2,
            pixel_scale_ratio=ratio,
            pixfrac=settings.pixfrac,
            in_units=chip.in_units,
        )


def reach_px(kernel: str) -> float:
    """How far from its centre an input pixel is spread, in input pixels, at any pixfrac up to 1.

    Half a diagonal of a drop for square; for gaussian the cut at 2.5 sigma or 1.2 pixels
    (``do_kernel_gaussian`` in STScI's cdrizzlebox.c).
    """
    return 1.25 if kernel == "gaussian" else math.sqrt(0.5)


def image(drizzled: Drizzle, rows: slice = slice(None)) -> tuple[np.ndarray, np.ndarray]:
    """Return rows of science and weights; science is NaN where no weight fell."""
    sci, wht = drizzled.out_img[rows], drizzled.out_wht[rows]
    sci[wht == 0] = np.nan
    return sci, wht
