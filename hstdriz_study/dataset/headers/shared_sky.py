"""Whether exposures have any sky in common, from the footprints in their headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from astropy import units as u
from astropy.coordinates import SkyCoord
from astropy.wcs import WCS

from hstdriz_study.errors import DatasetError
from hstdriz_study.names import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.dataset.headers.claims import ChipClaims, Claims

# The widest camera has 0.06 degree; a plane tangent to the sky is good for far more.
_FAR_DEG = 2.0
# Footprints are drawn without distortion, which moves corners by 2 % of a side, and are widened by
# more than that: what is refused shares no sky.
_WIDER = 0.03


def check_shared_sky(claims: Sequence[Claims], label: str) -> None:
    """Refuse exposures of which some share no sky with the others.

    Those of a mosaic need not all share one part: each overlaps another, and so on to the first.

    Parameters
    ----------
    claims : sequence of `Claims`
    label : str
        What they are exposures of, for the message.

    Raises
    ------
    DatasetError
        Naming the first exposure that lies apart, its distance and both targets.
    """
    origin = _centre(claims[0])
    near = [float(origin.separation(_centre(one)).deg) < _FAR_DEG for one in claims]
    footprints = {
        number: _footprint(one, origin) for number, one in enumerate(claims) if near[number]
    }
    joined, shared = {0}, footprints[0]
    while found := [n for n in footprints.keys() - joined if shared.intersects(footprints[n])]:
        joined.update(found)
        shared = shared.union(shapely.union_all([footprints[number] for number in found]))
    apart = [number for number in range(len(claims)) if number not in joined]
    if apart:
        raise _apart(claims, apart[0], sorted(joined), label)


def _apart(
    claims: Sequence[Claims], number: int, joined: Sequence[int], label: str
) -> DatasetError:
    first, one = claims[0], claims[number]
    distance_deg = float(_centre(first).separation(_centre(one)).deg)
    return DatasetError(
        f"{label}: no part of the sky lies in all {len(claims)} exposures, nor are they a mosaic: "
        f"{one.name} (TARGNAME {one.target or 'missing'}) is {_distance(distance_deg)} from "
        f"{first.name} (TARGNAME {first.target or 'missing'}) and shares nothing with "
        f"{listed([claims[other].name for other in joined])}; take one pointing a study, with "
        "dataset.exclude=[...]"
    )


def _centre(claims: Claims) -> SkyCoord:
    chip = claims.chips[0]
    return SkyCoord(chip.linear[2] * u.deg, chip.linear[3] * u.deg)


def _distance(degrees: float) -> str:
    return f"{degrees:.2g} degrees" if degrees > 0.1 else f"{3600 * degrees:.0f} arcsec"  # noqa: PLR2004


def _footprint(claims: Claims, origin: SkyCoord) -> shapely.Geometry:
    """Return the chips of an exposure, degrees from a point of the sky, widened."""
    chips = [shapely.Polygon(_corners_deg(chip, origin)) for chip in claims.chips]
    whole = shapely.union_all(chips)
    return whole.buffer(_WIDER * chips[0].length / 4)


def _corners_deg(chip: ChipClaims, origin: SkyCoord) -> np.ndarray:
    wcs = WCS(naxis=2)
    crpix1, crpix2, crval1, crval2, *cd = chip.linear
    wcs.wcs.ctype = "RA---TAN", "DEC--TAN"
    wcs.wcs.crpix, wcs.wcs.crval, wcs.wcs.cd = (crpix1, crpix2), (crval1, crval2), (cd[:2], cd[2:])
    ny, nx = chip.shape
    corners = wcs.pixel_to_world([0, nx - 1, nx - 1, 0], [0, 0, ny - 1, ny - 1])
    longitude, latitude = origin.spherical_offsets_to(corners)
    return np.column_stack([longitude.deg, latitude.deg])
