"""A verdict in words: why its point, or why none."""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING

from hstdriz_study.choose.curve import MIN_PIXFRACS, NoBreak
from hstdriz_study.choose.points import label
from hstdriz_study.choose.rule import STAR_METRICS
from hstdriz_study.choose.rules import RULES, find_rule
from hstdriz_study.choose.verdict import (
    MetricLacking,
    NoneAdmissible,
    NothingMeasured,
    NotJudged,
    Refusal,
)
from hstdriz_study.choose.words.faults import phrase
from hstdriz_study.choose.words.numbers import joined
from hstdriz_study.choose.words.rejections import faults_said, why_not
from hstdriz_study.choose.words.told import Told

if TYPE_CHECKING:
    from hstdriz_study.choose.rule_of_thumb import HandbookPick
    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.choose.verdict import Verdict
    from hstdriz_study.contracts import PointRecord

N_HINTS = 3


def told(verdict: Verdict, settings: ChoiceSettings, handbook: HandbookPick) -> Told:
    """Say why the rule of some settings took its point, or why it took none."""
    if verdict.refusal is not None:
        short = f"cannot choose: {why_none_in_short(verdict.refusal)}"
        return Told(short, cannot_choose=why_none(verdict.refusal))
    return find_rule(settings.rule).words(verdict, settings, handbook)


def handbook_said(near: PointRecord | None, verdict: Verdict) -> str:
    """Say how the point that is nearest to the handbook's pick stands to the rule's limits."""
    if near is None:
        return "no point was measured"
    if near is verdict.chosen:
        return "the chosen point itself"
    return why_not(verdict.rejected[near.key])


@singledispatch
def why_none(refusal: Refusal) -> str:
    """Say why nothing can be chosen; each kind of reason registers its sentence."""
    raise TypeError(f"no words are registered for {type(refusal).__name__}")


@singledispatch
def why_none_in_short(refusal: Refusal) -> str:
    """Say the same in a few words."""
    raise TypeError(f"no words are registered for {type(refusal).__name__}")


@why_not.register(NotJudged)
def _(rejected: NotJudged) -> str:
    return f"the rule cannot choose: {why_none(rejected.refusal)}"


@why_none.register(NothingMeasured)
def _(_: NothingMeasured) -> str:
    return "No point was measured: every point failed or was not run."


@why_none_in_short.register(NothingMeasured)
def _(_: NothingMeasured) -> str:
    return "no measured point"


@why_none.register(MetricLacking)
def _(refusal: MetricLacking) -> str:
    metric, warned = refusal.metric, " ".join(refusal.warned[:N_HINTS])
    cause = (
        ": too few stars, or the PSF metric is not in measure.metrics. The rules "
        f"{joined([rule.name for rule in RULES.values() if not rule.needs_stars])} need no star"
        if metric in STAR_METRICS
        else ""
    )
    hint = f" The points warned: {warned}" if warned else ""
    return f"The rule needs the {phrase(metric)} ({metric}), and no point has it{cause}.{hint}"


@why_none_in_short.register(MetricLacking)
def _(refusal: MetricLacking) -> str:
    return f"no {phrase(refusal.metric)}"


@why_none.register(NoneAdmissible)
def _(refusal: NoneAdmissible) -> str:
    texts = {limit.key: limit.text for limit in refusal.limits}
    said = ", ".join(
        f"{texts.get(key, f'{key} known')} excludes {number}"
        for key, number in refusal.excluded.items()
    )
    nearest, faults = refusal.nearest_miss
    return (
        f"No admissible point among {len(refusal.points)}: {said}. "
        f"The nearest miss is {label(nearest)}: {faults_said(faults)}."
    )


@why_none_in_short.register(NoneAdmissible)
def _(_: NoneAdmissible) -> str:
    return "no admissible point"


@why_none.register(NoBreak)
def _(_: NoBreak) -> str:
    return (
        "The curve of RMS/median against pixfrac has no break at any scale: it needs at least "
        f"{MIN_PIXFRACS} pixfracs with EXP weights at one scale, a fall, and at most half the "
        "slope after it; sweep more pixfracs, from 0.1 to 1."
    )


@why_none_in_short.register(NoBreak)
def _(_: NoBreak) -> str:
    return "no break in the curve"
