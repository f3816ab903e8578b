"""From good bits to the pixels that may be used.

AstroDrizzle in one call masks the cosmic rays that it has found whatever the good bits
say. In prepared exposures they are flags among others, which good bits could let through:
``~4``, or None, which takes every pixel.
"""

from __future__ import annotations

import numpy as np

from hstdriz_study.prepare.flags import COSMIC_RAY_BIT

_FLAGS = 0xFFFF
_EVERY = -1


def good_pixels(dq: np.ndarray, good_bits: int | None) -> np.ndarray:
    """Return where no flag but good ones is set, as drizzlepac's buildmask.py does.

    Parameters
    ----------
    dq : `~numpy.ndarray` of 16-bit integer
    good_bits : int or None
        Sum of the flags that do not make a pixel bad; None when none does.
    """
    bad = 0 if good_bits is None else ~good_bits & _FLAGS
    good: np.ndarray = dq.astype(np.uint16, copy=False) & np.uint16(bad) == 0
    return good


def without_cosmic_rays(good_bits: int | None) -> int:
    """Return good bits with which flagged cosmic rays are bad: those for prepared exposures."""
    return (_EVERY if good_bits is None else good_bits) & ~COSMIC_RAY_BIT


def with_cosmic_rays(good_bits: int | None) -> int | None:
    """Return good bits with which pixels flagged as cosmic rays are used like others."""
    return None if good_bits is None else good_bits | COSMIC_RAY_BIT
