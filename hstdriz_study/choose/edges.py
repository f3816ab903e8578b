"""Where an answer leans on the edge of the swept grid."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from hstdriz_study.choose.points import settings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose.verdict import Verdict
    from hstdriz_study.contracts import PointRecord

MAX_PIXFRAC = 1.0


def grid_edges(records: Sequence[PointRecord], verdict: Verdict) -> tuple[str, ...]:
    """Say on which edges of the grid the chosen and the sharpest point lie.

    A pixfrac of 1 is the end of what is possible and no edge.

    Returns
    -------
    tuple of str
        One sentence an edge; empty when nothing was chosen.
    """
    if verdict.chosen is None:
        return ()
    found = _edges(records, verdict.chosen, "The chosen point")
    if verdict.sharpest is not None and verdict.sharpest is not verdict.chosen:
        found += _of_sharpest(records, verdict.chosen, verdict.sharpest)
    return tuple(found)


def extension(records: Sequence[PointRecord], chosen: PointRecord) -> tuple[str, ...]:
    """Return the overrides that extend a sweep beyond the edge on which a choice lies.

    The filter and both axes of the grid are given in full, the old values
    first: points that were measured are not run again when the study is
    resumed in its own directory.

    Returns
    -------
    tuple of str
        Empty when the choice lies inside the swept range, or an axis has one
        value alone and is no range.
    """
    point = settings_of(chosen)
    scales, pixfracs = _swept(records)
    more_scales = [_significant(new) for new in _beyond(scales, point.final_scale_arcsec)]
    larger = [min(new, MAX_PIXFRAC) for new in _beyond(pixfracs, point.final_pixfrac)]
    rounded = dict.fromkeys(_significant(new) for new in larger)
    more_pixfracs = [new for new in rounded if new not in pixfracs]
    if not (more_scales or more_pixfracs):
        return ()
    return (
        f"filter={chosen.filter}",
        f"drizzle.final_scale={_values(scales, more_scales)}",
        f"drizzle.final_pixfrac={_values(pixfracs, more_pixfracs)}",
    )


def _beyond(swept: Sequence[float], chosen: float) -> list[float]:
    """Continue the swept values by two steps, of their own ratio, beyond a chosen end."""
    if len(swept) == 1 or chosen not in (swept[0], swept[-1]):
        return []
    end, inner = (swept[0], swept[1]) if chosen == swept[0] else (swept[-1], swept[-2])
    return [end * (end / inner) ** step for step in (1, 2)]


def _significant(number: float) -> float:
    return float(f"{number:.3g}")


def _values(old: Sequence[float], new: Sequence[float]) -> str:
    return ",".join(repr(number) for number in (*old, *new))


def _edges(records: Sequence[PointRecord], record: PointRecord, subject: str) -> list[str]:
    point = settings_of(record)
    scales, pixfracs = _swept(records)
    found = []
    if len(scales) == 1:
        found.append(f'Only one final_scale was swept ({scales[0]:.4g}"): it was not chosen.')
    elif point.final_scale_arcsec == scales[0]:
        found.append(f'{subject} has the finest scale swept ({scales[0]:.4g}"); sweep finer ones.')
    elif point.final_scale_arcsec == scales[-1]:
        found.append(
            f'{subject} has the coarsest scale swept ({scales[-1]:.4g}"); sweep coarser ones.'
        )
    if len(pixfracs) == 1:
        found.append(f"Only one final_pixfrac was swept ({pixfracs[0]:g}): it was not chosen.")
    elif point.final_pixfrac == pixfracs[0]:
        found.append(
            f"{subject} has the smallest pixfrac swept ({pixfracs[0]:g}); sweep smaller ones."
        )
    elif point.final_pixfrac == pixfracs[-1] < MAX_PIXFRAC:
        found.append(
            f"{subject} has the largest pixfrac swept ({pixfracs[-1]:g}); sweep larger ones."
        )
    return found


def _of_sharpest(
    records: Sequence[PointRecord], chosen: PointRecord, sharpest: PointRecord
) -> list[str]:
    """Say where the sharpest point lies on an edge on which the chosen one does not."""
    point, taken = settings_of(sharpest), settings_of(chosen)
    scales, pixfracs = _swept(records)
    found = []
    if point.final_scale_arcsec == scales[0] != taken.final_scale_arcsec:
        found.append(
            f'The sharpest admissible point has the finest scale swept ({scales[0]:.4g}"); a '
            "finer one may be sharper and move the choice."
        )
    if point.final_pixfrac == pixfracs[0] != taken.final_pixfrac:
        found.append(
            f"The sharpest admissible point has the smallest pixfrac swept ({pixfracs[0]:g}); a "
            "smaller one may be sharper and move the choice."
        )
    return found


def _swept(records: Sequence[PointRecord]) -> tuple[list[float], list[float]]:
    points = [settings_of(record) for record in records]
    scales = {p.final_scale_arcsec for p in points if math.isfinite(p.final_scale_arcsec)}
    pixfracs = {p.final_pixfrac for p in points if math.isfinite(p.final_pixfrac)}
    return sorted(scales), sorted(pixfracs)
