"""What the aperture of the telescope resolves."""

from __future__ import annotations

_APERTURE_M = 2.4
_ARCSEC_PER_RADIAN = 206264.80624709636


def handbook_psf_arcsec(wavelength_nm: float) -> float:
    """Return the rule-of-thumb PSF width 1.22 lambda/D of a 2.4 m telescope, arcsec.

    Source: the DrizzlePac Handbook (Gonzaga et al. 2012).
    """
    return 1.22 * wavelength_nm * 1e-9 / _APERTURE_M * _ARCSEC_PER_RADIAN
