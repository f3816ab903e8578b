"""What a scene's stars must measure: the same PSF, drizzled analytically.

Optics, pixel, drop and output pixel are multiplied on the Fourier plane, which is what very many
dithers do (Fruchter & Hook 2002, PASP 114, 144, section 7).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.validate.scenes.library import galsim
from hstdriz_study.validate.scenes.painting import pixel_profile, widening
from hstdriz_study.validate.scenes.telescope import on_sky
from hstdriz_study.validate.star_image import StarImage

if TYPE_CHECKING:
    from hstdriz_study.optics.view import ChipView
    from hstdriz_study.validate.scenes.spec import SceneSpec
    from hstdriz_study.validate.scenes.telescope import Telescope

_REACH_ARCSEC = 2.4
_N_WIDTHS = 5


def delivered_scene_star(
    telescope: Telescope,
    view: ChipView,
    *,
    final_scale_arcsec: float,
    final_pixfrac: float,
    wider: np.ndarray | None = None,
) -> StarImage:
    """Return the mean image of a scene's stars on a drizzled product with north up.

    Parameters
    ----------
    telescope : `~hstdriz_study.validate.scenes.telescope.Telescope`
    view : `~hstdriz_study.optics.view.ChipView`
    final_scale_arcsec, final_pixfrac : float
        Of the square kernel.
    wider : `~numpy.ndarray`, optional
        Factors by which the PSFs that are averaged are wider; by default none is.
    """
    gs = galsim()
    step = view.drizzle_scale_arcsec / 12
    n = 2 * round(_REACH_ARCSEC / step) + 1
    profile = gs.Convolve(
        [
            on_sky(_mean_psf(telescope, np.ones(1) if wider is None else wider), view),
            pixel_profile(view),
            pixel_profile(view, final_pixfrac),
            gs.Pixel(final_scale_arcsec),
        ]
    )
    image = profile.drawImage(nx=n, ny=n, scale=step, method="no_pixel")
    return StarImage(image.array.astype(float), step, (), flux=1.0)


def _mean_psf(telescope: Telescope, wider: np.ndarray) -> object:
    """Average PSFs, their widths put into a few bins."""
    gs = galsim()
    edges = np.linspace(wider.min(), wider.max() + 1e-9, _N_WIDTHS + 1)
    bins = np.clip(np.digitize(wider, edges) - 1, 0, _N_WIDTHS - 1)
    used = np.unique(bins)
    return gs.Sum(
        [
            telescope.psf.dilate(float(wider[bins == one].mean())).withFlux(
                float(np.mean(bins == one))
            )
            for one in used
        ]
    )


def widenings(spec: SceneSpec, x_arcsec: np.ndarray, half_side_arcsec: float) -> np.ndarray:
    """Return the factors of stars at some places in all exposures, 1D."""
    return np.concatenate(
        [
            widening(spec, exposure, x_arcsec, half_side_arcsec)
            for exposure in range(spec.n_exposures)
        ]
    )
