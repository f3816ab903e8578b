"""From what ``drizzle.final_scale`` says to a size on the sky."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from hstdriz_study.errors import ConfigError
from hstdriz_study.optics.resolution import handbook_psf_arcsec

if TYPE_CHECKING:
    from hstdriz_study.study.config.schema import FilterConfig, StudyConfig

MIN_SCALE_ARCSEC = 0.002  # a twentieth of the finest pixel; a full frame has 1e10 such pixels
MAX_SCALE_ARCSEC = 5.0  # a larger number is milliarcsec


def scale_arcsec(config: StudyConfig) -> float | None:
    """Turn ``drizzle.final_scale`` into arcsec.

    Returns
    -------
    float or None
        None when the key is null: the scale is then left to AstroDrizzle.

    Raises
    ------
    ConfigError
        As `asked_arcsec`.
    """
    asked = config.drizzle.final_scale
    if asked is None:
        return None
    return asked_arcsec(asked, config.filter, "drizzle.final_scale", or_else=", or null")


def asked_arcsec(asked: Any, of_filter: FilterConfig, key: str, *, or_else: str = "") -> float:
    """Turn a scale as a user writes it into arcsec.

    Parameters
    ----------
    asked : number or str
        Arcsec, ``native`` or ``psf/<pixels per PSF>``.
    of_filter : `~hstdriz_study.study.config.FilterConfig`
    key : str
        The key that holds it, for the sentence of an error.
    or_else : str
        What else the key may hold, likewise.

    Raises
    ------
    ConfigError
        If the value is neither a positive number nor ``native`` nor
        ``psf/<pixels per PSF>``.
    """
    if asked == "native":
        return of_filter.native_scale_arcsec
    text = str(asked)
    divided = text.startswith("psf/")
    try:
        number = float(text.removeprefix("psf/"))
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number > 0):
        raise ConfigError(
            f"{key}={asked}: must be a size in arcsec above 0, native, "
            f"psf/<pixels per PSF> such as psf/2.5{or_else}"
        )
    if divided:
        number = handbook_psf_arcsec(of_filter.wavelength_nm) / number
    if number < MIN_SCALE_ARCSEC:
        raise ConfigError(
            f"{key}={asked}: less than {MIN_SCALE_ARCSEC} arcsec, so fine that no image of it fits "
            "in memory"
        )
    if number > MAX_SCALE_ARCSEC:
        raise ConfigError(
            f"{key}={asked}: more than {MAX_SCALE_ARCSEC} arcsec; "
            "the unit is arcsec, not milliarcsec"
        )
    return number
