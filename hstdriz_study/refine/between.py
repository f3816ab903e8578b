"""A place between the points that the rule would take, by what is known there without running it.

RMS/median and holes of a place are foreseen from exposures and flags, exactly; FWHM and depth
are those of the surfaces over the measured points. The measured points are given the values of the
surfaces too, so that luck at one point does not decide. What the rule takes of all of
them is only a place to be run: the choice stays a measured point.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hstdriz_study.choose.points import (
    COMMON_METRICS,
    DEPTH,
    FWHM,
    HOLE_FRACTION,
    PIXELS_PER_FWHM,
    RMS_OVER_MEDIAN,
    metric_of,
)
from hstdriz_study.choose.rules import find_rule
from hstdriz_study.choose.surface import surface_of
from hstdriz_study.choose.twins import JUDGED_WEIGHTS
from hstdriz_study.choose.words.rejections import stage_said
from hstdriz_study.contracts import Metric
from hstdriz_study.refine.neighbourhood import Spot

if TYPE_CHECKING:
    from hstdriz_study.choose import Choice, ChoiceSettings
    from hstdriz_study.choose.surface import Surface
    from hstdriz_study.choose.verdict import Verdict
    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.refine.axes import Axis
    from hstdriz_study.refine.neighbourhood import Sweep

Foresee = Callable[[Sequence[Spot]], Sequence[tuple[float, float]]]
"""Gives RMS/median and hole fraction of the weight map at places that were not run."""

MAX_FORESEEN = 40
"""Places of one round: a place costs about as much as a point takes to drizzle."""


@dataclass(frozen=True)
class Between:
    """A place between the points, as far as it is known without running it.

    Attributes
    ----------
    spot : Spot
    fwhm : `~hstdriz_study.contracts.Metric`
        Of the surface, with its error.
    depth : `~hstdriz_study.contracts.Metric` or None
        The same; None without a surface of the depth.
    rms_over_median, hole_fraction : float
        Of the weight map, foreseen.
    verdict : str
        Where it falls out of the rule's choice among points and places; empty if it does not.
    is_taken : bool
        Whether the rule would take it, were it measured as foretold.
    """

    spot: Spot
    fwhm: Metric
    depth: Metric | None
    rms_over_median: float
    hole_fraction: float
    verdict: str
    is_taken: bool


def place_between(
    sweep: Sweep, like: PointRecord, choice: Choice, settings: ChoiceSettings, foresee: Foresee
) -> Spot | None:
    """Return the place between the points that the rule would take, if it would take one.

    Parameters
    ----------
    sweep, like, choice, settings, foresee
        As in `places_between`.
    """
    places = places_between(sweep, like, choice, settings, foresee)
    return next((place.spot for place in places if place.is_taken), None)


def places_between(
    sweep: Sweep, like: PointRecord, choice: Choice, settings: ChoiceSettings, foresee: Foresee
) -> tuple[Between, ...]:
    """Foretell the places between the points that are sharp enough to be taken.

    Parameters
    ----------
    sweep : Sweep
        The points that differ from the chosen one in scale and pixfrac alone.
    like : `~hstdriz_study.contracts.PointRecord`
        The chosen one.
    choice : `~hstdriz_study.choose.Choice`
    settings : `~hstdriz_study.choose.ChoiceSettings`
    foresee : callable

    Returns
    -------
    tuple of Between
        Empty also where there is no surface, the weights are not EXP, or the rule reads what
        is not foreseen.
    """
    rule, records = find_rule(settings.rule), list(sweep.judged.values())
    width = surface_of(FWHM, records, like, settings)
    depth = surface_of(DEPTH, records, like, settings)
    known = {*COMMON_METRICS} - (set() if depth else {DEPTH})
    foreseeable = set(rule.reads(settings)) <= known
    if width is None or not foreseeable or like.settings.final_wht_type != JUDGED_WEIGHTS:
        return ()
    places = _sharp_enough(_places(sweep), sweep, width, settings)
    weights = dict(zip(places, foresee(places), strict=True)) if places else {}
    measured = {spot: _weights(record) for spot, record in sweep.judged.items()}
    table = {
        spot: _virtual(spot, like, width, depth, of_weights)
        for spot, of_weights in (measured | weights).items()
    }
    # the surfaces' errors are small beside the tolerances, and of differences
    alone = replace(settings, paired_sigma=0.0)
    verdict = rule(list(table.values()), alone, choice.handbook)
    return tuple(_told(spot, table[spot], verdict) for spot in places)


def _told(spot: Spot, record: PointRecord, verdict: Verdict) -> Between:
    rejected = verdict.rejected.get(record.key)
    return Between(
        spot,
        metric_of(record, FWHM),
        record.metrics.get(DEPTH),
        *_weights(record),
        verdict="" if rejected is None else stage_said(rejected),
        is_taken=record is verdict.chosen,
    )


def _places(sweep: Sweep) -> list[Spot]:
    """Return the places on and half-way between the measured values that have no point near."""
    scales, pixfracs = (_refined(axis) for axis in sweep.axes)
    return [
        spot
        for spot in itertools.starmap(Spot, itertools.product(scales, pixfracs))
        if not any(_is_near(spot, other, sweep) for other in sweep.tried)
    ]


def _refined(axis: Axis) -> list[float]:
    halves = [axis.between(one, other) for one, other in itertools.pairwise(axis.values)]
    return sorted({*axis.values, *halves})


def _is_near(spot: Spot, other: Spot, sweep: Sweep) -> bool:
    pairs = zip(sweep.axes, spot, other, strict=True)
    return all(math.isfinite(b) and axis.is_close(a, b) for axis, a, b in pairs)


def _sharp_enough(
    places: Sequence[Spot], sweep: Sweep, width: Surface, settings: ChoiceSettings
) -> list[Spot]:
    """Leave out places that are wider than the rule may take; thin out the rest, if many."""
    kept = [s for s, record in sweep.judged.items() if record.key not in sweep.inadmissible]
    sharpest = min((width.at(*spot).value for spot in kept), default=math.inf)
    widest = 1.0 + max(settings.fwhm_tolerance, settings.max_fwhm_growth or 0.0)
    found = [spot for spot in places if width.at(*spot).value <= widest * sharpest]
    return found[:: math.ceil(len(found) / MAX_FORESEEN) or 1]


def _weights(record: PointRecord) -> tuple[float, float]:
    return metric_of(record, RMS_OVER_MEDIAN).value, metric_of(record, HOLE_FRACTION).value


def _virtual(
    spot: Spot,
    like: PointRecord,
    width: Surface,
    depth: Surface | None,
    weights: tuple[float, float],
) -> PointRecord:
    fwhm = width.at(*spot)
    metrics = {
        FWHM: fwhm,
        PIXELS_PER_FWHM: Metric(fwhm.value / spot.final_scale_arcsec, 0.0),
        RMS_OVER_MEDIAN: Metric(weights[0], 0.0),
        HOLE_FRACTION: Metric(weights[1], 0.0),
    }
    if depth is not None:
        metrics[DEPTH] = depth.at(*spot)
    at_spot = replace(
        like.settings,
        final_scale_arcsec=spot.final_scale_arcsec,
        final_pixfrac=spot.final_pixfrac,
    )
    return replace(like, key=f"{spot}", settings=at_spot, metrics=metrics)
