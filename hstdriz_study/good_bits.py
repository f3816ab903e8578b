"""Good bits of DQ flags: from any notation of DrizzlePac's to one number, and to good pixels.

AstroDrizzle in one call masks the cosmic rays that it has found whatever the good bits
say. In prepared exposures they are flags among others, which good bits could let through:
``~4``, or None, which takes every pixel.
"""

from __future__ import annotations

import functools
import operator
import warnings
from typing import TYPE_CHECKING, Any

from hstdriz_study.errors import ConfigError
from hstdriz_study.names import shown

if TYPE_CHECKING:
    import numpy as np

COSMIC_RAY_BIT = 4096
"""DQ bit in which AstroDrizzle flags cosmic rays."""

_FLAGS = 0xFFFF  # DQ arrays of HST hold 16 flags
_SIGN = 0x8000
_EVERY = -1
# Bad detector pixel in ACS and WFC3, then whatever else a byte holds, then the rest. Not saturation
# (256) and cosmic rays (4096), which are read as what they are, nor the sign.
_BAD_PIXEL_FLAGS = (4, 8, 16, 32, 64, 128, 1, 2, 512, 1024, 2048, 8192, 16384)
_ALLOWED = (
    "good DQ bits as DrizzlePac takes them: a sum (528), flags (16+512, '16, 512' or [16,512], "
    "each a power of two up to 32768), all but some (~4), or None, which ignores the flags"
)


def good_bits(asked: Any, key: str) -> int | None:
    """Interpret good bits as DrizzlePac does.

    Parameters
    ----------
    asked : int, str, list of int or None
        As in the configuration, or as this function returned it.
    key : str
        The key that holds it, for the sentence of an error.

    Returns
    -------
    int or None
        The sum of the good bits as a signed 16-bit integer, which is what a DQ
        array holds; None when no flag makes a pixel bad (``None``, ``INDEF``, an
        empty text; all bits, ``-1`` or ``~0``, are the same to DrizzlePac).

    Raises
    ------
    ConfigError
        If DrizzlePac would not take it, or it has more than 16 bits.
    """
    refused = ConfigError(f"{key}={shown(asked)}: must be {_ALLOWED}")
    if not (asked is None or isinstance(asked, (int, str, list))):
        raise refused
    from stsci.tools.bitmask import interpret_bit_flags

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a flag that is named twice
            bits = interpret_bit_flags(asked)
    except (TypeError, ValueError):
        raise refused from None
    if bits is None:
        return None
    if not ~_FLAGS <= bits <= _FLAGS:
        raise refused
    signed = ((bits & _FLAGS) ^ _SIGN) - _SIGN
    return None if signed == -1 else signed


def bits_text(bits: int | None) -> str:
    """Write good bits as a person reads them, in a notation that `good_bits` reads back."""
    return f"~{~bits}" if bits is not None and bits < 0 else str(bits)


def good_pixels(dq: np.ndarray, good_bits: int | None) -> np.ndarray:
    """Return where no flag but good ones is set, as drizzlepac's buildmask.py does.

    Parameters
    ----------
    dq : `~numpy.ndarray` of 16-bit integer
    good_bits : int or None
        Sum of the flags that do not make a pixel bad; None when none does.
    """
    import numpy as np

    bad = 0 if good_bits is None else ~good_bits & _FLAGS
    good: np.ndarray = dq.astype(np.uint16, copy=False) & np.uint16(bad) == 0
    return good


def without_cosmic_rays(good_bits: int | None) -> int:
    """Return good bits with which flagged cosmic rays are bad: those for prepared exposures."""
    return (_EVERY if good_bits is None else good_bits) & ~COSMIC_RAY_BIT


def with_cosmic_rays(good_bits: int | None) -> int | None:
    """Return good bits with which pixels flagged as cosmic rays are used like others."""
    return None if good_bits is None else good_bits | COSMIC_RAY_BIT


def good_in_some(*good_bits: int | None) -> int | None:
    """Return the flags that are good in at least one of several good bits."""
    return None if None in good_bits else functools.reduce(operator.or_, good_bits, 0)


def bad_pixel_flag(good_bits: int | None) -> int | None:
    """Return a flag of bad detector pixels that is not among the good ones; None without one."""
    if good_bits is None:
        return None
    return next((flag for flag in _BAD_PIXEL_FLAGS if not flag & good_bits), None)
