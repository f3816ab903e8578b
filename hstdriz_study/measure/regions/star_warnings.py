"""What a reader must know of the stars that were chosen, or that there are none."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.measure.regions.stars import STAR, SURPLUS, UNSURE

if TYPE_CHECKING:
    from astropy.table import Table

    from hstdriz_study.measure.regions.expected import ExpectedStar
    from hstdriz_study.measure.settings import RegionSettings

NO_STARS = "no stars here"
TOO_FEW = "PSF metrics need"
OFF_WIDTH = "wide on the native-scale product"
"""By these a warning is known."""

_INJECTED = 20  # stars, which is what is usual (docs/injecting.md)
_MEDIAN_OVER_MEAN_ERROR = math.sqrt(math.pi / 2)


def star_warnings(
    sources: Table, expected: ExpectedStar, settings: RegionSettings
) -> tuple[str, ...]:
    """Tell of stars that are too few, and of stars whose width is not the expected one.

    Parameters
    ----------
    sources : `~astropy.table.Table`
        All that was detected, with a column ``verdict``.
    expected : `~hstdriz_study.measure.regions.expected.ExpectedStar`
    settings : `~hstdriz_study.measure.settings.RegionSettings`
    """
    verdicts = np.asarray(sources["verdict"]).astype(str)
    told = (_too_few(verdicts, expected, settings), _off_width(sources, verdicts, expected))
    return tuple(filter(None, told))


def _too_few(verdicts: np.ndarray, expected: ExpectedStar, settings: RegionSettings) -> str:
    n_stars = np.count_nonzero(verdicts == STAR)
    if n_stars >= settings.min_stars:
        return ""
    few = f"{n_stars} {_kind(settings)}; {TOO_FEW} {settings.min_stars} (measure.min_stars)"
    if n_stars:
        return few
    n_unsure = int(np.count_nonzero(verdicts == UNSURE))
    return (
        f"{few}: {NO_STARS}{_why(n_unsure, expected)}; measure.inject_stars={_INJECTED} adds "
        "artificial ones; without them only noise and weight are measured, and only the rules that "
        "need no star can choose"
    )


def _kind(settings: RegionSettings) -> str:
    if settings.stars:
        return "of the stars that measure.stars names are whole and unsaturated"
    where = " inside measure.region" if settings.region else ""
    return f"isolated, unsaturated stars with S/N above {settings.min_star_snr:g}{where}"


def _why(n_unsure: int, expected: ExpectedStar) -> str:
    if not n_unsure:
        return ""
    return (
        f", for the {n_unsure} sources near the expected size, {expected.text}, do not stand out "
        "from galaxies as a clump of one size"
    )


def _off_width(sources: Table, verdicts: np.ndarray, expected: ExpectedStar) -> str:
    """Compare the stars' width with the expected one; apart when their errors do not overlap."""
    widths = np.asarray(sources["fwhm"], dtype=float)[np.isin(verdicts, (STAR, SURPLUS))]
    if len(widths) < 2:  # noqa: PLR2004
        return ""
    width = float(np.median(widths))
    error = _MEDIAN_OVER_MEAN_ERROR * float(np.std(widths, ddof=1)) / math.sqrt(len(widths))
    apart = abs(width - expected.fwhm_arcsec)
    if apart <= error + expected.err_arcsec:
        return ""
    return (
        f'the stars are {width:.3f} ± {error:.3f}" {OFF_WIDTH}, where '
        f"{expected.text} is expected: look at the figure of the star selection, and at alignment "
        "and focus"
    )
