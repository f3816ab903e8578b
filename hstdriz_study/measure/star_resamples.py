"""From the stars of a study to their resamples: one by one, or by groups that share their place.

Where the PSF changes over the field and stars cluster, the stars of a cluster are not independent:
another field of the same kind would have its clusters elsewhere. They are then drawn together
(`~hstdriz_study.measure.over_field.spread.blocks`), as in the block bootstrap (Davison & Hinkley
1997, Bootstrap Methods and their Application, section 3.8).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.measure.resample import once_a_study, resample_counts, resample_indices

if TYPE_CHECKING:
    from hstdriz_study.contracts import MeasureContext


def star_counts(context: MeasureContext) -> np.ndarray:
    """Count how often each star occurs in each resample, (n_bootstrap, N) float."""
    blocks, n_bootstrap, seed = _blocks(context), context.n_bootstrap, context.seed
    if blocks is None:
        return resample_counts(len(context.regions.stars), n_bootstrap, seed)
    counts: np.ndarray = resample_counts(len(set(blocks)), n_bootstrap, seed)[:, _numbered(blocks)]
    return counts


def resampled(values: np.ndarray, context: MeasureContext) -> np.ndarray:
    """Return the values of the stars that each resample holds.

    Parameters
    ----------
    values : (N,) `~numpy.ndarray`
    context : `~hstdriz_study.contracts.MeasureContext`

    Returns
    -------
    values : (n_bootstrap, M) `~numpy.ndarray`
        Nan where a resample of groups has fewer than M stars.
    """
    blocks, n_bootstrap, seed = _blocks(context), context.n_bootstrap, context.seed
    if blocks is None:
        return np.asarray(values[resample_indices(len(values), n_bootstrap, seed)])
    return np.asarray(np.append(values, np.nan)[_block_indices(blocks, n_bootstrap, seed)])


def n_independent(usable: np.ndarray, context: MeasureContext) -> int:
    """Count the usable stars, or the groups of them that are resampled together.

    Parameters
    ----------
    usable : (N,) bool `~numpy.ndarray`
    context : `~hstdriz_study.contracts.MeasureContext`
    """
    blocks = _blocks(context)
    return int(usable.sum()) if blocks is None else len(set(np.array(blocks)[usable].tolist()))


def _blocks(context: MeasureContext) -> tuple[int, ...] | None:
    stars = context.regions.stars
    return tuple(stars["block"].tolist()) if "block" in stars.colnames else None


def _numbered(blocks: tuple[int, ...]) -> np.ndarray:
    return np.unique(blocks, return_inverse=True)[1]


@once_a_study
def _block_indices(blocks: tuple[int, ...], n_bootstrap: int, seed: int) -> np.ndarray:
    """Return the stars of each resample, row by row; -1 fills the rows."""
    of_star = _numbered(blocks)
    counts = resample_counts(len(set(blocks)), n_bootstrap, seed)[:, of_star].astype(int)
    every = np.arange(len(of_star))
    rows = [np.repeat(every, row) for row in counts]
    indices = np.full((n_bootstrap, max(map(len, rows))), -1)
    for index, row in zip(indices, rows, strict=True):
        index[: len(row)] = row
    return indices
