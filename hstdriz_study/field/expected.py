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


def star_of_field(prepared: PreparedFilter, options: FieldOptions) -> ExpectedStar:
    """Say what a star of the native-scale product must measure.

    By the model of the optics where the detector has a record and the headers name the band,
    else by ``filter.psf_fwhm_arcsec``, which is less firm.

    Raises
    ------
    ConfigError
        If ``filter.record`` names no record of this detector.
    """
    detector = options.known_detector
    try:
        band = band_of_header(prepared.exposures[0])
    except DatasetError:
        return ExpectedStar.named(options.geometry)
    if detector is None:
        return ExpectedStar.named(options.geometry)
    scale = options.native.final_scale_arcsec or options.geometry.native_scale_arcsec
    psf = effective_psf(detector.optics, *band, scale * np.eye(2), half_px=detector.psf_half_px)
    return expected_star(psf, options.native.pixfrac, options.geometry, scale)
