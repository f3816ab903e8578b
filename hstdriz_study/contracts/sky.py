"""Where a user wants to measure: areas of the sky and stars that were named."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


CIRCLE = re.compile(r"\s*circle\s*\(", re.IGNORECASE)
"""How a circle in words begins, which may stand in place of a file."""


@dataclass(frozen=True)
class SkyShape:
    """A shape on the sky.

    Attributes
    ----------
    edges : tuple of (N, 2) `~numpy.ndarray`
        Vertices, right ascension and declination (ICRS) in degrees: of the outer edge, then of
        each hole.
    """

    edges: tuple[np.ndarray, ...]


@dataclass(frozen=True)
class SkyArea:
    """What lies in any of some shapes and in none of others.

    Attributes
    ----------
    name : str
        Key and value that named it, for messages.
    included : tuple of `SkyShape`
        None: the whole sky.
    excluded : tuple of `SkyShape`
    ignored : tuple of str
        What the file holds besides, that has no area.
    """

    name: str
    included: tuple[SkyShape, ...]
    excluded: tuple[SkyShape, ...] = ()
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True)
class StarList:
    """Positions of stars that a user names.

    Attributes
    ----------
    name : str
        Key and value that named it, for messages.
    positions : (N, 2) `~numpy.ndarray`
        Right ascension and declination (ICRS), degrees.
    """

    name: str
    positions: np.ndarray


@dataclass(frozen=True)
class Wanted:
    """Where a user wants to measure; None: wherever all exposures are, and stars that are found.

    Attributes
    ----------
    region : `SkyArea` or None
        Stars, sky and weights are taken inside.
    leave_out : `SkyArea` or None
        Nothing is taken inside.
    stars : `StarList` or None
        The stars, which may lie beside ``region``.
    """

    region: SkyArea | None = None
    leave_out: SkyArea | None = None
    stars: StarList | None = None
