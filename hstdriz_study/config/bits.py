"""From good bits in any notation of DrizzlePac's to one number, the same everywhere."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from stsci.tools.bitmask import interpret_bit_flags

from hstdriz_study.config.names import shown
from hstdriz_study.errors import ConfigError

if TYPE_CHECKING:
    from hstdriz_study.config.schema import StudyConfig

_FLAGS = 0xFFFF  # DQ arrays of HST hold 16 flags
_SIGN = 0x8000
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


def with_good_bits(config: StudyConfig) -> StudyConfig:
    """Return a configuration whose good bits are numbers (or None), everywhere the same.

    Raises
    ------
    ConfigError
        Naming the key, as `good_bits`.
    """
    of_filter, prepare, drizzle = config.filter, config.prepare, config.drizzle
    # the filter's first: the others usually refer to them
    filter_bits = good_bits(of_filter.good_bits, "filter.good_bits")
    of_recipe = good_bits(of_filter.recipe.good_bits, "filter.recipe.good_bits")
    recipe = replace(of_filter.recipe, good_bits=of_recipe)
    sep_bits = good_bits(prepare.driz_sep_bits, "prepare.driz_sep_bits")
    final_bits = good_bits(drizzle.final_bits, "drizzle.final_bits")
    return replace(
        config,
        filter=replace(of_filter, good_bits=filter_bits, recipe=recipe),
        prepare=replace(prepare, driz_sep_bits=sep_bits),
        drizzle=replace(drizzle, final_bits=final_bits),
    )
