"""From sizes and concentrations of sources to those that are stars.

Stars are all of one size and one concentration, up to noise and to the sub-pixel phase at which
they fall; galaxies lie along a track that begins there and leads to larger and less concentrated
ones. So stars are a clump *on* a track: more sources within the scatter of one point than the track
around it foretells, near the expected star. Where no such clump stands out there are no stars.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from astropy.stats import mad_std
from scipy.stats import nbinom

if TYPE_CHECKING:
    from hstdriz_study.measure.regions.expected import ExpectedStar

SIZE_TO_CONCENTRATION = 0.2
"""The sub-pixel phase makes a star that looks 1 % larger 0.2 % less concentrated: this much of the
size is added to the concentration, which leaves a feature that knows galaxies (1 % larger, 0.6 %
less concentrated) from phases."""

# 1 sigma of both features: what the phase does to a star of four dithers on WFC3/IR, whose pixels
# are coarsest, and what noise adds at a signal-to-noise of 1 (docs/measuring.md).
_PHASE = np.array([0.025, 0.007])
_NOISE = np.array([1.5, 1.0])
_MOST_PHASE = np.array([0.060, 0.030])

_REACH = 3.0
"""Sigmas out to which a source may belong to a clump. To three times it the track is counted when
a clump is looked for, which needs numbers; to twice it when each source is weighed, for galaxies
become fewer towards the stars."""

_TRACK_PER_CLUMP = 2.0
"""Length of a track through the ring around a clump over its length inside."""

_SNR_FLOORS = (0.0, 100.0, 200.0, 400.0)
"""Bright galaxies are large: among bright sources the clump may stand out alone."""

MAX_CHANCE = 1e-2
"""Chance, in one place, of a clump as rich on a track without stars: above, none is taken."""

_ALIKE = 1.0  # in the logarithm of S/N: how few galaxies there are beside bright stars
_BRIGHTEST = 500.0
_FEWEST = 0.5  # that may stand beside the stars where none is seen
_MIN_PROBABILITY = 0.5
_MAX_PRIOR_SIGMA = 4.0
_N_ROUNDS = 8
_MIN_FOR_SCATTER = 8


@dataclass(frozen=True)
class Locus:
    """The clump of the stars.

    Attributes
    ----------
    center : (2,) `~numpy.ndarray`
        Its features.
    phase : (2,) `~numpy.ndarray`
        1 sigma of a star without noise.
    probability : (N,) `~numpy.ndarray`
        That a source is a star.
    """

    center: np.ndarray
    phase: np.ndarray
    probability: np.ndarray

    @property
    def is_star(self) -> np.ndarray:
        """Whether a source is taken for a star, 1D bool."""
        return self.probability > _MIN_PROBABILITY


def find_locus(features: np.ndarray, snr: np.ndarray, expected: ExpectedStar) -> Locus | None:
    """Find the stars among sources.

    Parameters
    ----------
    features : (N, 2) `~numpy.ndarray`
        As `features_of` gives them.
    snr : (N,) `~numpy.ndarray`
    expected : `~hstdriz_study.measure.regions.expected.ExpectedStar`

    Returns
    -------
    locus : `Locus` or None
        None where no clump stands out.
    """
    start = _most_unlikely_clump(features, snr, expected)
    if start is None:
        return None
    return _refined(features, snr, start)


def features_of(fwhm_arcsec: np.ndarray, concentration: np.ndarray) -> np.ndarray:
    """Return the logarithm of the size, and of the concentration made free of the phase, (N, 2)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        size, light = np.log(fwhm_arcsec), np.log(concentration)
    return np.column_stack([size, light + SIZE_TO_CONCENTRATION * size])


def _sigmas(snr: np.ndarray, phase: np.ndarray) -> np.ndarray:
    """1 sigma of stars of some S/N, shape (N, 2)."""
    return np.hypot(phase, _NOISE / np.minimum(snr, 1e4)[:, None])


def _distances(features: np.ndarray, center: np.ndarray, sigmas: np.ndarray) -> np.ndarray:
    """Distance of each source from a point, in sigmas."""
    return np.asarray(np.hypot(*((features - center) / sigmas).T))


def _most_unlikely_clump(
    features: np.ndarray, snr: np.ndarray, expected: ExpectedStar
) -> np.ndarray | None:
    """Return the place of the clump that chance explains least, or None."""
    off = np.nan_to_num((features - expected.features) / expected.width)
    penalty = 0.5 * (off**2).sum(axis=1)
    best, found = -np.log(MAX_CHANCE), None
    for floor in _SNR_FLOORS:
        used = np.flatnonzero(snr >= floor)
        sigmas = _sigmas(snr[used], _PHASE)
        for trial in used[(np.abs(off[used]) < _MAX_PRIOR_SIGMA).all(axis=1)]:
            distance = _distances(features[used], features[trial], sigmas)
            score = -np.log(_chance(distance)) - penalty[trial]
            if score > best:
                best, found = score, np.median(features[used][distance < _REACH], axis=0)
    return found


def _chance(distance: np.ndarray) -> float:
    """Return the chance of as many sources in a clump, given those on the track around it.

    The track's density is known from the number n around only: its expectation inside follows
    a gamma distribution (Jeffreys' prior), and the number inside a negative binomial one.
    """
    inside = np.count_nonzero(distance < _REACH)
    around = np.count_nonzero((distance >= _REACH) & (distance < 3 * _REACH))
    share = _TRACK_PER_CLUMP / (1 + _TRACK_PER_CLUMP)
    return float(max(nbinom.sf(inside - 1, around + 0.5, share), 1e-300))


def _refined(features: np.ndarray, snr: np.ndarray, center: np.ndarray) -> Locus:
    """Settle centre and scatter of the stars and what stands beside them."""
    phase = _PHASE
    for _ in range(_N_ROUNDS):
        locus = Locus(center, phase, _probabilities(features, snr, center, phase))
        stars = locus.is_star
        if not stars.any():
            return locus
        weights = np.minimum(snr[stars], 500.0)
        center = np.array([_weighted_median(one, weights) for one in features[stars].T])
        phase = _phase_scatter(features[stars] - center, snr[stars])
    return locus


def _probabilities(
    features: np.ndarray, snr: np.ndarray, center: np.ndarray, phase: np.ndarray
) -> np.ndarray:
    """Probability that each source is a star and not of the track, on either side of the stars."""
    sigmas = _sigmas(snr, phase)
    distance = _distances(features, center, sigmas)
    off = (features - center) / sigmas
    extended = off[:, 0] > off[:, 1]
    inside, around = distance < _REACH, (distance >= _REACH) & (distance < 2 * _REACH)
    alike = _alike(snr)
    density = (
        np.column_stack([alike @ (around & side) + _FEWEST for side in (~extended, extended)])
        / _REACH
    )
    n_stars = np.maximum(alike @ inside - _REACH * density.sum(axis=1), 1.0)
    of_stars = n_stars * np.exp(-0.5 * distance**2) / np.sqrt(2 * np.pi)
    of_track = np.where(extended, density[:, 1], density[:, 0])
    return np.asarray(of_stars / (of_stars + of_track))


def _alike(snr: np.ndarray) -> np.ndarray:
    """How much each source counts for the neighbourhood of another by their S/N, (N, N)."""
    log = np.log(np.clip(snr, 1.0, _BRIGHTEST))
    return np.exp(-0.5 * ((log[:, None] - log[None, :]) / _ALIKE) ** 2)


def _phase_scatter(off: np.ndarray, snr: np.ndarray) -> np.ndarray:
    """1 sigma of stars without noise, within bounds that hold for few stars."""
    if len(off) < _MIN_FOR_SCATTER:
        return _PHASE
    noise = np.median(_NOISE / snr[:, None], axis=0)
    seen = mad_std(off, axis=0)
    return np.clip(np.sqrt(np.clip(seen**2 - noise**2, 0, None)), _PHASE, _MOST_PHASE)


def _weighted_median(values: np.ndarray, weights: np.ndarray) -> float:
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, total[-1] / 2)])
