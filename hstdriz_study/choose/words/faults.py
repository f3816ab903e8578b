"""Limits, and what a point lacks, in sentences."""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING

from hstdriz_study.choose.faults import (
    BeyondLimit,
    Fault,
    NoLimitedMetric,
    NoMetric,
    NoSetting,
    NoTwin,
    TooWide,
)
from hstdriz_study.choose.points import FWHM, label
from hstdriz_study.choose.words.numbers import percent, with_error
from hstdriz_study.contracts import ENTRIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose.limits import Limit
    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.contracts import PointRecord

_UNMEASURED = "was not measured or is not finite"


def phrase(metric: str) -> str:
    """Return how a sentence names a metric."""
    return ENTRIES[metric].in_sentence if metric in ENTRIES else metric


def growth_said(settings: ChoiceSettings) -> str:
    """Say which FWHM a one-sided rule allows."""
    return f"a FWHM at most {percent(settings.max_fwhm_growth or 0.0)} above the sharpest"


def limits_decided(together: Sequence[Limit], other: PointRecord) -> str:
    """Say of limits that the rule would take another point without them."""
    texts = " and ".join(limit.text for limit in together)
    limits, them = ("limit", "it") if len(together) == 1 else ("limits", "them")
    return (
        f"The {limits} {texts} decided, not the data: without {them} the rule would take "
        f'{label(other)} (FWHM {with_error(other.metrics.get(FWHM))}").'
    )


@singledispatch
def fault_said(fault: Fault) -> str:
    """Say what makes a point inadmissible."""
    raise TypeError(f"no words are registered for {type(fault).__name__}")


@fault_said.register(NoSetting)
def _(fault: NoSetting) -> str:
    return f"its record has no value of {fault.key}"


@fault_said.register(NoMetric)
def _(fault: NoMetric) -> str:
    return f"its {phrase(fault.key)} ({fault.key}) {_UNMEASURED}"


@fault_said.register(NoLimitedMetric)
def _(fault: NoLimitedMetric) -> str:
    limit = fault.limit
    return f"the {limit.phrase}{_whose(of_twin=fault.of_twin)} ({limit.metric}) {_UNMEASURED}"


@fault_said.register(NoTwin)
def _(fault: NoTwin) -> str:
    return (
        f"its weights are {fault.wht_type}, and {fault.limit.text} holds for EXP weights: sweep "
        "the same scale and pixfrac with "
        f"drizzle.final_wht_type=EXP,{fault.wht_type} to have it judged"
    )


@fault_said.register(BeyondLimit)
def _(fault: BeyondLimit) -> str:
    limit = fault.limit
    verb = "exceeds" if limit.side == "max" else "is below"
    whose = _whose(of_twin=fault.of_twin)
    return f"{limit.phrase}{whose} {fault.measured:.3g} {verb} the limit {limit.bound:g}"


@fault_said.register(TooWide)
def _(fault: TooWide) -> str:
    return (
        f"its FWHM is {percent(fault.growth)} wider than that of {label(fault.sharpest)}, beyond "
        f"the limit {percent(fault.limit.bound)}"
    )


def _whose(*, of_twin: bool) -> str:
    return " of its EXP twin" if of_twin else ""
