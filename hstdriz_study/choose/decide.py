"""From the points of one filter to a choice with its reasons and its alternatives."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hstdriz_study.choose.beaten import price_of_the_beaten
from hstdriz_study.choose.choice import Alternative, Choice, Rejection
from hstdriz_study.choose.common_scale import choose_common_scale
from hstdriz_study.choose.earlier import price_of_the_earlier
from hstdriz_study.choose.edges import grid_edges, wider_grid
from hstdriz_study.choose.limitations import limitations
from hstdriz_study.choose.picks import picks_by_goal, picks_by_rule, taken
from hstdriz_study.choose.points import PointSummary, summarise, without_repeats
from hstdriz_study.choose.regret import Role, regrets
from hstdriz_study.choose.rule_of_thumb import nearest_point
from hstdriz_study.choose.rules import find_rule
from hstdriz_study.choose.runner_up import margin_over, runner_up
from hstdriz_study.choose.scales import at_scales, scale_family
from hstdriz_study.choose.stability import phase_stability, resampling_stability
from hstdriz_study.choose.verdict import AtOtherScale
from hstdriz_study.choose.words.cautions import cautions_of, no_common_scale
from hstdriz_study.choose.words.rejections import stage_said, why_not
from hstdriz_study.choose.words.verdicts import handbook_said, told
from hstdriz_study.errors import ChoiceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hstdriz_study.choose.rule_of_thumb import HandbookPick
    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.choose.verdict import Verdict
    from hstdriz_study.contracts import PointRecord


def choose(
    records: Sequence[PointRecord],
    settings: ChoiceSettings,
    handbook: HandbookPick,
    scales: Sequence[float] | None = None,
) -> Choice:
    """Choose the settings of one filter.

    Parameters
    ----------
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        All points of one filter, failed ones included. Of points with the
        same key, which have the same numbers, the first is taken.
    settings : ChoiceSettings
        Rule, tolerances and limits.
    handbook : HandbookPick
        The rule of thumb's settings for this filter.
    scales : sequence of float, optional
        The scales, in arcsec to five decimals, among which to choose; all of
        them by default.

    Raises
    ------
    ChoiceError
        If there is no record, the records belong to several filters, or the
        rule's name is not known.
    """
    name = _one_filter(records)
    every = without_repeats(records)
    judged = every if scales is None else at_scales(every, scales)
    verdict = find_rule(settings.rule)(judged, settings, handbook)
    said = told(verdict, settings, handbook)
    near = nearest_point(judged, handbook)
    choice = Choice(
        filter=name,
        rule=settings.rule,
        goal=settings.goal,
        chosen=_summary(verdict.chosen),
        cannot_choose=said.cannot_choose,
        reasons=said.reasons,
        short_reason=said.in_short,
        limited_by=limitations(judged, settings, handbook, verdict),
        edges=grid_edges(every, verdict, settings),
        sharpest=_summary(verdict.sharpest),
        fwhm_tolerance_arcsec=verdict.fwhm_tolerance_arcsec,
        depth_tolerance_mag=verdict.depth_tolerance_mag,
        alternatives=tuple(
            Alternative(
                limit, *taken(judged, replace(settings, max_rms_over_median=limit), handbook)
            )
            for limit in settings.rms_over_median_shown
        ),
        handbook=handbook,
        handbook_point=_summary(near),
        handbook_note=handbook_said(near, verdict),
        rejected=_rejections(every, judged, verdict),
        by_goal=picks_by_goal(judged, settings, handbook),
        by_rule=picks_by_rule(judged, settings, handbook),
    )
    if verdict.chosen is None:
        return choice
    choice = replace(
        choice,
        beyond=wider_grid(every, verdict.chosen, choice.edges),
        beaten=price_of_the_beaten(verdict.chosen, every, settings),
        earlier=price_of_the_earlier(verdict.chosen, judged, settings),
    )
    examined = _examined(choice, verdict, judged, settings)
    return replace(examined, regrets=regrets(every, settings, _named(examined)))


def _named(choice: Choice) -> dict[Role, str | None]:
    """Return the keys of the points that a choice names."""
    named = {
        Role.CHOSEN: choice.chosen,
        Role.RUNNER_UP: choice.runner_up,
        Role.BEATS_IT: None if choice.beaten is None else choice.beaten.own,
        Role.HANDBOOK: choice.handbook_point,
        Role.EARLIER: None if choice.earlier is None else choice.earlier.point,
    }
    return {role: None if point is None else point.key for role, point in named.items()}


def _examined(
    choice: Choice, verdict: Verdict, records: Sequence[PointRecord], settings: ChoiceSettings
) -> Choice:
    """Add how firmly a choice stands, and what to know before trusting it."""
    chosen = verdict.taken
    resampling = resampling_stability(records, chosen, settings, choice.handbook)
    second = runner_up(records, chosen, settings, choice.handbook, resampling)
    phases = phase_stability(records, chosen, settings, choice.handbook)
    examined = replace(
        choice,
        runner_up=_summary(second),
        margin=None if second is None else margin_over(verdict, second),
        resampling=resampling,
        grid_phases=phases,
    )
    return replace(examined, cautions=cautions_of(chosen, settings, examined))


def choose_all(
    records: Sequence[PointRecord], settings: ChoiceSettings, handbooks: Mapping[str, HandbookPick]
) -> list[Choice]:
    """Choose for every filter of a study, in the order in which they were swept.

    Raises
    ------
    ChoiceError
        As `choose`, and if a filter has no handbook pick.
    """
    if settings.common_scale:
        return _choose_at_common_scale(records, settings, handbooks)
    choices = []
    for name, mine in _filters(records):
        if name not in handbooks:
            raise ChoiceError(f"{name}: no handbook pick is given; add its wavelength")
        choices.append(choose(mine, settings, handbooks[name]))
    return choices


def _choose_at_common_scale(
    records: Sequence[PointRecord], settings: ChoiceSettings, handbooks: Mapping[str, HandbookPick]
) -> list[Choice]:
    common = choose_common_scale(records, settings, handbooks)
    if common.final_scale_arcsec is None:
        caution = no_common_scale(str(common.cannot_choose))
        own = choose_all(records, replace(settings, common_scale=False), handbooks)
        return [replace(choice, cautions=(caution, *choice.cautions)) for choice in own]
    family = scale_family(common.final_scale_arcsec, integer_ratio=settings.integer_ratio)
    choices = []
    for (name, mine), price in zip(_filters(records), common.prices, strict=True):
        choice = choose(mine, settings, handbooks[name], family)
        if choice.chosen is None or choice.chosen.key != price.point.key:
            # the filter keeps the point that it takes among all scales
            choice = choose(mine, settings, handbooks[name])
        choices.append(replace(choice, common=price))
    return choices


def _filters(records: Sequence[PointRecord]) -> Iterator[tuple[str, list[PointRecord]]]:
    for name in dict.fromkeys(record.filter for record in records):
        yield name, [record for record in records if record.filter == name]


def _rejections(
    every: Sequence[PointRecord], judged: Sequence[PointRecord], verdict: Verdict
) -> tuple[Rejection, ...]:
    seen = {record.key for record in judged}
    aside = {record.key: AtOtherScale() for record in every if record.key not in seen}
    rejected = {**verdict.rejected, **aside}
    return tuple(
        Rejection(summarise(record), why.stage, stage_said(why), why_not(why))
        for record in every
        if (why := rejected.get(record.key)) is not None
    )


def _one_filter(records: Sequence[PointRecord]) -> str:
    names = sorted({record.filter for record in records})
    if not names:
        raise ChoiceError("there is no point to choose from; run at least one")
    if len(names) > 1:
        raise ChoiceError(f"the points belong to several filters ({', '.join(names)}); split them")
    return names[0]


def _summary(record: PointRecord | None) -> PointSummary | None:
    return None if record is None else summarise(record)
