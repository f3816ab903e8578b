"""Good bits that depend on when an exposure was taken: their notation, and what it comes to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from hstdriz_study.errors import ConfigError
from hstdriz_study.good_bits import bits_text, good_bits
from hstdriz_study.names import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

_NOTATION = re.compile(r"(?P<before>.+) before (?P<day>\S+), else (?P<since>.+)")
_MJD_0 = date(1858, 11, 17)  # day 0 of the modified Julian date


@dataclass(frozen=True)
class DatedBits:
    """Good bits of exposures that begin before a day, and of those that begin later.

    Attributes
    ----------
    before, since : int or None
        As `~hstdriz_study.good_bits.good_bits` gives them.
    day : `~datetime.date`
        The first of ``since``, UT.
    """

    before: int | None
    day: date
    since: int | None

    def settled(self, starts_mjd: Sequence[float]) -> tuple[int | None, str]:
        """Return the good bits of exposures that are combined, and why it is these.

        With exposures of both kinds the flags are good that are so in both: no pixel is used
        that one of the two calls bad.

        Parameters
        ----------
        starts_mjd : sequence of float
            When the exposures begin, modified Julian date.
        """
        first = (self.day - _MJD_0).days
        early = [start < first for start in starts_mjd]
        if all(early):
            return self.before, f"for exposures from before {self.day}"
        if not any(early):
            return self.since, f"for exposures from {self.day} or later"
        both = _in_both(self.before, self.since)
        said = f"{bits_text(self.before)} before, {bits_text(self.since)} since"
        return both, f"the flags that are good before and after {self.day} ({said})"


def _in_both(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other


def dated_bits(asked: Any, key: str) -> DatedBits | None:
    """Read good bits by date, such as ``352 before 2012-11-08, else 336``.

    Parameters
    ----------
    asked : int, str, list of int or None
        As in the configuration.
    key : str
        The key that holds it, for the sentence of an error.

    Returns
    -------
    DatedBits or None
        None when it is no notation by date.

    Raises
    ------
    ConfigError
        If a part of it is no good bits, or no date.
    """
    found = _NOTATION.fullmatch(asked.strip()) if isinstance(asked, str) else None
    if found is None:
        return None
    try:
        day = date.fromisoformat(found["day"])
    except ValueError:
        raise ConfigError(
            f"{key}={shown(asked)}: {found['day']} is no date; write it as 2012-11-08"
        ) from None
    return DatedBits(good_bits(found["before"], key), day, good_bits(found["since"], key))
