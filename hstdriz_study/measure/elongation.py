"""From second moments of stars to how elongated they are, and which way."""

from __future__ import annotations

import numpy as np


def elongation(moments: np.ndarray) -> np.ndarray:
    """Return ``(a^2 - b^2) / (a^2 + b^2)`` with, as argument, twice the angle of the long axis.

    Parameters
    ----------
    moments : (N, 2, 2) `~numpy.ndarray`
        Along east and north; the angle is from east to north.

    Returns
    -------
    elongation : (N,) complex `~numpy.ndarray`
        Nan where the moments are.
    """
    xx, xy, yy = moments[:, 0, 0], moments[:, 0, 1], moments[:, 1, 1]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((xx - yy + 2j * xy) / (xx + yy))


def ellipticity(size: float) -> float:
    """Return ``1 - b/a`` of the size of an elongation, 0 to 1."""
    return float(1 - np.sqrt((1 - size) / (1 + size)))
