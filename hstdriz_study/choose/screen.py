"""Which points of a filter a rule may choose from, and why not the others."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.choose.faults import faults_of, too_wide
from hstdriz_study.choose.limits import GROWTH_LIMIT
from hstdriz_study.choose.points import FWHM, finished, preference, value
from hstdriz_study.choose.verdict import (
    Failed,
    Inadmissible,
    MetricLacking,
    NoneAdmissible,
    NothingMeasured,
    NotJudged,
    NotRun,
    Verdict,
)
from hstdriz_study.contracts import paired_sigma

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose.faults import Fault
    from hstdriz_study.choose.limits import Limit
    from hstdriz_study.choose.paired import PairedSigma
    from hstdriz_study.choose.verdict import Refusal, Rejected
    from hstdriz_study.contracts import PointRecord


@dataclass(frozen=True)
class Screening:
    """The points of one filter, sorted into those a rule may choose and the others.

    Attributes
    ----------
    records : tuple of `~hstdriz_study.contracts.PointRecord`
        All of them, failed ones included.
    admissible : tuple of `~hstdriz_study.contracts.PointRecord`
    faults : dict of str to tuple of Fault
        What each measured point that is not admissible lacks, by its key.
    needed : tuple of str
        Metrics the rule cannot do without.
    limits : tuple of Limit
        Those that the rule keeps.
    sigma : PairedSigma
        The error of the difference of two points.
    """

    records: tuple[PointRecord, ...]
    admissible: tuple[PointRecord, ...]
    faults: dict[str, tuple[Fault, ...]]
    needed: tuple[str, ...]
    limits: tuple[Limit, ...]
    sigma: PairedSigma = paired_sigma

    @property
    def rejected(self) -> dict[str, Rejected]:
        """Why each point that is not admissible is not, by its key."""
        return _not_measured(self.records) | {
            key: Inadmissible(faults) for key, faults in self.faults.items()
        }

    @property
    def refusal(self) -> Refusal:
        """Which value or limit left no point, where none is admissible."""
        measured = finished(self.records)
        if not measured:
            return NothingMeasured()
        for metric in self.needed:
            if not any(math.isfinite(value(record, metric)) for record in measured):
                warned = {warning for record in measured for warning in record.warnings}
                return MetricLacking(metric, tuple(sorted(warned)))
        return NoneAdmissible(
            self.limits, tuple((record, self.faults[record.key]) for record in measured)
        )

    def refuse(self, refusal: Refusal) -> Verdict:
        """Return the verdict that nothing can be chosen."""
        left = NotJudged(refusal)
        unjudged = {record.key: left for record in self.admissible}
        return Verdict(None, refusal, rejected=self.rejected | unjudged)


def screen(
    records: Sequence[PointRecord],
    needed: Sequence[str],
    limits: Sequence[Limit],
    sigma: PairedSigma = paired_sigma,
) -> Screening:
    """Sort the points of one filter into admissible ones and others.

    Parameters
    ----------
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        All points of one filter.
    needed : sequence of str
        Metrics the rule cannot do without; a point is admissible when all of
        them are finite.
    limits : sequence of Limit
        Those that apply. The limit on FWHM growth is relative to the sharpest of
        the points that keep the others.
    sigma : PairedSigma, optional
        Gives the error of the difference of two points.
    """
    own = [limit for limit in limits if limit.key != GROWTH_LIMIT]
    faults: dict[str, tuple[Fault, ...]] = {}
    kept = []
    for record in finished(records):
        if found := faults_of(record, records, own, needed):
            faults[record.key] = found
        else:
            kept.append(record)
    for limit in limits:
        if limit.key == GROWTH_LIMIT and FWHM in needed and kept:
            sharpest = min(kept, key=lambda record: (value(record, FWHM), preference(record)))
            faults |= {r.key: found for r in kept if (found := too_wide(r, sharpest, limit))}
    return Screening(
        records=tuple(records),
        admissible=tuple(record for record in kept if record.key not in faults),
        faults=faults,
        needed=tuple(needed),
        limits=tuple(limits),
        sigma=sigma,
    )


def _not_measured(records: Sequence[PointRecord]) -> dict[str, Rejected]:
    """Return the verdict on the points that have no measurement."""
    return {
        record.key: Failed(record.error) if record.status == "FAILED" else NotRun(record.error)
        for record in records
        if record.status != "FINISHED"
    }
