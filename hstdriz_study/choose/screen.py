"""Which points of a filter a rule may choose from, and why not the others."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.choose.limits import (
    GROWTH_LIMIT,
    PHRASES,
    WEIGHT_LIMITS,
    Violation,
    growth_limit,
    limits,
    too_wide,
    violations,
)
from hstdriz_study.choose.points import FWHM, finished, label, preference, value
from hstdriz_study.choose.verdict import Rejected, Verdict, not_measured
from hstdriz_study.contracts import ENTRIES, ErrorKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hstdriz_study.config import ChooseConfig
    from hstdriz_study.contracts import PointRecord

STAR_METRICS = {entry.name for entry in ENTRIES.values() if entry.error is ErrorKind.STARS}
EVERY_LIMIT = (*WEIGHT_LIMITS, "min_pixels_per_fwhm", GROWTH_LIMIT)


@dataclass(frozen=True)
class Screening:
    """The points of one filter, sorted into those a rule may choose and the others.

    Attributes
    ----------
    records : tuple of `~hstdriz_study.contracts.PointRecord`
        All of them, failed ones included.
    admissible : tuple of `~hstdriz_study.contracts.PointRecord`
    faults : dict of str to tuple of Violation
        What each measured point that is not admissible lacks, by its key.
    needed : tuple of str
        Metrics the rule cannot do without.
    config : `~hstdriz_study.config.ChooseConfig`
    """

    records: tuple[PointRecord, ...]
    admissible: tuple[PointRecord, ...]
    faults: dict[str, tuple[Violation, ...]]
    needed: tuple[str, ...]
    config: ChooseConfig

    @property
    def rejected(self) -> dict[str, Rejected]:
        """Why each point that is not admissible is not, by its key."""
        return not_measured(self.records) | {
            key: Rejected(
                "inadmissible",
                "; ".join(fault.sentence for fault in faults),
                tuple(dict.fromkeys(fault.limit for fault in faults)),
            )
            for key, faults in self.faults.items()
        }

    @property
    def refusal(self) -> Verdict:
        """The verdict when no point is admissible: which value or limit left none."""
        if not (measured := finished(self.records)):
            return self.refuse(
                "No point was measured: every point failed or was not run.", "no measured point"
            )
        for metric in self.needed:
            if not any(math.isfinite(value(record, metric)) for record in measured):
                return self.refuse(_lacking(metric, measured), f"no {_phrase(metric)}")
        return self.refuse(self._none_admissible(), "no admissible point")

    def refuse(self, why: str, short: str) -> Verdict:
        """Return the verdict that nothing can be chosen."""
        left = Rejected("not judged", f"the rule cannot choose: {why}")
        return Verdict(
            None,
            why,
            short_reason=f"cannot choose: {short}",
            rejected=self.rejected | {record.key: left for record in self.admissible},
        )

    def _none_admissible(self) -> str:
        texts = {
            limit.key: limit.text for limit in (*limits(self.config), growth_limit(self.config))
        }
        tally: dict[str, int] = {}
        for faults in self.faults.values():
            for name in dict.fromkeys(fault.limit for fault in faults):
                tally[name] = tally.get(name, 0) + 1
        said = ", ".join(
            f"{texts.get(name, name + ' known')} excludes {number}"
            for name, number in sorted(tally.items(), key=lambda item: (-item[1], item[0]))
        )
        return (
            f"No admissible point among {len(self.faults)}: {said}. "
            f"The nearest miss is {self._nearest_miss()}."
        )

    def _nearest_miss(self) -> str:
        key, faults = min(
            self.faults.items(),
            key=lambda item: (max(fault.excess for fault in item[1]), len(item[1]), item[0]),
        )
        (record,) = [record for record in self.records if record.key == key]
        return f"{label(record)}: {'; '.join(fault.sentence for fault in faults)}"


def screen(
    records: Sequence[PointRecord],
    config: ChooseConfig,
    needed: Iterable[str] = (FWHM,),
    keys: Iterable[str] = EVERY_LIMIT,
) -> Screening:
    """Sort the points of one filter into admissible ones and others.

    Parameters
    ----------
    records : sequence of `~hstdriz_study.contracts.PointRecord`
        All points of one filter.
    config : `~hstdriz_study.config.ChooseConfig`
        Limits.
    needed : iterable of str
        Metrics the rule cannot do without; a point is admissible when all of
        them are finite.
    keys : iterable of str
        The limits that apply. The limit on FWHM growth is relative to the
        sharpest of the points that keep the others.
    """
    needed, keys = tuple(needed), frozenset(keys)
    bounds = [limit for limit in limits(config) if limit.key in keys]
    faults: dict[str, tuple[Violation, ...]] = {}
    kept = []
    for record in finished(records):
        if found := violations(record, records, bounds, needed):
            faults[record.key] = found
        else:
            kept.append(record)
    if GROWTH_LIMIT in keys and FWHM in needed and kept:
        sharpest = min(kept, key=lambda record: (value(record, FWHM), preference(record)))
        faults |= {r.key: found for r in kept if (found := too_wide(r, sharpest, config))}
    return Screening(
        records=tuple(records),
        admissible=tuple(record for record in kept if record.key not in faults),
        faults=faults,
        needed=needed,
        config=config,
    )


def _phrase(metric: str) -> str:
    return PHRASES.get(metric, metric)


def _lacking(metric: str, measured: Sequence[PointRecord]) -> str:
    told = sorted({warning for record in measured for warning in record.warnings})
    hint = f" The points warned: {' '.join(told[:3])}" if told else ""
    cause = (
        ": too few stars, or the PSF metric is not in measure.metrics. The rules handbook and "
        "curve_break need no star"
        if metric in STAR_METRICS
        else ""
    )
    return f"The rule needs the {_phrase(metric)} ({metric}), and no point has it{cause}.{hint}"
