"""The telescope's PSF by GalSim: its pupil, aberrations, jitter and the spread of charge.

None of these numbers is taken from `hstdriz_study.optics`: they differ as a telescope differs
from its model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hstdriz_study.validate.scenes.library import galsim

if TYPE_CHECKING:
    from hstdriz_study.optics.chip_view import ChipView
    from hstdriz_study.simulate import Band

_DIAMETER_M, _OBSCURATION = 2.4, 0.33
_STRUTS, _STRUT_THICKNESS, _STRUT_ANGLE_DEG = 4, 0.011, 45.0
_DEFOCUS_NM, _COMA_NM, _ASTIGMATISM_NM = 15.0, (6.0, -5.0), (8.0, 4.0)
# Jitter and spread of charge, sigma of a Gaussian.
_SPREAD_ARCSEC = {"acs_wfc": 0.025, "wfc3_uvis": 0.020, "wfc3_ir": 0.030}
_TABLE_SIZE, _TABLE_STEP_ARCSEC = 512, 0.012
_WAVELENGTHS = np.array([-1.0, 0.0, 1.0]) / 3  # of the band's full width, from its middle


@dataclass(frozen=True)
class Telescope:
    """The PSF of one filter.

    Attributes
    ----------
    psf : galsim.GSObject
        Of unit flux, in arcsec along the detector's axes, without the pixel.
    tabulated : galsim.GSObject
        The same as a finely sampled image, from which photons are drawn quickly.
    """

    psf: Any
    tabulated: Any


def on_sky(profile: Any, view: ChipView) -> Any:
    """Turn a profile from the detector's axes to east and north as a chip lies on the sky."""
    jacobian = view.jacobian_arcsec((view.nx - 1) / 2, (view.ny - 1) / 2)
    left, _, right = np.linalg.svd(jacobian)
    return profile.transform(*(left @ right).ravel())


def telescope(band: Band) -> Telescope:
    """Compute the PSF of a filter, over three wavelengths of its band."""
    gs = galsim()
    wavelengths_nm = 1e3 * band.pivot_um * (1 + band.bandwidth * _WAVELENGTHS)
    colours = [_monochromatic(nm) for nm in wavelengths_nm]
    spread = gs.Gaussian(sigma=_SPREAD_ARCSEC[band.detector.name])
    psf = gs.Convolve([gs.Sum(colours), spread])
    image = psf.drawImage(
        nx=_TABLE_SIZE, ny=_TABLE_SIZE, scale=_TABLE_STEP_ARCSEC, method="no_pixel"
    )
    return Telescope(psf, gs.InterpolatedImage(image, x_interpolant="linear").withFlux(1.0))


def _monochromatic(wavelength_nm: float) -> Any:
    gs = galsim()
    return gs.OpticalPSF(
        lam=wavelength_nm,
        diam=_DIAMETER_M,
        obscuration=_OBSCURATION,
        nstruts=_STRUTS,
        strut_thick=_STRUT_THICKNESS,
        strut_angle=_STRUT_ANGLE_DEG * gs.degrees,
        defocus=_DEFOCUS_NM / wavelength_nm,
        coma1=_COMA_NM[0] / wavelength_nm,
        coma2=_COMA_NM[1] / wavelength_nm,
        astig1=_ASTIGMATISM_NM[0] / wavelength_nm,
        astig2=_ASTIGMATISM_NM[1] / wavelength_nm,
        flux=1 / len(_WAVELENGTHS),
    )
