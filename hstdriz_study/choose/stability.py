"""Would the choice change? The rule applied to every resample, and at every grid phase."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from hstdriz_study.choose.paired import RememberedSigma
from hstdriz_study.choose.points import COMMON_METRICS, BySettings, PointSummary, settings_of
from hstdriz_study.choose.rules import find_rule
from hstdriz_study.contracts import ErrorKind, Metric, entries_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import numpy as np

    from hstdriz_study.choose.rule_of_thumb import HandbookPick
    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.choose.verdict import Verdict
    from hstdriz_study.contracts import PointRecord

    Deciding = Callable[[Sequence[PointRecord]], Verdict]

EVERY_FOR_CAUSES = 4
# What is drawn anew in a resample.
RESAMPLED = (ErrorKind.STARS, ErrorKind.SKY, ErrorKind.WEIGHT_BOXES)


class Varied(StrEnum):
    """How the same points are measured otherwise."""

    RESAMPLES = "resamples"
    GRID_PHASES = "sub-pixel phases of the output grid"


@dataclass(frozen=True)
class Vote:
    """A point and the fraction of the tables in which the rule takes it."""

    point: PointSummary
    fraction: float


@dataclass(frozen=True)
class Cause:
    """How often the choice changes when one source alone is resampled."""

    source: ErrorKind
    changed: float


@dataclass(frozen=True)
class Stability:
    """What the rule takes when the same points are measured otherwise.

    Attributes
    ----------
    varied : Varied
    n_tables : int
        Number of resamples, or of grid phases.
    n_same : int
        In how many of them the choice is the one made.
    votes : tuple of Vote
        The most frequent first.
    rival : Vote or None
        The most frequent other choice.
    undecided : float
        Fraction of the tables in which the rule cannot choose.
    changed : float
        Fraction in which the choice is another, or none.
    causes : tuple of Cause
        Which source changes it: the stars, the sky, or the boxes in which the
        weight map was sampled. Told when the choice changes more often than
        ``max_change_probability``.
    """

    varied: Varied
    n_tables: int
    n_same: int
    votes: tuple[Vote, ...]
    rival: Vote | None
    undecided: float
    changed: float
    causes: tuple[Cause, ...] = ()


def resampling_stability(
    records: Sequence[PointRecord],
    chosen: PointRecord,
    settings: ChoiceSettings,
    handbook: HandbookPick,
) -> Stability | None:
    """Apply the rule to every bootstrap resample of the points of one filter.

    Every metric takes its value on the resample, which is the same one at
    every point; errors of differences stay those of the whole sample. A metric
    without replicates keeps its value.

    Returns
    -------
    Stability or None
        None when no metric has replicates.
    """
    slim, rule = slim_records(records, settings), _remembering_rule(settings, handbook)

    def votes_on(source: ErrorKind | None = None, step: int = 1) -> Stability | None:
        tables = _tables(slim, _replicates, source, step)
        return _vote(tables, chosen, rule, Varied.RESAMPLES)

    every = votes_on()
    if every is None or every.changed <= settings.max_change_probability:
        return every
    # a share of causes needs fewer resamples than the probability itself
    alone = {source: votes_on(source, EVERY_FOR_CAUSES) for source in RESAMPLED}
    causes = (Cause(source, one.changed) for source, one in alone.items() if one is not None)
    return replace(every, causes=tuple(causes))


def phase_stability(
    records: Sequence[PointRecord],
    chosen: PointRecord,
    settings: ChoiceSettings,
    handbook: HandbookPick,
) -> Stability | None:
    """Apply the rule to the points as measured at each sub-pixel phase of the output grid.

    Returns
    -------
    Stability or None
        None when no metric was measured at several phases.
    """
    tables = _tables(slim_records(records, settings), _phases)
    return _vote(tables, chosen, _remembering_rule(settings, handbook), Varied.GRID_PHASES)


def _remembering_rule(settings: ChoiceSettings, handbook: HandbookPick) -> Deciding:
    """Return the rule as it is applied again and again, to tables that have the same errors."""
    return partial(
        find_rule(settings.rule), settings=settings, handbook=handbook, sigma=RememberedSigma()
    )


def slim_records(records: Sequence[PointRecord], settings: ChoiceSettings) -> list[PointRecord]:
    """Leave the points the metrics that the rule reads, and those every choice is shown with."""
    kept = {*COMMON_METRICS, *find_rule(settings.rule).reads(settings)}
    return [
        replace(record, metrics={name: m for name, m in record.metrics.items() if name in kept})
        for record in records
    ]


def _replicates(metric: Metric) -> np.ndarray | None:
    return metric.replicates


def _phases(metric: Metric) -> np.ndarray | None:
    return metric.phases


def _tables(
    records: Sequence[PointRecord],
    variants: Callable[[Metric], np.ndarray | None],
    source: ErrorKind | None = None,
    step: int = 1,
) -> Iterator[list[PointRecord]]:
    """Yield the table of points for every step-th variant, with each metric's value in it.

    With a ``source``, metrics whose errors have another keep their values.
    """
    entries = entries_of(records)
    varied = [
        {
            name: found
            for name, metric in record.metrics.items()
            if source in (None, entries[name].error) and (found := variants(metric)) is not None
        }
        for record in records
    ]
    lengths = [len(values) for of_point in varied for values in of_point.values()]
    for index in range(0, min(lengths, default=0), step):
        yield [
            replace(
                record,
                metrics=record.metrics
                | {
                    name: _with_value(record.metrics[name], float(values[index]))
                    for name, values in of_point.items()
                },
            )
            for record, of_point in zip(records, varied, strict=True)
        ]


def _with_value(metric: Metric, value: float) -> Metric:
    return Metric(value, metric.err, metric.unit, metric.replicates)


def _vote(
    tables: Iterable[list[PointRecord]],
    chosen: PointRecord,
    rule: Deciding,
    varied: Varied,
) -> Stability | None:
    taken = [rule(table).chosen for table in tables]
    if not taken:
        return None
    points = {record.key: record for record in taken if record is not None}
    counts = Counter(record.key for record in taken if record is not None)
    ranked = sorted(points.values(), key=lambda one: (-counts[one.key], BySettings(one)))
    votes = tuple(Vote(settings_of(one), counts[one.key] / len(taken)) for one in ranked)
    return Stability(
        varied=varied,
        n_tables=len(taken),
        n_same=counts[chosen.key],
        votes=votes,
        rival=next((vote for vote in votes if vote.point.key != chosen.key), None),
        undecided=1.0 - counts.total() / len(taken),
        changed=1.0 - counts[chosen.key] / len(taken),
    )
