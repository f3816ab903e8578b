"""From the exposure-time map of a product to how evenly deep it is."""

from __future__ import annotations

import numpy as np
from astropy.nddata import block_reduce

from hstdriz_study.checks.warned import SHALLOW

_BLOCK_PX = 4


def shallow_fraction(exposure_map: np.ndarray) -> float:
    """Return which part of a product has clearly less than the full exposure time.

    Medians of 4 x 4 pixels pass over single bad pixels and cosmic rays; the
    full exposure time is the 95th percentile of them.

    Parameters
    ----------
    exposure_map : 2D `~numpy.ndarray`
        EXP weights of the native-scale product with pixfrac 1, seconds; 0 off
        the exposures.

    Returns
    -------
    float
        Of the area that any exposure covers, the fraction below `SHALLOW`; nan
        when none is covered.
    """
    depth = block_reduce(exposure_map, _BLOCK_PX, func=np.median)
    covered = depth[depth > 0]
    if covered.size == 0:
        return float("nan")
    return float(np.mean(covered < SHALLOW * np.percentile(covered, 95)))
