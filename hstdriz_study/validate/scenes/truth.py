"""What a scene's stars must measure: the same PSF, drizzled analytically.

Optics, pixel, drop and output pixel are multiplied on the Fourier plane, which is what very many
dithers do (Fruchter & Hook 2002, PASP 114, 144, section 7).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hstdriz_study.inject.model import chip_views
from hstdriz_study.validate.scenes.exposures import side_arcsec
from hstdriz_study.validate.scenes.library import galsim
from hstdriz_study.validate.scenes.painting import pixel_profile, widening
from hstdriz_study.validate.scenes.telescope import on_sky, telescope
from hstdriz_study.validate.star_image import StarImage, delivered_star

if TYPE_CHECKING:
    from hstdriz_study.optics.chip_view import ChipView
    from hstdriz_study.validate.scenes.fields import SceneField
    from hstdriz_study.validate.scenes.telescope import Telescope

_REACH_ARCSEC = 2.4
_N_WIDTHS = 5


def delivered_scene_star(
    optics: Telescope,
    view: ChipView,
    *,
    final_scale_arcsec: float,
    final_pixfrac: float,
    wider: np.ndarray | None = None,
) -> StarImage:
    """Return the mean image of a scene's stars on a drizzled product with north up.

    Parameters
    ----------
    optics : `~hstdriz_study.validate.scenes.telescope.Telescope`
    view : `~hstdriz_study.optics.chip_view.ChipView`
    final_scale_arcsec, final_pixfrac : float
        Of the square kernel; 0 for a blur that is left out.
    wider : `~numpy.ndarray`, optional
        Factors by which the PSFs that are averaged are wider; by default none is.
    """
    gs = galsim()
    step = view.drizzle_scale_arcsec / 12
    n = 2 * round(_REACH_ARCSEC / step) + 1
    psf = on_sky(_mean_psf(optics, np.ones(1) if wider is None else wider), view)
    blurs = [pixel_profile(view)]
    if final_pixfrac:
        blurs.append(pixel_profile(view, final_pixfrac))
    if final_scale_arcsec:
        blurs.append(gs.Pixel(final_scale_arcsec))
    profile = gs.Convolve([psf, *blurs])
    image = profile.drawImage(nx=n, ny=n, scale=step, method="no_pixel")
    return StarImage(image.array.astype(float), step, (), flux=1.0)


def _mean_psf(optics: Telescope, wider: np.ndarray) -> Any:
    """Average PSFs, their widths put into a few bins."""
    gs = galsim()
    edges = np.linspace(wider.min(), wider.max() + 1e-9, _N_WIDTHS + 1)
    bins = np.clip(np.digitize(wider, edges) - 1, 0, _N_WIDTHS - 1)
    used = np.unique(bins)
    return gs.Sum(
        [
            optics.psf.dilate(float(wider[bins == one].mean())).withFlux(
                float(np.mean(bins == one))
            )
            for one in used
        ]
    )


def star_of_scene(
    scene: SceneField,
    *,
    final_scale_arcsec: float,
    final_pixfrac: float,
    stars: np.ndarray | None = None,
) -> StarImage:
    """Return the mean image of some stars of a scene on a drizzled product.

    Parameters
    ----------
    scene : `~hstdriz_study.validate.scenes.fields.SceneField`
    final_scale_arcsec, final_pixfrac : float
        As in `delivered_scene_star`.
    stars : `~numpy.ndarray`, optional
        Their rows in the truth; by default a star in the middle.
    """
    spec, band = scene.spec, scene.band
    if spec.simulator == "own":
        drop = final_pixfrac * float(np.sqrt(np.prod(band.detector.pixel_arcsec)))
        half_px = band.detector.psf_half_px
        return delivered_star(band, (drop, final_scale_arcsec), half_px=half_px)
    prepared = scene.field.prepared
    _, view = next(chip_views(prepared, prepared.exposures[0]))
    x = np.zeros(1) if stars is None else scene.truth["x"].to_value("arcsec")[stars]
    half = side_arcsec(band, spec.side_px) / 2
    wider = [widening(spec, exposure, x, half) for exposure in range(spec.n_exposures)]
    return delivered_scene_star(
        telescope(band),
        view,
        final_scale_arcsec=final_scale_arcsec,
        final_pixfrac=final_pixfrac,
        wider=np.concatenate(wider),
    )
