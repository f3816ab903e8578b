"""Why a scale is not the one common to all filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hstdriz_study.choose.verdict import Refusal


@dataclass(frozen=True)
class Unserved:
    """Why a scale was not taken, by the filter that decided so; a class for each kind."""

    filter: str


@dataclass(frozen=True)
class NotSwept(Unserved):
    """The filter has no measured point there."""


@dataclass(frozen=True)
class CannotChooseThere(Unserved):
    """The rule takes none of the filter's points there."""

    refusal: Refusal


@dataclass(frozen=True)
class PriceUnknown(Unserved):
    """The filter's FWHM was not measured."""


@dataclass(frozen=True)
class Costlier(Unserved):
    """The filter pays more there, or practically as much and the scale is finer."""

    growth: float
    is_equal: bool
