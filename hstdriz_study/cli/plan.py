"""Which points a sweep has and which job runs which, on disk where every job finds it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from hstdriz_study.cli.points import with_settings
from hstdriz_study.contracts import AddedPoint
from hstdriz_study.errors import ConfigError
from hstdriz_study.json_files import write_json
from hstdriz_study.study.directory.formats import Kind, read_stored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.study.directory.layout import StudyDirectory

# Hydra builds sweepers from packages of this name only; see `hstdriz_study.cli.sweeper`.
SWEEPER_TARGET = "hydra_plugins.hstdriz_study.StudySweeper"


@dataclass(frozen=True)
class Plan:
    """The points of a sweep.

    Attributes
    ----------
    points : tuple of tuple of str
        Overrides of each point, in the order of the sweep; after them those
        that were added.
    jobs : tuple of tuple of int
        Numbers of each job's points.
    added : tuple of `~hstdriz_study.contracts.AddedPoint`
        The points that are not of the sweep itself, in their order.
    """

    points: tuple[tuple[str, ...], ...]
    jobs: tuple[tuple[int, ...], ...]
    added: tuple[AddedPoint, ...] = ()

    @property
    def swept(self) -> tuple[tuple[str, ...], ...]:
        """The points of the sweep itself."""
        return self.points[: len(self.points) - len(self.added)]

    def write(self, study_dir: StudyDirectory) -> None:
        """Write the plan into the directory of its study."""
        write_json(study_dir.plan, asdict(self))


def make_plan(
    swept: Sequence[tuple[str, ...]],
    points_per_job: int | None,
    added: Sequence[AddedPoint] = (),
) -> Plan:
    """Split points into jobs of a number of points each; all in one when it is None.

    Parameters
    ----------
    swept : sequence of tuple of str
        Overrides of each point of the sweep.
    points_per_job : int or None
    added : sequence of `~hstdriz_study.contracts.AddedPoint`
        What an earlier run of the same sweep has added.

    Raises
    ------
    ConfigError
        If a job would have no point.
    """
    points = (*swept, *_overrides(swept, added))
    return Plan(points, _jobs(range(len(points)), points_per_job), tuple(added))


def extended(plan: Plan, added: Sequence[AddedPoint], points_per_job: int | None) -> Plan:
    """Return a plan with more points, in jobs of their own."""
    points = (*plan.points, *_overrides(plan.points, added))
    jobs = _jobs(range(len(plan.points), len(points)), points_per_job)
    return Plan(points, (*plan.jobs, *jobs), (*plan.added, *added))


def read_plan(study_dir: StudyDirectory) -> Plan:
    """Read the plan of a study."""
    content = read_stored(study_dir.plan, Kind.PLAN)
    return Plan(
        points=tuple(tuple(point) for point in content["points"]),
        jobs=tuple(tuple(job) for job in content["jobs"]),
        added=tuple(AddedPoint(**point) for point in content["added"]),
    )


def is_planned(sweeper: Any) -> bool:
    """Tell whether a sweeper (Hydra's node) is ours or another, whose jobs are points."""
    return bool(sweeper["_target_"] == SWEEPER_TARGET)


def _jobs(numbers: Sequence[int], points_per_job: int | None) -> tuple[tuple[int, ...], ...]:
    size = len(numbers) if points_per_job is None else points_per_job
    if size < 1:
        raise ConfigError(f"hydra.sweeper.points_per_job={points_per_job}: must be 1 or more")
    return tuple(tuple(numbers[first : first + size]) for first in range(0, len(numbers), size))


def _overrides(
    points: Sequence[tuple[str, ...]], added: Sequence[AddedPoint]
) -> list[tuple[str, ...]]:
    return [with_settings(points[one.like], one.final_scale, one.final_pixfrac) for one in added]
