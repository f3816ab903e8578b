"""From settings to the keywords of AstroDrizzle, for the final step alone and for one call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hstdriz_study.prepare.cosmic_rays import COMMON_OPTIONS, cosmic_ray_options
from hstdriz_study.prepare.good_bits import without_cosmic_rays

if TYPE_CHECKING:
    from hstdriz_study.config import StudyConfig
    from hstdriz_study.contracts import DrizzleSettings

# Steps 2 to 6 were done when the exposures were prepared. The sky is the one measured then
# (skyuser); the static mask is made again because it is kept nowhere; resetbits=0 keeps the
# cosmic-ray flags, which stand for the masks that one call applies. The product equals the
# one-call run bit for bit.
_FINAL_ONLY: dict[str, Any] = {
    "static": True,
    "skysub": False,
    "skyuser": "MDRIZSKY",
    "driz_separate": False,
    "median": False,
    "blot": False,
    "driz_cr": False,
    "resetbits": 0,
    "context": False,
}


def final_options(settings: DrizzleSettings) -> dict[str, Any]:
    """Return AstroDrizzle's keywords for the final step alone."""
    unflagged = {"final_bits": without_cosmic_rays(settings.final_bits)}
    return COMMON_OPTIONS | _FINAL_ONLY | grid_options(settings) | unflagged


def one_call_options(config: StudyConfig, settings: DrizzleSettings) -> dict[str, Any]:
    """Return AstroDrizzle's keywords for all steps in one call on aligned exposures."""
    return COMMON_OPTIONS | cosmic_ray_options(config) | grid_options(settings)


def grid_options(settings: DrizzleSettings) -> dict[str, Any]:
    """Return the ``final_*`` keywords; what is None is not given, but for the good bits."""
    given = {
        "final_wcs": True,
        "final_scale": settings.final_scale_arcsec,
        "final_pixfrac": settings.final_pixfrac,
        "final_kernel": settings.final_kernel,
        "final_wht_type": settings.final_wht_type,
        "final_rot": settings.final_rot,
        "final_refimage": str(settings.final_refimage) if settings.final_refimage else None,
    }
    chosen = {name: value for name, value in given.items() if value is not None}
    return chosen | {"final_bits": settings.final_bits}
