"""From the points of one filter to a choice with its reasons and its alternatives."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hstdriz_study.choose.choice import Alternative, Choice, Limitation, Rejection
from hstdriz_study.choose.common_scale import at_scales, choose_common_scale, scale_family
from hstdriz_study.choose.edges import extension, grid_edges
from hstdriz_study.choose.goals import picks_by_goal
from hstdriz_study.choose.handbook import HandbookPick, nearest_point
from hstdriz_study.choose.limits import Limit, growth_limit, limits
from hstdriz_study.choose.points import FWHM, PointSummary, label, summarise, without_repeats
from hstdriz_study.choose.rule_picks import picks_by_rule
from hstdriz_study.choose.rules import find_rule
from hstdriz_study.choose.stability import phase_stability, resampling_stability
from hstdriz_study.choose.verdict import Rejected
from hstdriz_study.choose.warnings import choice_warnings
from hstdriz_study.choose.wording import with_error
from hstdriz_study.errors import ChoiceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hstdriz_study.choose.verdict import Rule, Verdict
    from hstdriz_study.config import ChooseConfig
    from hstdriz_study.contracts import PointRecord


def choose(
    records: Sequence[PointRecord],
    config: ChooseConfig,
    handbook: HandbookPick,
    scales: Sequence[float] | None = None,
) -> Choice:
    """Choose the settings of one filter.

    Parameters
    ----------
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        All points of one filter, failed ones included. Of points with the
        same key, which have the same numbers, the first is taken.
    config : `~hstdriz_study.config.ChooseConfig`
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
    records = without_repeats(records)
    every = records
    if scales is not None:
        records = at_scales(records, scales)
    rule = find_rule(config.rule)
    verdict = rule(records, config, handbook)
    near = nearest_point(records, handbook)
    choice = Choice(
        filter=name,
        rule=config.rule,
        goal=config.goal,
        chosen=_summary(verdict.chosen),
        cannot_choose=verdict.cannot_choose,
        reasons=verdict.reasons,
        short_reason=verdict.short_reason,
        limited_by=_limitations(rule, records, config, handbook, verdict),
        grid_edges=grid_edges(every, verdict),
        sharpest=_summary(verdict.sharpest),
        fwhm_tolerance_arcsec=verdict.fwhm_tolerance_arcsec,
        depth_tolerance_mag=verdict.depth_tolerance_mag,
        alternatives=tuple(
            _alternative(rule, records, replace(config, max_rms_over_median=limit), handbook)
            for limit in config.rms_over_median_shown
        ),
        handbook=handbook,
        handbook_point=_summary(near),
        handbook_note=_handbook_note(near, verdict),
        rejected=_rejections(every, records, verdict),
        runner_up=_summary(verdict.runner_up),
        margin=verdict.margin,
        by_goal=picks_by_goal(records, config, handbook),
        by_rule=picks_by_rule(records, config, handbook),
    )
    if verdict.chosen is None:
        return choice
    return _examined(choice, verdict.chosen, records, extension(every, verdict.chosen), config)


def _examined(
    choice: Choice,
    chosen: PointRecord,
    records: Sequence[PointRecord],
    beyond: tuple[str, ...],
    config: ChooseConfig,
) -> Choice:
    """Add how firmly a choice stands, and what to know before trusting it."""
    resampling = resampling_stability(records, chosen, config, choice.handbook)
    phases = phase_stability(records, chosen, config, choice.handbook)
    return replace(
        choice,
        resampling=resampling,
        grid_phases=phases,
        extension=beyond,
        warnings=choice_warnings(chosen, config, resampling, phases, beyond),
    )


def choose_all(
    records: Sequence[PointRecord], config: ChooseConfig, handbooks: Mapping[str, HandbookPick]
) -> list[Choice]:
    """Choose for every filter of a study, in the order in which they were swept.

    Raises
    ------
    ChoiceError
        As `choose`, and if a filter has no handbook pick.
    """
    if config.common_scale:
        return _choose_at_common_scale(records, config, handbooks)
    choices = []
    for name, mine in _filters(records):
        if name not in handbooks:
            raise ChoiceError(f"{name}: no handbook pick is given; add its wavelength")
        choices.append(choose(mine, config, handbooks[name]))
    return choices


def _choose_at_common_scale(
    records: Sequence[PointRecord], config: ChooseConfig, handbooks: Mapping[str, HandbookPick]
) -> list[Choice]:
    common = choose_common_scale(records, config, handbooks)
    if common.final_scale_arcsec is None:
        warning = (
            f"No scale common to all filters; this is the filter's own. {common.cannot_choose}"
        )
        own = choose_all(records, replace(config, common_scale=False), handbooks)
        return [replace(choice, warnings=(warning, *choice.warnings)) for choice in own]
    family = scale_family(common.final_scale_arcsec, config)
    choices = []
    for (name, mine), price in zip(_filters(records), common.prices, strict=True):
        choice = choose(mine, config, handbooks[name], family)
        if choice.chosen is None or choice.chosen.key != price.point.key:
            # the filter keeps the point that it takes among all scales
            choice = choose(mine, config, handbooks[name])
        choices.append(replace(choice, common=price))
    return choices


def _filters(records: Sequence[PointRecord]) -> Iterator[tuple[str, list[PointRecord]]]:
    for name in dict.fromkeys(record.filter for record in records):
        yield name, [record for record in records if record.filter == name]


def _rejections(
    every: Sequence[PointRecord], judged: Sequence[PointRecord], verdict: Verdict
) -> tuple[Rejection, ...]:
    seen = {record.key for record in judged}
    aside = Rejected("other scale", "not at the scale common to all filters")
    told = verdict.rejected | {record.key: aside for record in every if record.key not in seen}
    return tuple(
        Rejection(summarise(record), told[record.key].stage, told[record.key].reason)
        for record in every
        if record.key in told
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


def _alternative(
    rule: Rule, records: Sequence[PointRecord], config: ChooseConfig, handbook: HandbookPick
) -> Alternative:
    verdict = rule(records, config, handbook)
    note = verdict.cannot_choose or verdict.short_reason
    return Alternative(config.max_rms_over_median, _summary(verdict.chosen), note)


def _limitations(
    rule: Rule,
    records: Sequence[PointRecord],
    config: ChooseConfig,
    handbook: HandbookPick,
    verdict: Verdict,
) -> tuple[Limitation, ...]:
    """Find the limits that decided: those without which the rule chooses another point."""
    if verdict.chosen is None:
        return ()
    found = []
    every = (*limits(config), growth_limit(config))
    for limit in every:
        other = rule(records, limit.relaxed(config), handbook).chosen
        if other is not None and other is not verdict.chosen:
            found += _decided((limit,), other)
    if found:
        return tuple(found)
    # No single limit decided; two of them may exclude the same points together.
    free = config
    for limit in every:
        free = limit.relaxed(free)
    other = rule(records, free, handbook).chosen
    if other is None or other is verdict.chosen:
        return ()
    broken = verdict.rejected[other.key].limits
    return tuple(_decided([limit for limit in every if limit.key in broken], other))


def _decided(together: Sequence[Limit], other: PointRecord) -> list[Limitation]:
    """Say of limits that the rule would take another point without them."""
    texts = " and ".join(limit.text for limit in together)
    limits, them = ("limit", "it") if len(together) == 1 else ("limits", "them")
    sentence = (
        f"The {limits} {texts} decided, not the data: without {them} the rule would take "
        f'{label(other)} (FWHM {with_error(other.metrics.get(FWHM))}").'
    )
    return [Limitation(one.key, one.bound, summarise(other), sentence) for one in together]


def _handbook_note(near: PointRecord | None, verdict: Verdict) -> str:
    if near is None:
        return "no point was measured"
    if near is verdict.chosen:
        return "the chosen point itself"
    return verdict.rejected[near.key].reason
