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
from scipy.stats import nbinom

if TYPE_CHECKING:
    from hstdriz_study.measure.regions.expected import ExpectedStar

SIZE_TO_CONCENTRATION = 0.2
"""The sub-pixel phase makes a star that looks 1 % larger 0.2 % less concentrated: this much of the
size is added to the concentration, which leaves a feature that knows galaxies (1 % larger, 0.6 %
less concentrated) from phases."""

# 1 sigma of both features: what noise adds at a signal-to-noise of 1, and how unlike each other
# stars of a field may be at most, beside what is expected (docs/measuring.md).
_NOISE = np.array([1.5, 1.0])
_MOST_SCATTER = np.array([0.055, 0.029])

_CORE, _REACH = 2.0, 3.0
"""Sigmas from its middle within which a clump is looked for, and out to which a source may belong
to it. To three times the core the track is counted when a clump is looked for, which needs numbers;
to twice the reach when each source is weighed, for galaxies become fewer towards the stars."""

_TRACK_PER_CORE = 2.0
"""Length of a track through the ring around a core over its length inside."""

_SNR_FLOORS = (0.0, 100.0, 150.0)
"""Bright galaxies are large: among bright sources the clump may stand out alone."""

_FEWEST_STARS = 5
"""Four galaxies that are small and alike are no rarity, and PSF metrics need as many stars."""

MAX_CHANCE = 1e-2
"""Chance, in one place, of a clump as rich on a track without stars: above, none is taken."""

_MAX_PRIOR_SIGMA = 4.0
SHARPER = -1.7
"""Size, by the expected one and in widths of it, below which stars are surely not the model's."""

_ALIKE = 1.0  # in the logarithm of S/N: how few galaxies there are beside bright stars
_ALIKE_AT = np.linspace(0.0, np.log(500.0), 60)  # brighter sources count as these
_GRADIENT = 0.015  # 1 sigma of the change of both features from the middle of the field to its edge
_USUAL_FOR = 10.0  # stars, as which the usual scatter counts beside that of the stars at hand
_WIDE_START = 1.5
_FEWEST = 0.5  # that may stand beside the stars where none is seen
_MIN_PROBABILITY = 0.5
_N_ROUNDS = 20


@dataclass(frozen=True)
class Locus:
    """The clump of the stars.

    Attributes
    ----------
    center : (N, 2) `~numpy.ndarray`
        Features of a star at each source's place.
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


def find_locus(
    features: np.ndarray,
    snr: np.ndarray,
    places: np.ndarray,
    expected: ExpectedStar,
    most_off: float = _MAX_PRIOR_SIGMA,
) -> Locus | None:
    """Find the stars among sources.

    Parameters
    ----------
    features : (N, 2) `~numpy.ndarray`
        As `features_of` gives them.
    snr : (N,) `~numpy.ndarray`
    places : (N, 2) `~numpy.ndarray`
        Where they stand, -1 to 1 across the field.
    expected : `~hstdriz_study.measure.regions.expected.ExpectedStar`
    most_off : float, optional
        Up to which size a clump is looked for, by the expected one and in widths of it.

    Returns
    -------
    locus : `Locus` or None
        None where no clump stands out, or one of fewer than five.
    """
    usual = np.hypot(expected.phase, expected.scatter)
    start = _most_unlikely_clump(features, snr, usual, expected, most_off)
    if start is None:
        return None
    locus = _refined(features, snr, places, usual, start)
    return locus if np.count_nonzero(locus.is_star) >= _FEWEST_STARS else None


def is_sharper(locus: Locus, expected: ExpectedStar) -> bool:
    """Tell whether stars are so much sharper than expected that its phases are not theirs."""
    off = (np.median(locus.center[:, 0]) - expected.features[0]) / expected.width
    return bool(off < SHARPER)


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
    features: np.ndarray,
    snr: np.ndarray,
    usual: np.ndarray,
    expected: ExpectedStar,
    most_off: float,
) -> np.ndarray | None:
    """Return the place of the clump that chance explains least, or None."""
    off = np.nan_to_num((features - expected.features) / expected.width)
    penalty = 0.5 * (off**2).sum(axis=1)
    near = (np.abs(off) < _MAX_PRIOR_SIGMA).all(axis=1) & (off[:, 0] < most_off)
    best, found = -np.log(MAX_CHANCE), None
    for floor in _SNR_FLOORS:
        used = np.flatnonzero(snr >= floor)
        sigmas = _sigmas(snr[used], usual)
        for trial in used[near[used]]:
            distance = _distances(features[used], features[trial], sigmas)
            score = -np.log(_chance(distance)) - penalty[trial]
            if score > best:
                best, found = score, np.median(features[used][distance < _CORE], axis=0)
    return found


def _chance(distance: np.ndarray) -> float:
    """Return the chance of as many sources in a clump, given those on the track around it.

    The track's density is known from the number n around only: its expectation inside follows
    a gamma distribution (Jeffreys' prior), and the number inside a negative binomial one.
    """
    inside = np.count_nonzero(distance < _CORE)
    around = np.count_nonzero((distance >= _CORE) & (distance < 3 * _CORE))
    share = _TRACK_PER_CORE / (1 + _TRACK_PER_CORE)
    return float(max(nbinom.sf(inside - 1, around + 0.5, share), 1e-300))


def _refined(
    features: np.ndarray,
    snr: np.ndarray,
    places: np.ndarray,
    usual: np.ndarray,
    start: np.ndarray,
) -> Locus:
    """Settle centre and scatter of the stars and what stands beside them."""
    center = np.broadcast_to(start, features.shape)
    phase = _WIDE_START * usual
    probability = np.where(_distances(features, center, _sigmas(snr, phase)) < _REACH, 1.0, 0.0)
    for _ in range(_N_ROUNDS):
        probability = _probabilities(features, snr, center, phase, probability)
        if not probability.sum() > 1:
            break
        weights = probability[:, None] / _sigmas(snr, phase) ** 2
        center = _over_the_field(features, places, weights)
        phase = _phase_scatter(features - center, snr, probability, usual)
    return Locus(center, phase, probability)


def _over_the_field(features: np.ndarray, places: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Features of a star at each source's place, (N, 2): a plane, as steep as the stars show."""
    design = np.column_stack([np.ones(len(places)), places])
    flat = np.diag([0.0, _GRADIENT**-2, _GRADIENT**-2])
    planes = [
        np.linalg.solve(design.T @ (weight[:, None] * design) + flat, design.T @ (weight * one))
        for one, weight in zip(features.T, weights.T, strict=True)
    ]
    return np.asarray(design @ np.array(planes).T)


def _probabilities(
    features: np.ndarray,
    snr: np.ndarray,
    center: np.ndarray,
    phase: np.ndarray,
    before: np.ndarray,
) -> np.ndarray:
    """Probability that each source is a star and not of the track, on either side of the stars.

    ``before``, they are how many stars there are of each S/N, and are not counted as track.
    """
    sigmas = _sigmas(snr, phase)
    distance = _distances(features, center, sigmas)
    off = (features - center) / sigmas
    extended = off[:, 0] > off[:, 1]
    around = ((distance >= _REACH) & (distance < 2 * _REACH)) * (1 - before)
    width = sigmas[:, 0]  # a source twice as noisy is looked for in twice as much of the track
    sides = np.column_stack([around * ~extended, around * extended])
    density = (width[:, None] * _alike(snr, sides / width[:, None]) + _FEWEST) / _REACH
    n_stars = np.maximum(_alike(snr, before[:, None]), 1.0)[:, 0]
    of_stars = n_stars * np.exp(-0.5 * distance**2) / np.sqrt(2 * np.pi)
    of_track = np.where(extended, density[:, 1], density[:, 0])
    return np.asarray(of_stars / (of_stars + of_track))


def _alike(snr: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Sum counts, shape (N, M), over the sources of about each source's S/N.

    By way of a grid of S/N, for a crowded frame has tens of thousands of sources.
    """
    log = np.log(np.clip(snr, 1.0, None)).clip(max=_ALIKE_AT[-1])
    summed = np.exp(-0.5 * ((_ALIKE_AT[:, None] - log) / _ALIKE) ** 2) @ counts
    return np.column_stack([np.interp(log, _ALIKE_AT, column) for column in summed.T])


def _phase_scatter(
    off: np.ndarray, snr: np.ndarray, probability: np.ndarray, usual: np.ndarray
) -> np.ndarray:
    """1 sigma of stars without noise, within bounds that hold for few stars."""
    excess = off**2 - (_NOISE / snr[:, None]) ** 2
    known = _USUAL_FOR * usual**2 + probability @ excess
    most = _MOST_SCATTER**2 + usual**2
    return np.sqrt(np.clip(known / (_USUAL_FOR + probability.sum()), usual**2, most))
