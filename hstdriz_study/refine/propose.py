"""Which points would make the choice of a filter closer.

The rule's choice on a fine grid is looked for without running the fine grid.
The nearest measured values on both axes, and the diagonals between them, are
the neighbourhood of a point. A round first completes it, one step beyond the
edge of the sweep where the point lies on one; where it is complete, it halves
the distance to each neighbour that is further than the tolerance. This is a
compass search (Kolda, Lewis & Torczon 2003, SIAM Review 45, 385) with
diagonals, because the limits and what is practically equal bound the choice
along both axes at once.

When nothing is missing, the ends of the scales at the neighbouring pixfracs are
measured, so that no better point lies far off at nearly the same pixfrac. When these are there too,
the place between the points that the rule would take by the surfaces over them and the
weights foreseen is measured, if there is one (`~hstdriz_study.refine.between`).

Two points are looked around: the choice, and the sharpest admissible point,
which sets what is practically as sharp, unless the choice cannot be told apart
from it: then it decides nothing, and would only be the luckiest of many.

What is proposed follows from the points that are there and from nothing else,
so that a study that was interrupted goes on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.choose.points import FWHM, settings_of
from hstdriz_study.choose.verdict import Stage
from hstdriz_study.refine.apart import differs, scatter
from hstdriz_study.refine.axes import coordinate, pixfrac_axis, scale_axis
from hstdriz_study.refine.between import place_between
from hstdriz_study.refine.known import AxisKnown, Known
from hstdriz_study.refine.neighbourhood import Arm, Spot, Sweep, spot_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose import Choice, ChoiceSettings
    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.refine.axes import Axis
    from hstdriz_study.refine.between import Foresee
    from hstdriz_study.refine.settings import RefineSettings


@dataclass(frozen=True)
class Proposal:
    """What to measure next.

    Attributes
    ----------
    spots : tuple of Spot
        The most wanted first; empty when nothing would make the choice closer.
    purpose : str
        What they are for, in a few words.
    known : Known
        How closely the choice is known now.
    """

    spots: tuple[Spot, ...]
    purpose: str
    known: Known


def propose(
    records: Sequence[PointRecord],
    choice: Choice,
    tolerances: RefineSettings,
    settings: ChoiceSettings,
    scale_range_arcsec: tuple[float, float],
    *,
    foresee: Foresee | None = None,
) -> Proposal:
    """Propose the points that would make a choice closer.

    Parameters
    ----------
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        The points that differ from the chosen one in scale and pixfrac alone,
        itself among them; also those that failed or were not run.
    choice : `~hstdriz_study.choose.Choice`
        With a chosen point.
    tolerances : RefineSettings
    settings : `~hstdriz_study.choose.ChoiceSettings`
        The rule, which says what tells points apart.
    scale_range_arcsec : tuple of float
        The finest and the coarsest scale that may be added beyond the sweep.
    foresee : callable, optional
        Gives the weights of places that were not run; without it none between is looked for.
    """
    if choice.chosen is None:
        raise ValueError(choice.cannot_choose)
    sweep = sweep_of(records, choice, tolerances, settings, scale_range_arcsec)
    chosen = spot_of(choice.chosen)
    resampled = _resampled(choice)
    arms = sweep.arms(chosen, _half_widths(sweep.axes, resampled))
    wanted = {"around the choice": sweep.wanted(chosen, arms)}
    sharpest = chosen if choice.sharpest is None else spot_of(choice.sharpest)
    if sharpest in sweep.judged and differs(
        sweep.judged[sharpest], sweep.judged[chosen], FWHM, settings.paired_sigma
    ):
        around = sweep.wanted(sharpest, sweep.arms(sharpest))
        wanted["around the sharpest admissible point"] = around
    if not any(wanted.values()):
        wanted = {"at the ends of the neighbouring pixfracs": sweep.far_ends(arms)}
    if foresee is not None and not any(wanted.values()):
        between = place_between(sweep, sweep.judged[chosen], choice, settings, foresee)
        wanted = {"where the points around foretell a better one": [between] if between else []}
    return Proposal(
        spots=tuple(dict.fromkeys(spot for spots in wanted.values() for spot in spots)),
        purpose=" and ".join(name for name, spots in wanted.items() if spots),
        known=Known(
            scale=_known(chosen[0], arms[0], sweep.axes[0], resampled[0]),
            pixfrac=_known(chosen[1], arms[1], sweep.axes[1], resampled[1]),
        ),
    )


def sweep_of(
    records: Sequence[PointRecord],
    choice: Choice,
    tolerances: RefineSettings,
    settings: ChoiceSettings,
    scale_range_arcsec: tuple[float, float],
) -> Sweep:
    """Return the points around a choice and the axes on which they lie; all as in `propose`."""
    tried = {spot_of(settings_of(record)): record for record in records}
    judged = {
        spot: record
        for spot, record in tried.items()
        if record.status != "FAILED" and all(math.isfinite(value) for value in spot)
    }
    axes = (
        scale_axis(
            (spot.final_scale_arcsec for spot in judged),
            tolerances.scale_tolerance,
            *scale_range_arcsec,
        ),
        pixfrac_axis(
            (spot.final_pixfrac for spot in judged),
            tolerances.pixfrac_tolerance,
            tolerances.smallest_pixfrac,
        ),
    )
    broken = {one.point.key for one in choice.rejected if one.kind is Stage.INADMISSIBLE}
    return Sweep(axes, judged, frozenset(tried), frozenset(broken), settings)


Ends = tuple[float, float]


def _resampled(choice: Choice) -> tuple[Ends | None, Ends | None]:
    """Return the central 68 % of what the resamples choose, on both axes."""
    votes = () if choice.resampling is None else choice.resampling.votes
    shares = [vote.fraction for vote in votes]
    scales = [coordinate(vote.point.final_scale_arcsec) for vote in votes]
    pixfracs = [coordinate(vote.point.final_pixfrac) for vote in votes]
    return scatter(scales, shares), scatter(pixfracs, shares)


def _half_widths(
    axes: tuple[Axis, Axis], resampled: tuple[Ends | None, Ends | None]
) -> tuple[float, float]:
    scale, pixfrac = (
        0.0 if ends is None else axis.distance(*ends) / 2
        for axis, ends in zip(axes, resampled, strict=True)
    )
    return scale, pixfrac


def _known(own: float, pair: tuple[Arm, Arm], axis: Axis, ends: Ends | None) -> AxisKnown:
    below, above = pair
    # a value beyond the edge is only wanted yet
    lower, upper = (own if arm.value not in axis.values else arm.value for arm in pair)
    return AxisKnown(own, lower, upper, below.bound, above.bound, ends)
