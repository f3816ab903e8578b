"""From sources of single exposures to the stars that they share, wherever a WCS puts them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from astropy.coordinates import SkyCoord
from scipy.spatial import cKDTree
from scipy.stats import poisson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.checks.single import Sources

SEARCH_ARCSEC = 1.5
"""How far one exposure's WCS may be off another's: guide stars are good to 0.3 to 0.5 arcsec."""

MIN_SHARED = 5
"""Fewer sources on top of each other may be chance."""

_TOLERANCE_PX = 0.7
_N_ANCHORS = 5
_SURE_SIGMA = 5.0
_BY_CHANCE = 1e-4


@dataclass(frozen=True)
class SharedStars:
    """Sources of one exposure, the anchor, that others have too.

    Attributes
    ----------
    anchor : int
    index : (E, N) integer `~numpy.ndarray`
        Which source of each exposure each star is; -1 where it has none.
    present : (E, N) bool `~numpy.ndarray`
        Whether an exposure has a source there; at its WCS's word where stars are too few for an
        offset, which `index` does not count on.
    needed : (E,) `~numpy.ndarray`
        Stars that each exposure would have to share with the anchor to be told from chance.
    """

    anchor: int
    index: np.ndarray
    present: np.ndarray
    needed: np.ndarray


def plane_arcsec(sources: Sources, centre: SkyCoord) -> np.ndarray:
    """Return east and north of a centre, arcsec, shape (N, 2)."""
    there = SkyCoord(sources.ra_deg, sources.dec_deg, unit="deg")
    return np.column_stack([one.arcsec for one in centre.spherical_offsets_to(there)])


def shared_stars(exposures: Sequence[Sources], native_scale_arcsec: float) -> SharedStars | None:
    """Match the sources of exposures by a vote for the offset of each against one of them.

    Parameters
    ----------
    exposures : sequence of `~hstdriz_study.checks.single.Sources`
    native_scale_arcsec : float

    Returns
    -------
    SharedStars or None
        None when no two exposures share `MIN_SHARED` sources. Cosmic rays find no partner.
    """
    rich = [number for number, one in enumerate(exposures) if len(one) >= MIN_SHARED]
    if len(rich) < 2:  # noqa: PLR2004
        return None
    first = exposures[rich[0]]
    centre = SkyCoord(first.ra_deg[0], first.dec_deg[0], unit="deg")
    places = [plane_arcsec(one, centre) for one in exposures]
    clean = [~one.flagged.astype(bool) for one in exposures]
    tolerance = _TOLERANCE_PX * native_scale_arcsec
    tried = [rich[round(i)] for i in np.linspace(0, len(rich) - 1, min(_N_ANCHORS, len(rich)))]
    found = [_matched(places, clean, anchor, tolerance) for anchor in tried]
    # most exposures first, then most stars
    best = max(found, key=lambda one: ((one.index >= 0).any(axis=1).sum(), one.index.shape[1]))
    return best if best.index.shape[1] >= MIN_SHARED else None


def _matched(
    places: Sequence[np.ndarray], clean: Sequence[np.ndarray], anchor: int, tolerance: float
) -> SharedStars:
    """Match all with one; its offset is voted for by what is no cosmic ray, or else by all."""
    own = places[anchor]
    index = np.full((len(places), len(own)), -1)
    index[anchor] = np.arange(len(own))
    present = index >= 0
    needed = np.zeros(len(places))
    for number, one in enumerate(places):
        if number == anchor:
            continue
        offset = common_offset(own[clean[anchor]], one[clean[number]], tolerance)
        if offset is None:
            offset = common_offset(own, one, tolerance)
        if offset is None:
            offset = offset_in_place(own, one, tolerance)
        needed[number] = beyond_chance(len(_pairs(own, one)), tolerance)
        nearest = _nearest(own, one - (0.0 if offset is None else offset), tolerance)
        present[number] = nearest >= 0
        if offset is not None:
            index[number] = nearest
    shared = (index >= 0).sum(axis=0) > 1
    return SharedStars(anchor, index[:, shared], present[:, shared], needed)


def _nearest(own: np.ndarray, other: np.ndarray, tolerance: float) -> np.ndarray:
    """Return which of the others lies on each place; -1 where none does."""
    if len(other) == 0:
        return np.full(len(own), -1)
    distance, nearest = cKDTree(other).query(own)
    return np.where(distance < tolerance, nearest, -1)


def _pairs(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    if min(len(one), len(other)) == 0:
        return np.empty(0)
    found: np.ndarray = cKDTree(one).sparse_distance_matrix(
        cKDTree(other), SEARCH_ARCSEC, output_type="ndarray"
    )
    return found


def beyond_chance(n_pairs: int, tolerance: float) -> float:
    """Return how many pairs of one offset are surely more than chance gives.

    A true peak is not among what chance gives, but for small numbers.
    """
    by_chance = n_pairs * (tolerance / SEARCH_ARCSEC) ** 2
    return MIN_SHARED + by_chance + _SURE_SIGMA * math.sqrt(by_chance)


def offset_in_place(one: np.ndarray, other: np.ndarray, tolerance: float) -> np.ndarray | None:
    """Return the offset of pairs that lie on each other; None when chance gives as many.

    A WCS is mostly right. Who looks at that one place needs fewer stars than who looks everywhere,
    as `common_offset` does.
    """
    pairs = _pairs(one, other)
    if len(pairs) < MIN_SHARED:
        return None
    offsets = (other[pairs["j"]] - one[pairs["i"]])[pairs["v"] < tolerance]
    by_chance = len(pairs) * (tolerance / SEARCH_ARCSEC) ** 2
    if len(offsets) < max(MIN_SHARED, 1 + poisson.isf(_BY_CHANCE, by_chance)):
        return None
    return np.asarray(np.median(offsets, axis=0))


def common_offset(one: np.ndarray, other: np.ndarray, tolerance: float) -> np.ndarray | None:
    """Return the offset of most pairs of sources; None when chance gives as many.

    Parameters
    ----------
    one, other : (N, 2) `~numpy.ndarray`
        Arcsec.
    tolerance : float
        How far pairs of one offset may scatter, arcsec.
    """
    if min(len(one), len(other)) < MIN_SHARED:
        return None
    pairs = _pairs(one, other)
    if len(pairs) < MIN_SHARED:
        return None
    offsets = other[pairs["j"]] - one[pairs["i"]]
    tree = cKDTree(offsets)
    best = int(np.argmax(tree.query_ball_point(offsets, tolerance, return_length=True)))
    agreeing = offsets[tree.query_ball_point(offsets[best], tolerance)]
    if len(agreeing) < beyond_chance(len(pairs), tolerance):
        return None
    return np.median(agreeing, axis=0)
