"""Where an answer leans on the edge of the swept grid, and what would extend it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from hstdriz_study.choose.points import FWHM, PointSummary, settings_of, value
from hstdriz_study.choose.surface import surface_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.choose.surface import Surface
    from hstdriz_study.choose.verdict import Verdict
    from hstdriz_study.contracts import PointRecord

MAX_PIXFRAC = 1.0
Swept = tuple[tuple[float, ...], tuple[float, ...]]


class Axis(Enum):
    """What is swept."""

    SCALE = auto()
    PIXFRAC = auto()


class End(Enum):
    """Which end of the swept values a point has; or that there is one value alone."""

    LOW = auto()
    HIGH = auto()
    ONLY = auto()


@dataclass(frozen=True)
class Edge:
    """An edge of the grid on which a point lies.

    Attributes
    ----------
    axis : Axis
    end : End
    value : float
        Arcsec for a scale.
    of_sharpest : bool
        Whether it is the sharpest point that lies there, and not the chosen one.
    """

    axis: Axis
    end: End
    value: float
    of_sharpest: bool = False


@dataclass(frozen=True)
class WiderGrid:
    """A grid beyond the edge on which a choice lies; what was swept comes first on each axis.

    Attributes
    ----------
    filter : str
    scales : tuple of float or str
        As they were asked for, such as ``psf/2``; else arcsec.
    pixfracs : tuple of float
    """

    filter: str
    scales: tuple[float | str, ...]
    pixfracs: tuple[float, ...]


def grid_edges(
    records: Sequence[PointRecord], verdict: Verdict, settings: ChoiceSettings
) -> tuple[Edge, ...]:
    """Return the edges of the grid on which the chosen and the sharpest point lie.

    A pixfrac of 1 is the end of what is possible and no edge. That of the sharpest point counts
    only where the surface of the FWHM, one step beyond, is so much sharper that the chosen
    point would not be practically as sharp any more, by more than its error.

    Returns
    -------
    tuple of Edge
        Empty when nothing was chosen.
    """
    if verdict.chosen is None:
        return ()
    swept, point = _swept(records), settings_of(verdict.chosen)
    found = _of_chosen(swept, point)
    sharpest = verdict.sharpest
    if sharpest is not None and sharpest is not verdict.chosen:
        edges = _of_sharpest(swept, point, settings_of(sharpest))
        surface = surface_of(FWHM, records, sharpest, settings) if edges else None
        found += [
            edge
            for edge in edges
            if surface and _may_move(edge, swept, sharpest, verdict.chosen, surface, settings)
        ]
    return tuple(found)


def _may_move(  # noqa: PLR0917 - one sentence of six nouns
    edge: Edge,
    swept: Swept,
    sharpest: PointRecord,
    chosen: PointRecord,
    surface: Surface,
    settings: ChoiceSettings,
) -> bool:
    """Tell whether a step beyond an edge is sharper than the chosen point by what counts."""
    point, values = settings_of(sharpest), swept[0 if edge.axis is Axis.SCALE else 1]
    beyond = _beyond(values, values[0])
    if not beyond:
        return False
    place = (
        (beyond[0], point.final_pixfrac)
        if edge.axis is Axis.SCALE
        else (point.final_scale_arcsec, beyond[0])
    )
    foretold = surface.at(*place)
    excess = value(chosen, FWHM) - (1.0 + settings.fwhm_tolerance) * foretold.value
    return excess > foretold.err


def wider_grid(
    records: Sequence[PointRecord], chosen: PointRecord, edges: Sequence[Edge] = ()
) -> WiderGrid | None:
    """Return the grid that extends a sweep beyond the edge on which a choice lies.

    It goes beyond the ``edges`` of the sharpest point too, so that it is what they ask for.

    Both axes are given in full, the old values first: points that were measured are
    not run again when the study is resumed in its own directory.

    Returns
    -------
    WiderGrid or None
        None when the choice lies inside the swept range, or an axis has one
        value alone and is no range.
    """
    point = settings_of(chosen)
    scales, pixfracs = _swept(records)
    asked = {edge.axis for edge in edges if edge.of_sharpest}
    finer = _beyond(scales, scales[0]) if Axis.SCALE in asked else []
    smaller = _beyond(pixfracs, pixfracs[0]) if Axis.PIXFRAC in asked else []
    new_scales = [*_beyond(scales, point.final_scale_arcsec), *finer]
    more_scales = list(dict.fromkeys(_significant(new) for new in new_scales))
    larger = [min(new, MAX_PIXFRAC) for new in _beyond(pixfracs, point.final_pixfrac)]
    rounded = dict.fromkeys(_significant(new) for new in (*larger, *smaller))
    more_pixfracs = [new for new in rounded if new not in pixfracs]
    if not (more_scales or more_pixfracs):
        return None
    asked_for = _asked_for(records)
    named = tuple(asked_for.get(scale, scale) for scale in (*scales, *more_scales))
    return WiderGrid(chosen.filter, named, (*pixfracs, *more_pixfracs))


def _asked_for(records: Sequence[PointRecord]) -> dict[float, float | str]:
    """Return how scales were asked for, where that is known."""
    return {
        settings_of(record).final_scale_arcsec: record.final_scale_asked
        for record in records
        if record.final_scale_asked is not None
    }


def _beyond(swept: Sequence[float], chosen: float) -> list[float]:
    """Continue the swept values by two steps, of their own ratio, beyond a chosen end."""
    if len(swept) == 1 or chosen not in (swept[0], swept[-1]):
        return []
    end, inner = (swept[0], swept[1]) if chosen == swept[0] else (swept[-1], swept[-2])
    return [end * (end / inner) ** step for step in (1, 2)]


def _significant(number: float) -> float:
    return float(f"{number:.3g}")


def _of_chosen(swept: Swept, point: PointSummary) -> list[Edge]:
    scales, pixfracs = swept
    found = [
        (Axis.SCALE, scales, _end(scales, point.final_scale_arcsec)),
        (Axis.PIXFRAC, pixfracs, _end(pixfracs, point.final_pixfrac)),
    ]
    return [
        Edge(axis, end, values[0] if end is not End.HIGH else values[-1])
        for axis, values, end in found
        if end is not None
        and not (axis is Axis.PIXFRAC and end is End.HIGH and values[-1] >= MAX_PIXFRAC)
    ]


def _end(values: Sequence[float], value: float) -> End | None:
    if len(values) == 1:
        return End.ONLY
    if value == values[0]:
        return End.LOW
    return End.HIGH if value == values[-1] else None


def _of_sharpest(swept: Swept, chosen: PointSummary, sharpest: PointSummary) -> list[Edge]:
    """Return the low ends on which the sharpest point lies and the chosen one does not."""
    scales, pixfracs = swept
    found = []
    if sharpest.final_scale_arcsec == scales[0] != chosen.final_scale_arcsec:
        found.append(Edge(Axis.SCALE, End.LOW, scales[0], of_sharpest=True))
    if sharpest.final_pixfrac == pixfracs[0] != chosen.final_pixfrac:
        found.append(Edge(Axis.PIXFRAC, End.LOW, pixfracs[0], of_sharpest=True))
    return found


def _swept(records: Sequence[PointRecord]) -> Swept:
    points = [settings_of(record) for record in records]
    scales = {p.final_scale_arcsec for p in points if math.isfinite(p.final_scale_arcsec)}
    pixfracs = {p.final_pixfrac for p in points if math.isfinite(p.final_pixfrac)}
    return tuple(sorted(scales)), tuple(sorted(pixfracs))
