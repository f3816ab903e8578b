"""The points next to a point of a sweep: which are there, which are missing, which lie nearer."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Self

from hstdriz_study.refine.apart import told_apart
from hstdriz_study.refine.axes import coordinate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose import ChoiceSettings, PointSummary
    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.refine.axes import Axis
    from hstdriz_study.refine.known import Bound

BELOW, ABOVE = -1, 1


class Spot(NamedTuple):
    """A place on the grid: ``final_scale`` in arcsec and ``final_pixfrac``."""

    final_scale_arcsec: float
    final_pixfrac: float

    @classmethod
    def of(cls, final_scale_arcsec: float, final_pixfrac: float) -> Self:
        """Return the place of a measured point, rounded so that it is the same for all there."""
        return cls(coordinate(final_scale_arcsec), coordinate(final_pixfrac))


@dataclass(frozen=True)
class Arm:
    """One direction from a spot along one axis.

    Attributes
    ----------
    value : float or None
        The next value of the neighbourhood, which beyond an edge is still to
        be measured; None where there is none and none is wanted.
    halfway : float or None
        The value that halves the distance, where that is wanted.
    bound : str
        Why it is no nearer (`~hstdriz_study.refine.known.Bound`).
    """

    value: float | None
    halfway: float | None
    bound: Bound


Arms = tuple[tuple[Arm, Arm], tuple[Arm, Arm]]
"""Below and above, on both axes in the order of a `Spot`."""


@dataclass(frozen=True)
class Sweep:
    """The points of one filter that differ in scale and pixfrac alone.

    Attributes
    ----------
    axes : tuple of `~hstdriz_study.refine.axes.Axis`
        In the order of a `Spot`.
    judged : dict of Spot to `~hstdriz_study.contracts.PointRecord`
        The points the rule could judge.
    tried : frozenset of Spot
        Those, and the points that failed.
    inadmissible : frozenset of str
        Keys of the points that break a limit.
    settings : `~hstdriz_study.choose.ChoiceSettings`
        The rule, which says what tells points apart.
    """

    axes: tuple[Axis, Axis]
    judged: dict[Spot, PointRecord]
    tried: frozenset[Spot]
    inadmissible: frozenset[str]
    settings: ChoiceSettings

    def arms(self, spot: Spot, scatters: tuple[float, float] = (0.0, 0.0)) -> Arms:
        """Return the directions from a measured spot.

        ``scatters`` are the distances, one an axis, by which resamples scatter
        the spot: to halve a smaller one would chase noise.
        """
        scale, pixfrac = (
            (self._arm(spot, index, BELOW, scattered), self._arm(spot, index, ABOVE, scattered))
            for index, scattered in enumerate(scatters)
        )
        return scale, pixfrac

    def wanted(self, spot: Spot, arms: Arms) -> list[Spot]:
        """Return what to measure around a spot: the neighbourhood, then a nearer one."""
        here = [[arm.value for arm in pair] for pair in arms]
        nearer = [
            [arm.value if arm.halfway is None else arm.halfway for arm in pair] for pair in arms
        ]
        return self._untried(spot, here) or self._untried(spot, nearer)

    def far_ends(self, arms: Arms) -> list[Spot]:
        """Return the ends of the scales at the pixfracs next to that of a spot.

        Along a line of equal sharpness a little pixfrac trades for much scale:
        a rule that prefers the larger pixfrac may jump from one end to the
        other, past all neighbours.
        """
        ends = self.axes[0].values[:: len(self.axes[0].values) - 1 or 1]
        beside = [arm.value for arm in arms[1] if arm.value is not None]
        return sorted({Spot(*place) for place in itertools.product(ends, beside)} - self.tried)

    def _untried(self, spot: Spot, beside: Sequence[Sequence[float | None]]) -> list[Spot]:
        """Return the spots of a neighbourhood that were not tried, those on the axes first."""
        values = [
            (own, *(value for value in pair if value is not None))
            for own, pair in zip(spot, beside, strict=True)
        ]
        missing = {Spot(*place) for place in itertools.product(*values)} - self.tried
        return sorted(missing, key=lambda place: (_n_moves(place, spot), place))

    def _arm(self, spot: Spot, index: int, side: int, scattered: float) -> Arm:
        axis, here = self.axes[index], spot[index]
        if not axis.is_swept:
            return Arm(None, None, "fixed")
        beside = axis.neighbour(here, side)
        if beside is None:
            return self._edge(spot, index, side)
        if axis.is_close(here, beside):
            return Arm(beside, None, "near")
        if axis.distance(here, beside) <= scattered or not self._apart(spot, index, beside):
            return Arm(beside, None, "errors")
        halfway = axis.between(here, beside)
        if _moved(spot, index, halfway) in self.tried:
            return Arm(beside, None, "failed")
        return Arm(beside, halfway, "far")

    def _edge(self, spot: Spot, index: int, side: int) -> Arm:
        axis, here = self.axes[index], spot[index]
        beyond, inner = axis.beyond(here, side), axis.neighbour(here, -side)
        if beyond is None:
            return Arm(None, None, "limit")
        if inner is not None and not self._apart(spot, index, inner):
            return Arm(None, None, "errors")
        if _moved(spot, index, beyond) in self.tried:
            return Arm(None, None, "failed")
        return Arm(beyond, None, "far")

    def _apart(self, spot: Spot, index: int, value: float) -> bool:
        other = self.judged.get(_moved(spot, index, value))
        return other is None or told_apart(
            self.judged[spot], other, self.settings, inadmissible=other.key in self.inadmissible
        )


def spot_of(point: PointSummary) -> Spot:
    """Return the place of a point."""
    return Spot.of(point.final_scale_arcsec, point.final_pixfrac)


def _moved(spot: Spot, index: int, value: float) -> Spot:
    return Spot(value, spot[1]) if index == 0 else Spot(spot[0], value)


def _n_moves(place: Spot, spot: Spot) -> int:
    return sum(one != other for one, other in zip(place, spot, strict=True))
