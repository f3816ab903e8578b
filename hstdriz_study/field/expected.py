"""From the headers of prepared exposures to what their stars must measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.errors import DatasetError
from hstdriz_study.inject.model import band_of_header
from hstdriz_study.measure.regions.expected import ExpectedStar, expected_star
from hstdriz_study.optics.psf import effective_psf

if TYPE_CHECKING:
    from hstdriz_study.contracts import PreparedFilter
    from hstdriz_study.field.settings import FieldOptions
    from hstdriz_study.optics.psf import EffectivePSF


def star_of_field(prepared: PreparedFilter, options: FieldOptions) -> ExpectedStar:
    """Say what a star of the native-scale product must measure.

    By the model of the optics where the detector has a record and the headers name the band,
    else by ``filter.psf_fwhm_arcsec``, which is less firm.

    Raises
    ------
    ConfigError
        If ``filter.record`` names no record of this detector.
    """
    psf, scale = _model_psf(prepared, options)
    if psf is None:
        return ExpectedStar.named(options.geometry)
    return expected_star(psf, options.native.pixfrac, options.geometry, scale)


def energy_in_aperture(prepared: PreparedFilter, options: FieldOptions) -> float | None:
    """Return the part of a star's light in the study's aperture, by the model of the optics.

    None where the detector has no record or the headers name no band. Raises as `star_of_field`.
    """
    psf, scale = _model_psf(prepared, options)
    if psf is None:
        return None
    return psf.energy_inside(options.geometry.aperture_radius_arcsec, scale * np.eye(2))


def _model_psf(
    prepared: PreparedFilter, options: FieldOptions
) -> tuple[EffectivePSF | None, float]:
    """Return the PSF on square pixels of the native-scale product, and their scale, arcsec."""
    scale = options.native.final_scale_arcsec or options.geometry.native_scale_arcsec
    detector = options.known_detector
    try:
        band = band_of_header(prepared.exposures[0])
    except DatasetError:
        return None, scale
    if detector is None:
        return None, scale
    psf = effective_psf(detector.optics, *band, scale * np.eye(2), half_px=detector.psf_half_px)
    return psf, scale
