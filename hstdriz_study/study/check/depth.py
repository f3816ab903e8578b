"""From the noise of single exposures to the depth of all together."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from hstdriz_study.field.expected import energy_in_aperture
from hstdriz_study.measure.noise import DEPTH_SIGMA
from hstdriz_study.measure.regions.full_depth import contributing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.field import Field


def expected_depth_abmag(field: Field) -> float:
    """Return the 5-sigma depth of a point source that the noise of the exposures gives.

    The noise of a pixel of the exposures that are measured together (of a mosaic, some) is that of
    their inverse variances, pixels are independent, as they are before drizzling, and ``pi r^2`` of
    them are in the study's aperture. The light beyond it is that of the model PSF. Nan without a
    zero point, a record of the detector or the noise of an exposure.

    Parameters
    ----------
    field : `~hstdriz_study.field.Field`
    """
    geometry, zero_point = field.options.geometry, field.prepared.zero_point_abmag
    deep = contributing(field.prepared.footprints, field.regions.full_depth)
    noise = np.array([_noise(chips) for chips in field.side_by_side.levels])[deep]
    inside = energy_in_aperture(field.prepared, field.options)
    if zero_point is None or inside is None or not (noise > 0).all():
        return math.nan
    pixels = math.pi * (geometry.aperture_radius_arcsec / geometry.native_scale_arcsec) ** 2
    together = math.sqrt(pixels / np.sum(noise**-2.0)) / inside
    return float(zero_point - 2.5 * math.log10(DEPTH_SIGMA * together))


def _noise(chips: Sequence[Any]) -> float:
    return float(np.median([chip.noise for chip in chips]))
