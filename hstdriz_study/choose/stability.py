"""Would the choice change? The rule applied to every resample, and at every grid phase."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hstdriz_study.choose.points import (
    DEPTH,
    FWHM,
    HOLE_FRACTION,
    PIXELS_PER_FWHM,
    RMS_OVER_MEDIAN,
    PointSummary,
    settings_of,
)
from hstdriz_study.choose.rules import find_rule
from hstdriz_study.choose.wording import percent
from hstdriz_study.contracts import ENTRIES, ErrorKind, Metric

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    import numpy as np

    from hstdriz_study.choose.handbook import HandbookPick
    from hstdriz_study.config import ChooseConfig
    from hstdriz_study.contracts import PointRecord

READ_BY_RULES = (FWHM, PIXELS_PER_FWHM, RMS_OVER_MEDIAN, HOLE_FRACTION, DEPTH)


# What is drawn anew in a resample, and which metrics follow from it.
EVERY_FOR_CAUSES = 4
SOURCES = {
    source.value: {entry.name for entry in ENTRIES.values() if entry.error is source}
    for source in (ErrorKind.STARS, ErrorKind.SKY, ErrorKind.WEIGHT_BOXES)
}


@dataclass(frozen=True)
class Vote:
    """A point and the fraction of the tables in which the rule takes it."""

    point: PointSummary
    fraction: float


@dataclass(frozen=True)
class Cause:
    """How often the choice changes when one source alone is resampled."""

    source: str
    changed: float


@dataclass(frozen=True)
class Stability:
    """What the rule takes when the same points are measured otherwise.

    Attributes
    ----------
    n_tables : int
        Number of resamples, or of grid phases.
    n_same : int
        In how many of them the choice is the one made.
    votes : tuple of Vote
        The most frequent first.
    undecided : float
        Fraction of the tables in which the rule cannot choose.
    changed : float
        Fraction in which the choice is another, or none.
    sentence : str
    causes : tuple of Cause
        Which source changes it: the stars, the sky, or the boxes in which the
        weight map was sampled. Told when the choice changes more often than
        ``max_change_probability``.
    """

    n_tables: int
    n_same: int
    votes: tuple[Vote, ...]
    undecided: float
    changed: float
    sentence: str
    causes: tuple[Cause, ...] = ()


def resampling_stability(
    records: Sequence[PointRecord],
    chosen: PointRecord,
    config: ChooseConfig,
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
    tables = _tables(records, config, _replicates)
    every = _vote(tables, chosen, config, handbook, "of {n} resamples")
    if every is None or every.changed <= config.max_change_probability:
        return every
    causes = []
    for source, names in SOURCES.items():
        # a share of causes needs fewer resamples than the probability itself
        tables = _tables(records, config, _replicates, names, EVERY_FOR_CAUSES)
        alone = _vote(tables, chosen, config, handbook, "of {n} resamples")
        if alone is not None:
            causes.append(Cause(source, alone.changed))
    said = ", ".join(f"the {cause.source} in {percent(cause.changed)}" for cause in causes)
    return replace(
        every,
        causes=tuple(causes),
        sentence=f"{every.sentence} Resampled alone, these change it: {said}.",
    )


def phase_stability(
    records: Sequence[PointRecord],
    chosen: PointRecord,
    config: ChooseConfig,
    handbook: HandbookPick,
) -> Stability | None:
    """Apply the rule to the points as measured at each sub-pixel phase of the output grid.

    Returns
    -------
    Stability or None
        None when no metric was measured at several phases.
    """
    tables = _tables(records, config, _phases)
    return _vote(tables, chosen, config, handbook, "of {n} sub-pixel phases of the output grid")


def _replicates(metric: Metric) -> np.ndarray | None:
    return metric.replicates


def _phases(metric: Metric) -> np.ndarray | None:
    return metric.phases


def _tables(
    records: Sequence[PointRecord],
    config: ChooseConfig,
    variants: Callable[[Metric], np.ndarray | None],
    names: Collection[str] | None = None,
    step: int = 1,
) -> Iterator[list[PointRecord]]:
    """Yield the table of points for every step-th variant, with each metric's value in it.

    Where ``names`` are given, all other metrics keep their values.
    """
    read = {*READ_BY_RULES, *config.weights}
    slim = [
        replace(record, metrics={n: m for n, m in record.metrics.items() if n in read})
        for record in records
    ]
    varied = [
        {
            name: found
            for name, metric in record.metrics.items()
            if (names is None or name in names) and (found := variants(metric)) is not None
        }
        for record in slim
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
            for record, of_point in zip(slim, varied, strict=True)
        ]


def _with_value(metric: Metric, value: float) -> Metric:
    return Metric(value, metric.err, metric.unit, metric.replicates)


def _vote(
    tables: Iterator[list[PointRecord]],
    chosen: PointRecord,
    config: ChooseConfig,
    handbook: HandbookPick,
    of_what: str,
) -> Stability | None:
    rule = find_rule(config.rule)
    points = {}
    counts: Counter[str] = Counter()
    n_tables = 0
    for table in tables:
        n_tables += 1
        taken = rule(table, config, handbook).chosen
        if taken is not None:
            counts[taken.key] += 1
            points[taken.key] = settings_of(taken)
    if not n_tables:
        return None
    n_same = counts[chosen.key]
    ranked = sorted(counts, key=lambda key: (-counts[key], key))
    votes = tuple(Vote(points[key], counts[key] / n_tables) for key in ranked)
    return Stability(
        n_tables=n_tables,
        n_same=n_same,
        votes=votes,
        undecided=1.0 - sum(counts.values()) / n_tables,
        changed=1.0 - n_same / n_tables,
        sentence=_sentence(votes, chosen, n_same, of_what.format(n=n_tables)),
    )


def _sentence(votes: Sequence[Vote], chosen: PointRecord, n_same: int, of_what: str) -> str:
    others = [vote for vote in votes if vote.point.key != chosen.key]
    said = f"The choice is the same in {n_same} {of_what}"
    if not others:
        return f"{said}."
    first = others[0]
    return f"{said}; the most frequent other is {first.point.label} ({percent(first.fraction)})."
