"""Whether the stars that single exposures share are in their combination."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from astropy.coordinates import SkyCoord

from hstdriz_study.checks.differences import MIN_STARS
from hstdriz_study.contracts import Finding, FindingKind

if TYPE_CHECKING:
    from hstdriz_study.checks.seen import SideBySide

_NEAR_PX = 2.0
_MAX_LACKING = 0.5


def lacking_in_combination(
    seen: SideBySide, ra_deg: np.ndarray, dec_deg: np.ndarray, native_scale_arcsec: float
) -> tuple[Finding, ...]:
    """Tell that a combination lacks most of the stars that its exposures show.

    Parameters
    ----------
    seen : `~hstdriz_study.checks.side_by_side.SideBySide`
    ra_deg, dec_deg : 1D `~numpy.ndarray`
        Of every source of the combination.
    native_scale_arcsec : float
    """
    n_stars = len(seen.ra_deg)
    if n_stars < MIN_STARS:
        return ()
    lacking = n_stars - _n_near(seen, ra_deg, dec_deg, _NEAR_PX * native_scale_arcsec)
    if lacking <= _MAX_LACKING * n_stars:
        return ()
    told = (
        f"{lacking} of {n_stars} stars that single exposures share are not in their combination: "
        "exposures are misaligned, or driz_cr takes stars for cosmic rays; a richer field does not "
        "help, align them with prepare=tweakreg or raise prepare.driz_cr_snr"
    )
    return (Finding(FindingKind.STARS, told, stops=False),)


def _n_near(seen: SideBySide, ra_deg: np.ndarray, dec_deg: np.ndarray, radius: float) -> int:
    if len(ra_deg) == 0:
        return 0
    stars = SkyCoord(seen.ra_deg, seen.dec_deg, unit="deg")
    _, distance, _ = stars.match_to_catalog_sky(SkyCoord(ra_deg, dec_deg, unit="deg"))
    return int(np.count_nonzero(distance.arcsec < radius))
