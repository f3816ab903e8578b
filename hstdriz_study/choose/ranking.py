"""Rank admissible points by one quantity and turn the ranking into a verdict.

Every rule that aims at one quantity (a metric or a score) shares these steps:
the best point, the points practically equal to it, one of them by a tie-break,
the runner-up, and what each of the others lacks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hstdriz_study.choose.margin import margin_between
from hstdriz_study.choose.paired import Tolerance, practical_tolerance
from hstdriz_study.choose.points import FWHM, preference, value
from hstdriz_study.choose.verdict import Rejected, Stage, Verdict, Worse
from hstdriz_study.contracts import paired_sigma

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hstdriz_study.choose.margin import Criterion
    from hstdriz_study.choose.paired import PairedSigma
    from hstdriz_study.choose.points import BySettings
    from hstdriz_study.choose.screen import Screening
    from hstdriz_study.contracts import Metric, PointRecord

NO_SIGMA = 0.0  # only scores within the tolerance are equal


@dataclass(frozen=True)
class TieBreak:
    """Which of practically equal points is taken: the one with the smallest key."""

    words: str
    key: Callable[[PointRecord], tuple[float | BySettings, ...]]


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
    sigma : PairedSigma
        The error of the difference of two scores.
    """

    scores: Mapping[str, Metric]
    criterion: Criterion
    tolerance: float
    n_sigma: float
    tie_break: TieBreak
    sigma: PairedSigma = paired_sigma

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
            self.scores[record.key],
            self.scores[best.key],
            self.tolerance,
            self.n_sigma,
            self.sigma,
        )

    def equals(self, records: Sequence[PointRecord]) -> list[PointRecord]:
        """Return the points practically equal to the best, the winner first."""
        best = self.best(records)
        equal = [r for r in records if self.lack(r, best) <= self.allowed(r, best).value]
        return sorted(equal, key=self.tie_break.key)


@dataclass(frozen=True)
class Ranked:
    """What a ranking gave: the best point, and those practically equal to it, the winner first."""

    ranking: Ranking
    best: PointRecord
    equal: tuple[PointRecord, ...]


@dataclass(frozen=True)
class RankedEqual(Rejected):
    """Practically equal to the chosen point, which the tie-break prefers."""

    stage = Stage.EQUAL
    ranked: Ranked


@dataclass(frozen=True)
class Outranked(Worse):
    """It scores worse than the best by more than counts as practically equal."""

    ranked: Ranked
    record: PointRecord


def decide_by(ranking: Ranking, screening: Screening) -> Verdict:
    """Choose the winner of a ranking.

    Parameters
    ----------
    ranking : Ranking
        With a score for every admissible point.
    screening : Screening
        With at least one admissible point.
    """
    records, ranking = screening.admissible, replace(ranking, sigma=screening.sigma)
    ranked = Ranked(ranking, ranking.best(records), tuple(ranking.equals(records)))
    chosen = ranked.equal[0]
    others = [record for record in records if record is not chosen]
    second = ranking.equals(others)[0] if others else None
    return Verdict(
        chosen,
        evidence=ranked,
        sharpest=min(records, key=SHARPEST.key),
        rejected=screening.rejected | {record.key: _why_not(ranked, record) for record in others},
        runner_up=second,
        margin=None
        if second is None
        else margin_between(
            ranking.scores[chosen.key], ranking.scores[second.key], ranking.criterion
        ),
    )


def _why_not(ranked: Ranked, record: PointRecord) -> Rejected:
    if record in ranked.equal:
        return RankedEqual(ranked)
    return Outranked(ranked.ranking.criterion, ranked, record)
