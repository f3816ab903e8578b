"""What is asked on the command line, in words and as the exposures it is about."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hstdriz_study.contracts import MIN_EXPOSURES
from hstdriz_study.errors import ConfigError
from hstdriz_study.names import is_name

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_ADDED = 4
MAX_SUBSETS = 200  # choices of which exposures to drop; of more, so many are drawn
_USAGE = f"give drop:K, drop:EXPOSURE or add:K (K from 1; at most {MAX_ADDED} to add)"


@dataclass(frozen=True)
class Change:
    """Exposures fewer or more.

    Attributes
    ----------
    kind : str
        ``drop`` or ``add``.
    count : int
    exposure : str or None
        The one to drop; None for every choice of ``count``.
    """

    kind: str
    count: int = 1
    exposure: str | None = None

    @property
    def text(self) -> str:
        """As it is typed."""
        return f"{self.kind}:{self.exposure or self.count}"

    @property
    def slug(self) -> str:
        """Part of a file name."""
        return self.text.replace(":", "_").removesuffix(".fits")


def parse_change(text: str) -> Change:
    """Read ``drop:K``, ``drop:EXPOSURE`` or ``add:K``.

    Raises
    ------
    ConfigError
        If it is none of them.
    """
    kind, _, amount = text.partition(":")
    if kind not in ("drop", "add") or not amount:
        raise ConfigError(f"what-if {text}: {_USAGE}")
    if not amount.isdecimal():
        if kind == "add" or not is_name(amount):
            raise ConfigError(f"what-if {text}: {_USAGE}")
        return Change(kind, exposure=amount)
    count = int(amount)
    if count < 1 or (kind == "add" and count > MAX_ADDED):
        raise ConfigError(f"what-if {text}: {_USAGE}")
    return Change(kind, count)


def subsets_left(change: Change, exposures: Sequence[str]) -> list[tuple[int, ...]]:
    """Return the exposures that are left, by index, for every choice of which to drop.

    Parameters
    ----------
    change : Change
        Of kind ``drop``.
    exposures : sequence of str
        File names.

    Raises
    ------
    ConfigError
        If too few would be left, or the one to drop is not there.
    """
    every = range(len(exposures))
    left = len(exposures) - change.count
    if left < MIN_EXPOSURES:
        raise ConfigError(
            f"what-if {change.text}: {max(left, 0)} of {len(exposures)} exposures would be left, "
            f"and {MIN_EXPOSURES} are needed; drop fewer"
        )
    if change.exposure is not None:
        gone = _named(change.exposure, exposures)
        return [tuple(index for index in every if index != gone)]
    if math.comb(len(exposures), left) <= MAX_SUBSETS:
        return list(itertools.combinations(every, left))
    rng = np.random.default_rng(1)
    drawn: set[tuple[int, ...]] = set()
    while len(drawn) < MAX_SUBSETS:
        drawn.add(tuple(sorted(rng.choice(len(exposures), left, replace=False).tolist())))
    return sorted(drawn)


def _named(name: str, exposures: Sequence[str]) -> int:
    """Find an exposure by its file name or by the first part of it, the rootname."""
    for index, exposure in enumerate(exposures):
        if name in (exposure, exposure.removesuffix(".fits"), exposure.rpartition("_")[0]):
            return index
    raise ConfigError(f"what-if drop:{name}: no such exposure; there are {', '.join(exposures)}")
