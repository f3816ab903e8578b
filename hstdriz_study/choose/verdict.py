"""What a rule decides about the points of one filter, as numbers and enumerations.

The sentences are made from it in `hstdriz_study.choose.words`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from hstdriz_study.choose.points import BySettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hstdriz_study.choose.faults import Fault
    from hstdriz_study.choose.limits import Limit
    from hstdriz_study.choose.margin import Criterion, Margin
    from hstdriz_study.choose.paired import Tolerance
    from hstdriz_study.contracts import PointRecord


class Stage(StrEnum):
    """Where a point falls out of a choice."""

    FAILED = "failed"
    NOT_RUN = "not run"
    INADMISSIBLE = "inadmissible"
    NOT_JUDGED = "not judged"
    EQUAL = "practically equal"
    WORSE = "worse"
    DOMINATED = "dominated"
    FURTHER = "further"
    OTHER_SCALE = "other scale"

    @property
    def is_admitted(self) -> bool:
        """Whether the rule could have chosen the point."""
        return self not in (Stage.FAILED, Stage.NOT_RUN, Stage.INADMISSIBLE)


@dataclass(frozen=True)
class Rejected:
    """Why a point was not chosen; a class for each kind of reason, with its numbers."""

    stage: ClassVar[Stage]


@dataclass(frozen=True)
class Failed(Rejected):
    """It has no measurement; ``error`` is what its record says of it."""

    stage = Stage.FAILED
    error: str | None


@dataclass(frozen=True)
class NotRun(Rejected):
    """It was skipped; ``error`` is what its record says of it, ``not run: `` and why."""

    stage = Stage.NOT_RUN
    error: str | None


@dataclass(frozen=True)
class Inadmissible(Rejected):
    """It breaks limits, or lacks values that the rule needs."""

    stage = Stage.INADMISSIBLE
    faults: tuple[Fault, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of the limits it breaks, and what it lacks."""
        return tuple(dict.fromkeys(fault.key for fault in self.faults))


@dataclass(frozen=True)
class NotJudged(Rejected):
    """It is admissible, but the rule cannot choose."""

    stage = Stage.NOT_JUDGED
    refusal: Refusal


@dataclass(frozen=True)
class Worse(Rejected):
    """It is worse in what the rule ranks by, and not practically equal."""

    stage = Stage.WORSE
    criterion: Criterion


@dataclass(frozen=True)
class Dominated(Rejected):
    """Another point is at least as good in all that is traded, and better in one."""

    stage = Stage.DOMINATED
    better: PointRecord


@dataclass(frozen=True)
class AtOtherScale(Rejected):
    """It is not at the scale common to all filters."""

    stage = Stage.OTHER_SCALE


@dataclass(frozen=True)
class Refusal:
    """Why nothing can be chosen; a class for each kind of reason, with its numbers."""


@dataclass(frozen=True)
class NothingMeasured(Refusal):
    """Every point failed or was not run."""


@dataclass(frozen=True)
class MetricLacking(Refusal):
    """No point has a metric that the rule needs; ``warned`` is what the points warn of."""

    metric: str
    warned: tuple[str, ...]


@dataclass(frozen=True)
class NoneAdmissible(Refusal):
    """Every measured point has faults, of which ``limits`` are those that have a bound."""

    limits: tuple[Limit, ...]
    points: tuple[tuple[PointRecord, tuple[Fault, ...]], ...]

    @property
    def excluded(self) -> dict[str, int]:
        """How many points each limit or lacking value excludes, the most first."""
        tally: dict[str, int] = {}
        for _, faults in self.points:
            for key in dict.fromkeys(fault.key for fault in faults):
                tally[key] = tally.get(key, 0) + 1
        return dict(sorted(tally.items(), key=lambda item: (-item[1], item[0])))

    @property
    def nearest_miss(self) -> tuple[PointRecord, tuple[Fault, ...]]:
        """The point that is least beyond, with its faults."""
        return min(
            self.points,
            key=lambda one: (
                max(fault.excess for fault in one[1]),
                len(one[1]),
                BySettings(one[0]),
            ),
        )


@dataclass(frozen=True)
class Verdict:
    """A rule's answer.

    Attributes
    ----------
    chosen : `~hstdriz_study.contracts.PointRecord` or None
    refusal : Refusal or None
        The reason when nothing was chosen.
    evidence : object
        Numbers from which the rule's words say why this point.
    sharpest : `~hstdriz_study.contracts.PointRecord` or None
        The sharpest admissible point.
    fwhm_tolerance_arcsec, depth_tolerance_mag : Tolerance or None
        What counted as practically equal, at the chosen point.
    rejected : mapping of str to Rejected
        Every other point, by its key.
    runner_up : `~hstdriz_study.contracts.PointRecord` or None
        What the rule takes of the admissible points when the chosen one is
        left out.
    margin : Margin or None
        By how much the chosen point beats it.
    """

    chosen: PointRecord | None
    refusal: Refusal | None = None
    evidence: Any = None
    sharpest: PointRecord | None = None
    fwhm_tolerance_arcsec: Tolerance | None = None
    depth_tolerance_mag: Tolerance | None = None
    rejected: Mapping[str, Rejected] = field(default_factory=dict)
    runner_up: PointRecord | None = None
    margin: Margin | None = None

    @property
    def refused(self) -> Refusal:
        """The reason that nothing was chosen.

        Raises
        ------
        ValueError
            If a point was.
        """
        if self.refusal is None:
            raise ValueError("a point was chosen")
        return self.refusal
