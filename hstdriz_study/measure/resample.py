"""Bootstrap resamples that are the same at every point of a study.

Two points of a sweep see the same stars and the same sky, so most of their
scatter is common. Drawing the same resamples for both (common random numbers)
lets the scatter cancel in their difference.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from hstdriz_study.contracts import Metric
from hstdriz_study.contracts.scatter import spread

once_a_study = lru_cache(maxsize=16)  # resamples are those of every point; nobody writes to them
BOXES_PER_GROUP = 2
"""The fewest that have a scatter: the nearer they lie, the less of the field's trend is in it."""


@once_a_study
def resample_indices(n_items: int, n_bootstrap: int, seed: int) -> np.ndarray:
    """Draw bootstrap resamples of ``n_items`` stars, boxes or tiles.

    Parameters
    ----------
    n_items : int
        Number of items in the sample.
    n_bootstrap : int
        Number of resamples.
    seed : int
        Seed of the study. The same seed and the same ``n_items`` give the
        same resamples.

    Returns
    -------
    indices : (n_bootstrap, n_items) `~numpy.ndarray` of int
    """
    rng = np.random.default_rng([seed, n_items])
    return rng.integers(0, n_items, size=(n_bootstrap, n_items))


@once_a_study
def resample_counts(n_items: int, n_bootstrap: int, seed: int) -> np.ndarray:
    """Count how often each item occurs in each resample of `resample_indices`.

    Returns
    -------
    counts : (n_bootstrap, n_items) `~numpy.ndarray` of float
    """
    indices = resample_indices(n_items, n_bootstrap, seed)
    counts = np.zeros((n_bootstrap, n_items))
    np.add.at(counts, (np.arange(n_bootstrap)[:, None], indices), 1.0)
    return counts


@once_a_study
def design_weights(
    n_boxes: int, sampled_fraction: float, n_bootstrap: int, seed: int
) -> np.ndarray:
    """Weigh the boxes of a spatially balanced sample anew, once a resample.

    Boxes that follow one another are neighbours on the sky: they are resampled
    in pairs (collapsed strata), so that what changes slowly over the region
    adds hardly more to the error than it does to such a sample. The weights
    are those of the rescaled bootstrap (Rao & Wu 1988, JASA 83, 231, section 2)
    with one draw less than boxes in each group: their variance is that of the
    design, the finite population correction ``1 - sampled_fraction`` included.

    Parameters
    ----------
    n_boxes : int
        Number of boxes, in the order of `StudyRegions.weight_boxes`.
    sampled_fraction : float
        Area of the boxes over that of the region they stand for, 0 to 1.
    n_bootstrap, seed : int

    Returns
    -------
    weights : (n_bootstrap, n_boxes) `~numpy.ndarray`
        Never negative; all 1 when the boxes are the whole region, NaN for a
        single box that is not.
    """
    if sampled_fraction >= 1:
        return np.ones((n_bootstrap, n_boxes))
    if n_boxes < BOXES_PER_GROUP:
        return np.full((n_bootstrap, n_boxes), math.nan)
    rng = np.random.default_rng([seed, n_boxes])
    edges = np.rint(np.linspace(0, n_boxes, n_boxes // BOXES_PER_GROUP + 1)).astype(int)
    spread = math.sqrt(1 - sampled_fraction)
    groups = []
    for size in np.diff(edges):
        drawn = rng.multinomial(size - 1, np.full(size, 1 / size), size=n_bootstrap)
        groups.append(1 - spread + spread * size / (size - 1) * drawn)
    return np.concatenate(groups, axis=1)


def bootstrap_metric(value: float, replicates: np.ndarray, n_items: int, unit: str = "") -> Metric:
    """Make a metric of a value and of what the resamples gave.

    Deviations from ``value`` are stretched by ``sqrt(n / (n - 1))``, because
    the bootstrap variance of a mean of ``n`` items is too small by
    ``(n - 1) / n``. The stored replicates carry the factor already.

    Parameters
    ----------
    value : float
        The value measured on the whole sample.
    replicates : 1D `~numpy.ndarray`
        The value measured on each resample.
    n_items : int
        Number of independent items in the sample.
    unit : str, optional
        Unit of the value.

    Returns
    -------
    metric : `~hstdriz_study.contracts.Metric`
        ``err`` is NaN when there are fewer than two items or two finite
        replicates.
    """
    factor = math.sqrt(n_items / (n_items - 1)) if n_items > 1 else math.nan
    with np.errstate(invalid="ignore"):
        stretched = value + factor * (np.asarray(replicates, dtype=float) - value)
    return replicate_metric(value, stretched, unit)


def replicate_metric(value: float, replicates: np.ndarray, unit: str = "") -> Metric:
    """Make a metric of a value and of replicates that scatter as the value does."""
    return Metric(float(value), err=spread(replicates), unit=unit, replicates=replicates)
