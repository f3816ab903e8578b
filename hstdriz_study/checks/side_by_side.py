"""From prepared exposures to what each of them shows, side by side."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from astropy.coordinates import SkyCoord

from hstdriz_study.apart import apart_each
from hstdriz_study.checks.seen import SideBySide
from hstdriz_study.checks.shared_stars import shared_stars
from hstdriz_study.checks.single import look_at
from hstdriz_study.checks.star_shapes import is_seen, measure_stars
from hstdriz_study.workers import cores

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.checks.shared_stars import SharedStars
    from hstdriz_study.checks.single import SingleExposure, Sources
    from hstdriz_study.checks.star_shapes import Measured
    from hstdriz_study.contracts import Chip

MAX_MEASURED = 60
"""Stars measured an exposure: their median is known to a few thousandths."""

_LOST = "exposures were not compared"
_SURELY_DETECTED = 20.0  # peak over noise


def side_by_side(
    exposures: Sequence[Path],
    chips: Sequence[Chip],
    *,
    fwhm_arcsec: float,
    native_scale_arcsec: float,
    good_bits: int | None,
) -> SideBySide:
    """Look at every exposure by itself and at the stars that they share.

    Parameters
    ----------
    exposures : sequence of `~pathlib.Path`
        Prepared exposures.
    chips : sequence of `~hstdriz_study.contracts.Chip`
        Of all of them.
    fwhm_arcsec : float
        Of a star.
    native_scale_arcsec : float
        Of the detector.
    good_bits : int or None
        DQ bits that are fine to use; None when all are.
    """
    of_each = [[chip for chip in chips if chip.exposure == path] for path in exposures]
    measuring = {"fwhm_arcsec": fwhm_arcsec, "good_bits": good_bits}
    pairs = list(zip(exposures, of_each, strict=True))
    looked = apart_each(
        partial(_looked_at, measuring), pairs, cores(), _LOST, doing="comparing exposures"
    )
    shared = shared_stars([one.sources for one in looked], native_scale_arcsec)
    index, anchor = np.empty((len(looked), 0), int), 0
    counts, needed = np.zeros((2, len(looked)), int), np.zeros(len(looked))
    if shared is not None:
        anchor, needed = shared.anchor, shared.needed
        index = shared.index[:, _brightest(looked, shared)]
        counts = _counts(looked, of_each, shared, good_bits)
    where = looked[anchor].sources.taken(index[anchor])
    columns = np.full((5, *index.shape), np.nan, complex)
    has = index >= 0
    stars = [one.sources.taken(own[own >= 0]) for one, own in zip(looked, index, strict=True)]
    triples = list(zip(looked, stars, of_each, strict=True))
    measured = apart_each(
        partial(_measured, measuring), triples, cores(), _LOST, doing="comparing shared stars"
    )
    for number, found in enumerate(measured):
        columns[:, number, has[number]] = tuple(vars(found).values())
    return SideBySide(
        tuple(path.name for path in exposures),
        tuple(one.levels for one in looked),
        tuple(len(one.sources) for one in looked),
        n_expected=tuple(counts[0].tolist()),
        n_found=tuple(counts[1].tolist()),
        n_needed=tuple(needed.tolist()),
        ra_deg=where.ra_deg,
        dec_deg=where.dec_deg,
        place_arcsec=_on_plane(columns[0].real, columns[1].real),
        flux=columns[2].real,
        fwhm_arcsec=columns[3].real,
        elongation=columns[4],
    )


def _looked_at(measuring: dict[str, Any], pair: tuple[Path, Sequence[Chip]]) -> SingleExposure:
    return look_at(*pair, **measuring)


def _measured(
    measuring: dict[str, Any], triple: tuple[SingleExposure, Sources, Sequence[Chip]]
) -> Measured:
    return measure_stars(*triple, **measuring)


def _brightest(looked: Sequence[SingleExposure], shared: SharedStars) -> np.ndarray:
    """Prefer stars that many exposures have, then bright ones."""
    snr = looked[shared.anchor].sources.peak_snr[shared.index[shared.anchor]]
    return np.lexsort([snr, (shared.index >= 0).sum(axis=0)])[::-1][:MAX_MEASURED]


def _on_plane(ra: np.ndarray, dec: np.ndarray) -> np.ndarray:
    """Return east and north of one of the stars as complex numbers, arcsec."""
    place, seen = np.full(ra.shape, np.nan + 1j * np.nan), np.isfinite(ra)
    if seen.any():
        centre = SkyCoord(ra[seen][0], dec[seen][0], unit="deg")
        east, north = centre.spherical_offsets_to(SkyCoord(ra[seen], dec[seen], unit="deg"))
        place[seen] = east.arcsec + 1j * north.arcsec
    return place


def _counts(
    looked: Sequence[SingleExposure],
    of_each: Sequence[Sequence[Chip]],
    shared: SharedStars,
    good_bits: int | None,
) -> np.ndarray:
    """Count, for each exposure, the shared stars that it should show and those it does."""
    anchor = looked[shared.anchor]
    stars = anchor.sources.taken(shared.index[shared.anchor])
    brightness = stars.peak_snr * _noise(anchor)
    counts = np.zeros((2, len(looked)), int)
    clean = _seen_clean(looked, shared)
    for number, (one, own) in enumerate(zip(looked, of_each, strict=True)):
        with np.errstate(invalid="ignore", divide="ignore"):
            bright = brightness / _noise(one) > _SURELY_DETECTED
        # by two others: one alone may share a cosmic ray or a hot pixel with the anchor
        by_others = (np.delete(shared.index, number, axis=0) >= 0).sum(axis=0)
        expected = bright & (by_others > min(1, len(looked) - 2))
        expected &= np.delete(clean, number, axis=0).any(axis=0)
        places = stars.ra_deg[expected], stars.dec_deg[expected]
        expected[expected] = is_seen(one.path, own, *places, good_bits)
        counts[:, number] = expected.sum(), (expected & shared.present[number]).sum()
    return counts


def _seen_clean(looked: Sequence[SingleExposure], shared: SharedStars) -> np.ndarray:
    """Tell where each exposure has a star and no flag of a cosmic ray on it.

    Where cosmic rays are dense some lie on each other; a star that all have flagged is none for
    certain.
    """
    clean = shared.index >= 0
    for one, which, has in zip(looked, shared.index, clean, strict=True):
        has[has] = ~one.sources.flagged[which[has]].astype(bool)
    return clean


def _noise(one: SingleExposure) -> float:
    return float(np.median([level.noise for level in one.levels]))
