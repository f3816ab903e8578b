"""Rank admissible points by one quantity and turn the ranking into a verdict.

Every rule that aims at one quantity (a metric or a score) shares these steps:
the best point, the points practically equal to it, one of them by a tie-break,
the runner-up, and a reason for each of the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.choose.margin import Criterion, margin_between
from hstdriz_study.choose.paired import Tolerance, practical_tolerance
from hstdriz_study.choose.points import FWHM, label, preference, value
from hstdriz_study.choose.verdict import Rejected, Verdict
from hstdriz_study.choose.wording import with_error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hstdriz_study.choose.screen import Screening
    from hstdriz_study.contracts import Metric, PointRecord

WIDER = Criterion("FWHM", "wider", unit='"')
SHALLOWER = Criterion("5-sigma depth", "shallower", better="larger", unit=" mag")
NO_SIGMA = 0.0  # only scores within the tolerance are equal
LESS_UNIFORM = Criterion("RMS/median", "less uniform")


@dataclass(frozen=True)
class TieBreak:
    """Which of practically equal points is taken: the one with the smallest key."""

    words: str
    key: Callable[[PointRecord], tuple[float | str, ...]]


SHARPEST = TieBreak("the smallest FWHM", lambda record: (value(record, FWHM), *preference(record)))
SMOOTHEST = TieBreak("the largest pixfrac, then the coarsest scale", preference)


@dataclass(frozen=True)
class Ranking:
    """Points, what each scored, and how a winner is found.

    Attributes
    ----------
    scores : mapping of str to `~hstdriz_study.contracts.Metric`
        What each point scored, by its key; finite.
    criterion : Criterion
    tolerance : float
        Scores this close to the best are practically equal, in the unit of
        the score; or ``n_sigma`` paired sigma, if that is larger.
    n_sigma : float
    tie_break : TieBreak
    """

    scores: Mapping[str, Metric]
    criterion: Criterion
    tolerance: float
    n_sigma: float
    tie_break: TieBreak

    def best(self, records: Sequence[PointRecord]) -> PointRecord:
        """Return the point with the best score; of equal scores, by the tie-break."""
        return min(
            records,
            key=lambda r: (
                self.criterion.lack(self.scores[r.key].value, 0.0),
                self.tie_break.key(r),
            ),
        )

    def lack(self, record: PointRecord, best: PointRecord) -> float:
        """Return by how much a point scores worse than another."""
        return self.criterion.lack(self.scores[record.key].value, self.scores[best.key].value)

    def allowed(self, record: PointRecord, best: PointRecord) -> Tolerance:
        """Return the lack at which a point still equals the best."""
        return practical_tolerance(
            self.scores[record.key], self.scores[best.key], self.tolerance, self.n_sigma
        )

    def equals(self, records: Sequence[PointRecord]) -> list[PointRecord]:
        """Return the points practically equal to the best, the winner first."""
        best = self.best(records)
        equal = [r for r in records if self.lack(r, best) <= self.allowed(r, best).value]
        return sorted(equal, key=self.tie_break.key)


def decide_by(ranking: Ranking, screening: Screening, aim: str) -> Verdict:
    """Choose the winner of a ranking.

    Parameters
    ----------
    ranking : Ranking
        With a score for every admissible point.
    screening : Screening
        With at least one admissible point.
    aim : str
        A sentence: what the rule aims at.
    """
    records = screening.admissible
    equal = ranking.equals(records)
    chosen, best = equal[0], ranking.best(records)
    others = [record for record in records if record is not chosen]
    second = ranking.equals(others)[0] if others else None
    margin = None
    if second is not None:
        scores = ranking.scores
        margin = margin_between(
            scores[chosen.key], scores[second.key], ranking.criterion, label(second)
        )
    return Verdict(
        chosen,
        reasons=(aim, _standing(ranking, chosen, best), _tie(ranking, equal)),
        short_reason=_in_short(ranking, equal, best),
        sharpest=min(records, key=SHARPEST.key),
        rejected=screening.rejected
        | {record.key: _why_not(ranking, record, best, equal) for record in others},
        runner_up=second,
        margin=margin,
    )


def _shown(ranking: Ranking, record: PointRecord) -> str:
    return f"{with_error(ranking.scores[record.key])}{ranking.criterion.unit}"


def _standing(ranking: Ranking, chosen: PointRecord, best: PointRecord) -> str:
    said = f"Its {ranking.criterion.phrase} is {_shown(ranking, chosen)}"
    if chosen is best:
        return f"{said}, the best of all admissible points."
    return (
        f"{said}, practically equal to the best ({label(best)}: {_shown(ranking, best)}), within "
        f"{_allowed(ranking, chosen, best)}."
    )


def _allowed(ranking: Ranking, record: PointRecord, best: PointRecord) -> str:
    tolerance = ranking.allowed(record, best)
    return f"{tolerance.value:.2g}{ranking.criterion.unit} ({tolerance.source})"


def _tie(ranking: Ranking, equal: Sequence[PointRecord]) -> str:
    if len(equal) == 1:
        return "No other admissible point is practically equal to it."
    return f"Of the {len(equal)} practically equal points it has {ranking.tie_break.words}."


def _in_short(ranking: Ranking, equal: Sequence[PointRecord], best: PointRecord) -> str:
    start = f"best {ranking.criterion.phrase}"
    if len(equal) == 1:
        return start
    near = start if equal[0] is best else f"practically the {start}"
    return f"{near}; of {len(equal)} equal points {ranking.tie_break.words}"


def _why_not(
    ranking: Ranking, record: PointRecord, best: PointRecord, equal: Sequence[PointRecord]
) -> Rejected:
    if record in equal:
        return Rejected(
            "practically equal",
            f"practically equal to the chosen point in {ranking.criterion.phrase}, which has "
            f"{ranking.tie_break.words}",
        )
    criterion = ranking.criterion
    return Rejected(
        criterion.worse,
        f"{criterion.phrase} {_shown(ranking, record)}, {ranking.lack(record, best):.2g}"
        f"{criterion.unit} {criterion.worse} than {label(best)}, beyond "
        f"{_allowed(ranking, record, best)}",
    )
