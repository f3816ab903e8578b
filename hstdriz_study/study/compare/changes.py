"""What differs between two studies: choices, metrics at the points both have, settings, versions.

Differences are B minus A. Where both studies measured the same stars and boxes
on the same exposures with the same resamples, the error of a difference is
that of the paired resamples; elsewhere both errors are added in quadrature,
which is too large for measurements that share data, never too small.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hstdriz_study.choose.points import finished, settings_of
from hstdriz_study.contracts import Place, entries_of, paired_sigma, shown
from hstdriz_study.errors import StudyError
from hstdriz_study.study.compare.settings import differing, settings_changes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hstdriz_study.contracts import Metric, MetricEntry, PointRecord
    from hstdriz_study.study.compare.side import Side

PointKey = tuple[float, float, str, str]
SIGNIFICANT = 3.0
# Sums in another order differ by less than this part of a value; it means nothing.
ROUNDING = 1e-9
SAME_ARCSEC, SAME_PIXFRAC = 5, 4  # decimals


@dataclass(frozen=True)
class Difference:
    """A metric in B minus the same in A, with its 1-sigma error (0 or NaN when there is none)."""

    value: float
    sigma: float

    @property
    def n_sigma(self) -> float:
        """By how many sigma it differs from 0; NaN when the error is unknown or 0."""
        return self.value / self.sigma if self.sigma > 0 else math.nan


@dataclass(frozen=True)
class MetricChange:
    """How one metric of one filter changed over the points that both studies have.

    Attributes
    ----------
    filter, metric, unit : str
    n_points : int
        Points at which both measured it.
    mean : float
        Mean difference.
    largest : Difference
        The one of most sigma, or the largest where no error is known.
    at : str
        The point at which that is.
    n_significant : int
        Points that differ by more than 3 sigma.
    n_identical : int
        Points at which the values are equal but for rounding.
    """

    filter: str
    metric: str
    unit: str
    n_points: int
    mean: float
    largest: Difference
    at: str
    n_significant: int
    n_identical: int


@dataclass(frozen=True)
class ChoiceChange:
    """The choices of both studies for one filter.

    ``a`` and ``b`` are the labels of the points, None where nothing was chosen
    or the filter was not swept; ``b_on_a`` is what B says of A's choice;
    ``differences`` are those of the chosen points' metrics.
    """

    filter: str
    a: str | None
    b: str | None
    b_on_a: str
    differences: dict[str, Difference]

    @property
    def same(self) -> bool:
        """Whether both studies chose the same settings."""
        return self.a == self.b


@dataclass(frozen=True)
class Comparison:
    """All that differs between two studies.

    Attributes
    ----------
    a, b : Side
    choices : tuple of ChoiceChange
    metrics : tuple of MetricChange
    pairing : dict of str to str
        By filter: ``paired``, or why the errors are not.
    only_a, only_b : dict of str to int
        Number of points that only one study has, by filter.
    settings, versions : tuple of (name, in A, in B)
    entries : dict of str to `~hstdriz_study.contracts.MetricEntry`
        Of the metrics of both.
    """

    a: Side
    b: Side
    choices: tuple[ChoiceChange, ...]
    metrics: tuple[MetricChange, ...]
    pairing: dict[str, str]
    only_a: dict[str, int]
    only_b: dict[str, int]
    settings: tuple[tuple[str, str, str], ...]
    versions: tuple[tuple[str, str, str], ...]
    entries: dict[str, MetricEntry]

    @property
    def of_choice(self) -> list[MetricEntry]:
        """The metrics of both choices that a reader asks for first."""
        return shown(Place.CHOICE, self.entries)


def compare_studies(a: Side, b: Side) -> Comparison:
    """Compare two studies, filter by filter and point by point.

    Raises
    ------
    StudyError
        If they have no filter in common.
    """
    shared = [name for name in a.filters if name in b.filters]
    if not shared:
        raise StudyError(
            f"{a.source} has the filters {', '.join(a.filters) or 'none'}, {b.source} has "
            f"{', '.join(b.filters) or 'none'}: nothing to compare; name two studies that share one"
        )
    pairing = {name: _pairing(a, b, name) for name in shared}
    points = {name: (_points(a, name), _points(b, name)) for name in shared}
    return Comparison(
        a=a,
        b=b,
        choices=tuple(_choice_change(a, b, name, points[name], pairing[name]) for name in shared),
        metrics=tuple(
            change
            for name in shared
            for change in _metric_changes(name, *points[name], pairing[name])
        ),
        pairing=pairing,
        only_a={name: len(set(pair[0]) - set(pair[1])) for name, pair in points.items()},
        only_b={name: len(set(pair[1]) - set(pair[0])) for name, pair in points.items()},
        settings=settings_changes(a, b, shared),
        versions=differing(a.study.get("versions", {}), b.study.get("versions", {})),
        entries=entries_of((*a.records, *b.records)),
    )


PAIRED = "paired"


def _pairing(a: Side, b: Side, name: str) -> str:
    """Say whether the resamples of both are the same, or what is not."""
    if not a.inputs(name) or a.inputs(name) != b.inputs(name):
        return "other exposures"
    resamples = [_resamples(s, name) for s in (a, b)]
    if resamples[0] != resamples[1]:
        return "other seed or number of resamples"
    if name not in a.regions or a.regions[name] != b.regions.get(name):
        return "other stars or boxes"
    return PAIRED


def _resamples(side: Side, name: str) -> tuple[Any, Any]:
    measure = side.config(name).get("measure", {})
    return measure.get("seed"), measure.get("n_bootstrap")


def difference(a: Metric, b: Metric, *, paired: bool) -> Difference:
    """Return a metric in B minus the same in A."""
    rounding = ROUNDING * max(abs(a.value), abs(b.value))
    value = b.value - a.value
    sigma = paired_sigma(b, a) if paired else math.hypot(a.err, b.err)
    return Difference(0.0 if abs(value) <= rounding else value, 0.0 if sigma <= rounding else sigma)


def _points(side: Side, name: str) -> dict[PointKey, PointRecord]:
    return {_key(r): r for r in finished(side.records) if r.filter == name}


def _key(record: PointRecord) -> PointKey:
    point = settings_of(record)
    return (
        round(point.final_scale_arcsec, SAME_ARCSEC),
        round(point.final_pixfrac, SAME_PIXFRAC),
        point.final_kernel,
        point.final_wht_type,
    )


def _metric_changes(
    name: str, of_a: dict[PointKey, PointRecord], of_b: dict[PointKey, PointRecord], pairing: str
) -> Iterator[MetricChange]:
    both = [(of_a[key], of_b[key]) for key in of_a if key in of_b]
    metrics = dict.fromkeys(metric for a, b in both for metric in a.metrics if metric in b.metrics)
    for metric in metrics:
        found = [
            (difference(a.metrics[metric], b.metrics[metric], paired=pairing == PAIRED), a)
            for a, b in both
            if metric in a.metrics and metric in b.metrics
        ]
        found = [pair for pair in found if math.isfinite(pair[0].value)]
        if not found:
            continue
        differences = [pair[0] for pair in found]
        largest, at = max(found, key=lambda pair: _size(pair[0]))
        yield MetricChange(
            filter=name,
            metric=metric,
            unit=at.metrics[metric].unit,
            n_points=len(found),
            mean=float(np.mean([d.value for d in differences])),
            largest=largest,
            at=settings_of(at).label,
            n_significant=sum(abs(d.n_sigma) > SIGNIFICANT for d in differences),
            n_identical=sum(d.value == 0 for d in differences),
        )


def _size(found: Difference) -> tuple[float, float]:
    """Sort by sigma, then by size; what has no error comes last."""
    return (abs(found.n_sigma) if math.isfinite(found.n_sigma) else -1.0, abs(found.value))


def _choice_change(
    a: Side,
    b: Side,
    name: str,
    points: tuple[dict[PointKey, PointRecord], dict[PointKey, PointRecord]],
    pairing: str,
) -> ChoiceChange:
    chosen_a, chosen_b = (_chosen(side, name) for side in (a, b))
    differences = {}
    if chosen_a is not None and chosen_b is not None:
        differences = {
            metric: difference(
                chosen_a.metrics[metric], chosen_b.metrics[metric], paired=pairing == PAIRED
            )
            for metric in _asked_first(chosen_a, chosen_b)
            if metric in chosen_a.metrics and metric in chosen_b.metrics
        }
    return ChoiceChange(
        filter=name,
        a=None if chosen_a is None else settings_of(chosen_a).label,
        b=None if chosen_b is None else settings_of(chosen_b).label,
        b_on_a=_said_of(b, name, chosen_a, points[1]),
        differences=differences,
    )


def _asked_first(*records: PointRecord) -> list[str]:
    return [entry.name for entry in shown(Place.CHOICE, entries_of(records))]


def _chosen(side: Side, name: str) -> PointRecord | None:
    key = side.choices.get(name, {}).get("key")
    return next((r for r in side.records if r.filter == name and r.key == key), None)


def _said_of(
    side: Side, name: str, chosen: PointRecord | None, points: dict[PointKey, PointRecord]
) -> str:
    """Return what a study says of the point that the other one chose."""
    if chosen is None:
        return ""
    there = points.get(_key(chosen))
    if there is None:
        return "not measured there"
    choice = side.choices.get(name, {})
    if choice.get("key") == there.key:
        return "chosen too"
    for rejected in choice.get("rejected", []):
        if rejected["point"]["key"] == there.key:
            return f"{rejected['stage']}: {rejected['reason']}"
    return "not judged"
