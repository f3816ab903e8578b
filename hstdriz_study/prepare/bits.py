"""From what AstroDrizzle is told of DQ flags (``final_bits``) to the pixels that are bad."""

from __future__ import annotations

import numpy as np
from astropy.nddata.bitmask import interpret_bit_flags

from hstdriz_study.errors import ConfigError

_EVERY_FLAG = 0xFFFF  # DQ has 16 bits
# Bad detector pixel in ACS and WFC3, then whatever else a byte holds, then the rest. Not saturation
# (256) and cosmic rays (4096), which are read as what they are, nor the sign.
_BAD_PIXEL_FLAGS = (4, 8, 16, 32, 64, 128, 1, 2, 512, 1024, 2048, 8192, 16384)


def good_flags(text: str) -> int:
    """Return the flags that do not make a pixel bad, as one number.

    Parameters
    ----------
    text : str
        As AstroDrizzle takes it: ``'64, 512'``, ``'528'``, ``'~4096'`` (all but
        that one), or ``'None'``, which ignores the flags: all are good.

    Raises
    ------
    ConfigError
        If it cannot be understood.
    """
    try:
        good = interpret_bit_flags(text)
    except ValueError as error:
        raise ConfigError(
            f"prepare.driz_sep_bits or drizzle.final_bits: {text!r} is not a list of DQ bits "
            f"({error}); write powers of two, such as '64, 512'"
        ) from None
    return _EVERY_FLAG if good is None else int(good) & _EVERY_FLAG


def is_bad(dq: np.ndarray, good: int) -> np.ndarray:
    """Tell which pixels have a flag that is not among the good ones (`good_flags`)."""
    return np.asarray(dq.astype(np.uint16, copy=False) & np.uint16(~good & _EVERY_FLAG) != 0)


def bad_pixel_flag(good: int) -> int | None:
    """Return a flag of bad detector pixels that is not among the good ones; None without one."""
    return next((flag for flag in _BAD_PIXEL_FLAGS if not flag & good), None)
