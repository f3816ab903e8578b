"""The sentences of every rule that ranks points by one quantity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.choose.points import label
from hstdriz_study.choose.ranking import Outranked, Ranked, RankedEqual
from hstdriz_study.choose.words.numbers import with_error
from hstdriz_study.choose.words.rejections import why_not
from hstdriz_study.choose.words.told import Told

if TYPE_CHECKING:
    from collections.abc import Callable

    from hstdriz_study.choose.rule_of_thumb import HandbookPick
    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.choose.verdict import Verdict
    from hstdriz_study.contracts import PointRecord

    Aim = Callable[[Ranked, ChoiceSettings], str]
    Words = Callable[[Verdict, ChoiceSettings, HandbookPick], Told]


def told_by(aim: Aim) -> Words:
    """Make the words of a rule that ranks from the sentence that says what it aims at.

    Parameters
    ----------
    aim : callable
        From what the ranking gave, and the settings.
    """

    def told(
        verdict: Verdict,
        settings: ChoiceSettings,
        handbook: HandbookPick,  # noqa: ARG001  every rule's words have the same signature
    ) -> Told:
        ranked: Ranked = verdict.evidence
        return Told(_in_short(ranked), ranking_reasons(ranked, aim(ranked, settings)))

    return told


def ranking_reasons(ranked: Ranked, aim: str) -> tuple[str, ...]:
    """Return why the winner was taken: the aim, where it stands, and the tie-break."""
    return (aim, _standing(ranked), _tie(ranked))


@why_not.register(RankedEqual)
def _equal(rejected: RankedEqual) -> str:
    ranking = rejected.ranked.ranking
    return (
        f"practically equal to the chosen point in {ranking.criterion.phrase}, which has "
        f"{ranking.tie_break.words}"
    )


@why_not.register(Outranked)
def _outranked(rejected: Outranked) -> str:
    ranked, record, criterion = rejected.ranked, rejected.record, rejected.criterion
    return (
        f"{criterion.phrase} {_score(ranked, record)}, "
        f"{ranked.ranking.lack(record, ranked.best):.2g}{criterion.unit} {criterion.worse} than "
        f"{label(ranked.best)}, beyond {_allowed(ranked, record)}"
    )


def _score(ranked: Ranked, record: PointRecord) -> str:
    ranking = ranked.ranking
    return f"{with_error(ranking.scores[record.key])}{ranking.criterion.unit}"


def _allowed(ranked: Ranked, record: PointRecord) -> str:
    tolerance = ranked.ranking.allowed(record, ranked.best)
    return f"{tolerance.value:.2g}{ranked.ranking.criterion.unit} ({tolerance.source})"


def _standing(ranked: Ranked) -> str:
    chosen, best = ranked.equal[0], ranked.best
    said = f"Its {ranked.ranking.criterion.phrase} is {_score(ranked, chosen)}"
    if chosen is best:
        return f"{said}, the best of all admissible points."
    return (
        f"{said}, practically equal to the best ({label(best)}: {_score(ranked, best)}), within "
        f"{_allowed(ranked, chosen)}."
    )


def _tie(ranked: Ranked) -> str:
    if len(ranked.equal) == 1:
        return "No other admissible point is practically equal to it."
    words = ranked.ranking.tie_break.words
    return f"Of the {len(ranked.equal)} practically equal points it has {words}."


def _in_short(ranked: Ranked) -> str:
    start = f"best {ranked.ranking.criterion.phrase}"
    if len(ranked.equal) == 1:
        return start
    near = start if ranked.equal[0] is ranked.best else f"practically the {start}"
    return f"{near}; of {len(ranked.equal)} equal points {ranked.ranking.tie_break.words}"
