"""When to warn of what was found in the exposures of a filter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class CheckLimits:
    """The limits past which is warned; the names are those of the keys of ``checks``.

    Attributes
    ----------
    max_star_core_flagged : float
        Of the pixels of the stars' cores, the fraction flagged as cosmic rays.
    max_misalignment_px : float
        Scatter of the exposures' shifts on one axis, native pixels.
    max_saturated_fraction : float
        Of the bright stars.
    max_shallow_fraction : float
        Of the product's area.
    max_cosmic_ray_fraction : float
        Of the pixels of an exposure, those flagged as cosmic rays.
    min_good_fraction : float
        Of the pixels of a chip.
    max_noise_over_error : float
        Noise of a pixel by what ERR says, or its inverse.
    max_noise_ratio, max_sky_ratio : float
        Factor between that ratio, or the sky, of an exposure and of the others.
    max_flux_difference, max_width_difference : float
        Relative, of stars in an exposure and in the others.
    max_ellipticity_difference : float
        Of the ellipticity of stars in an exposure above that in the others.
    min_star_coverage : float
        Area over which the stars scatter over that of the field.
    accept : sequence of str
        Kinds of findings that do not stop a study.
    """

    max_star_core_flagged: float
    max_misalignment_px: float
    max_saturated_fraction: float
    max_shallow_fraction: float
    max_cosmic_ray_fraction: float
    min_good_fraction: float
    max_noise_over_error: float
    max_noise_ratio: float
    max_sky_ratio: float
    max_flux_difference: float
    max_width_difference: float
    max_ellipticity_difference: float
    min_star_coverage: float
    accept: Sequence[str]
