"""Where to look a metric up: the entries of this package and those that records bring along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.contracts.artificial_metrics import OF_ARTIFICIAL_STARS
from hstdriz_study.contracts.metric_entry import MetricEntry, Place
from hstdriz_study.contracts.metric_table import OF_FIELD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hstdriz_study.contracts.records import PointRecord

ENTRIES = {entry.name: entry for entry in (*OF_FIELD, *OF_ARTIFICIAL_STARS)}
"""The metrics that this package measures, by name, in the order in which they are listed."""


def entries_of(records: Iterable[PointRecord]) -> dict[str, MetricEntry]:
    """Describe every metric that some points have.

    Returns
    -------
    dict of str to `MetricEntry`
        By name: those of this package in its order, then others as they come.
        One that nobody described is called by its name.
    """
    found: dict[str, MetricEntry] = {}
    described: dict[str, MetricEntry] = {}
    for record in records:
        described |= record.entries
        for name, metric in record.metrics.items():
            if name not in found:
                found[name] = MetricEntry(name, label=name, unit=metric.unit)
    known = found | {name: entry for name, entry in ENTRIES.items() if name in found} | described
    first = [name for name in ENTRIES if name in found]
    return {name: known[name] for name in dict.fromkeys([*first, *found])}


def shown(place: Place, entries: Mapping[str, MetricEntry] = ENTRIES) -> list[MetricEntry]:
    """Return the metrics that are shown in a place.

    Parameters
    ----------
    place : `Place`
    entries : mapping of str to `MetricEntry`
        Of the points at hand (see `entries_of`). The metrics of this package are
        shown in their places whether a point has them or not.
    """
    return [entry for entry in (ENTRIES | dict(entries)).values() if place in entry.drawn]
