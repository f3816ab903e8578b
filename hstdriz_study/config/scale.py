"""From what ``drizzle.final_scale`` says to a size on the sky."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hstdriz_study.errors import ConfigError

if TYPE_CHECKING:
    from hstdriz_study.config.schema import StudyConfig

MAX_SCALE_ARCSEC = 5.0  # a larger number is milliarcsec


def handbook_psf_arcsec(wavelength_nm: float) -> float:
    """Return the rule-of-thumb PSF width 1.22 lambda/D of a 2.4 m telescope, arcsec."""
    return 1.22 * wavelength_nm * 1e-9 / 2.4 * 206264.80624709636


def scale_arcsec(config: StudyConfig) -> float | None:
    """Turn ``drizzle.final_scale`` into arcsec.

    Returns
    -------
    float or None
        None when the key is null: the scale is then left to AstroDrizzle.

    Raises
    ------
    ConfigError
        If the value is neither a positive number nor ``native`` nor
        ``psf/<pixels per PSF>``.
    """
    asked = config.drizzle.final_scale
    if asked is None:
        return None
    if asked == "native":
        return config.filter.native_scale_arcsec
    text = str(asked)
    divided = text.startswith("psf/")
    try:
        number = float(text.removeprefix("psf/"))
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number > 0):
        raise ConfigError(
            f"drizzle.final_scale={asked}: must be a size in arcsec above 0, native, "
            "psf/<pixels per PSF> such as psf/2.5, or null"
        )
    if divided:
        return handbook_psf_arcsec(config.filter.wavelength_nm) / number
    if number > MAX_SCALE_ARCSEC:
        raise ConfigError(
            f"drizzle.final_scale={asked}: more than {MAX_SCALE_ARCSEC} arcsec; "
            "the unit is arcsec, not milliarcsec"
        )
    return number
