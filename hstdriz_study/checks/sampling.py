"""From the sub-pixel phases of the dithers to the finest sampling they can give."""

from __future__ import annotations

import math

import numpy as np
from scipy.spatial import cKDTree

_N_TRIED = 64


def sample_spacing_px(phases: np.ndarray) -> float:
    """Return the spacing of the square grid that leaves gaps as large as these samples do.

    The samples of one exposure repeat with every native pixel; those of the
    others lie at their phases in between. The largest distance from any place
    in a pixel to the nearest sample is 1/sqrt(2) of the spacing on a square
    grid; so it is 1 for one phase, 1/2 for the ideal four-point half-pixel box
    and 1/sqrt(2) for two exposures half a pixel apart on both axes.

    Parameters
    ----------
    phases : (E, 2) `~numpy.ndarray`
        Sub-pixel phase of each exposure in x and y, native pixels.

    Returns
    -------
    float
        Native pixels.
    """
    step = (np.arange(_N_TRIED) + 0.5) / _N_TRIED
    places = np.stack(np.meshgrid(step, step), axis=-1).reshape(-1, 2)
    # moved by half a step so that a place in the middle between samples is among those tried
    tree = cKDTree(np.mod(phases, 1.0), boxsize=1.0)
    farthest = max(tree.query(places)[0].max(), tree.query(places - step[0])[0].max())
    return math.sqrt(2.0) * float(farthest)
