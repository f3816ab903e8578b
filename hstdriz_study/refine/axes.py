"""The two axes of a sweep: the values measured on each, and which values may be added."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ROUNDING = 1e-6
MAX_PIXFRAC = 1.0


def coordinate(value: float) -> float:
    """Round a measured value so that the same setting is the same number at every point."""
    return float(f"{value:.6g}")


@dataclass(frozen=True)
class Axis:
    """Values on one axis, and how far apart and how far out they may be.

    Distances are in ``position``, in which a tolerance means the same
    everywhere on the axis.

    Attributes
    ----------
    values : tuple of float
        Distinct and rising.
    tolerance : float
        The distance at which two values are close enough.
    lowest, highest : float
        The range in which values may be added beyond those that are there.
    """

    values: tuple[float, ...]
    tolerance: float
    lowest: float
    highest: float

    def position(self, value: float) -> float:
        """Return where a value lies."""
        return value

    def value(self, position: float) -> float:
        """Return the value at a position, with three significant digits."""
        return float(f"{position:.3g}")

    @property
    def is_swept(self) -> bool:
        """Whether there was anything to choose from."""
        return len(self.values) > 1

    def distance(self, one: float, other: float) -> float:
        """Return how far two values are apart."""
        return abs(self.position(one) - self.position(other))

    def is_close(self, one: float, other: float) -> bool:
        """Tell whether two values are as near as the tolerance asks."""
        return self.distance(one, other) <= self.tolerance + ROUNDING

    def neighbour(self, value: float, side: int) -> float | None:
        """Return the next value below (side -1) or above (side 1); None at an end."""
        index = self.values.index(value) + side
        return self.values[index] if 0 <= index < len(self.values) else None

    def between(self, one: float, other: float) -> float:
        """Return the value half-way between two."""
        return self.value((self.position(one) + self.position(other)) / 2)

    def beyond(self, end: float, side: int) -> float | None:
        """Return the next value beyond an end, one step of the axis out, inside the range.

        None when the axis was not swept, or no value is left that differs from
        the end by more than the tolerance.
        """
        inner = self.neighbour(end, -side)
        if inner is None:
            return None
        step = 2 * self.position(end) - self.position(inner)
        inside = min(max(step, self.position(self.lowest)), self.position(self.highest))
        if side * (inside - self.position(end)) <= self.tolerance / 2:
            return None
        return self.value(inside)


class ScaleAxis(Axis):
    """``final_scale``, arcsec: distances are ratios."""

    def position(self, value: float) -> float:
        """Return the logarithm of a scale."""
        return math.log(value)

    def value(self, position: float) -> float:
        """Return the scale at a position."""
        return super().value(math.exp(position))


def scale_axis(
    values: Iterable[float], tolerance: float, finest: float, coarsest: float
) -> ScaleAxis:
    """Return the axis of scales, whose tolerance is a fraction."""
    return ScaleAxis(_rising(values), math.log1p(tolerance), finest, coarsest)


def pixfrac_axis(values: Iterable[float], tolerance: float, smallest: float) -> Axis:
    """Return the axis of pixfracs."""
    return Axis(_rising(values), tolerance, smallest, MAX_PIXFRAC)


def _rising(values: Iterable[float]) -> tuple[float, ...]:
    return tuple(sorted(set(values)))
