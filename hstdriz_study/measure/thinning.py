"""Take positions that lie apart out of a list of candidates."""

from __future__ import annotations

import numpy as np


def thinned(candidates: np.ndarray, count: int, separation: float) -> np.ndarray:
    """Take candidates in their order, each at least ``separation`` from those before.

    Parameters
    ----------
    candidates : (N, 2) `~numpy.ndarray`
    count : int
        At most so many.
    separation : float
        In the unit of the candidates.

    Returns
    -------
    chosen : (M, 2) `~numpy.ndarray`
    """
    chosen = np.empty((0, 2))
    while len(chosen) < count and len(candidates):
        chosen = np.vstack([chosen, candidates[0]])
        candidates = candidates[np.hypot(*(candidates - candidates[0]).T) >= separation]
    return chosen
