"""Why a point was not chosen, in a sentence, by the kind of reason."""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING

from hstdriz_study.choose.points import label
from hstdriz_study.choose.verdict import (
    AtOtherScale,
    Dominated,
    Failed,
    Inadmissible,
    NotRun,
    Rejected,
    Worse,
)
from hstdriz_study.choose.words.faults import fault_said, phrase
from hstdriz_study.choose.words.numbers import joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose.dominance import Bought
    from hstdriz_study.choose.faults import Fault

UNTOLD = "no reason recorded"


@singledispatch
def why_not(rejected: Rejected) -> str:
    """Say why a point was not chosen; each kind of reason registers its sentence."""
    raise TypeError(f"no words are registered for {type(rejected).__name__}")


@singledispatch
def stage_said(rejected: Rejected) -> str:
    """Say in a word or two where a point fell out."""
    return str(rejected.stage)


@stage_said.register(Worse)
def _(rejected: Worse) -> str:
    return rejected.criterion.worse


@why_not.register(Failed)
def _(rejected: Failed) -> str:
    return f"failed: {rejected.error or UNTOLD}"


@why_not.register(NotRun)
def _(rejected: NotRun) -> str:
    return f"was {rejected.error or f'not run: {UNTOLD}'}"


@why_not.register(Inadmissible)
def _(rejected: Inadmissible) -> str:
    return faults_said(rejected.faults)


@why_not.register(Dominated)
def _(rejected: Dominated) -> str:
    return (
        f"{label(rejected.better)} is not worse in {joined(names_of(rejected.compared))}, and "
        f"better in {joined(names_of(rejected.won))}"
    )


def names_of(bought: Sequence[Bought]) -> list[str]:
    """Return how a sentence names what points are compared in."""
    return [phrase(one) for one in bought]


@why_not.register(AtOtherScale)
def _(_: AtOtherScale) -> str:
    return "not at the scale common to all filters"


def faults_said(faults: tuple[Fault, ...]) -> str:
    """Say everything that makes a point inadmissible."""
    return "; ".join(fault_said(fault) for fault in faults)
