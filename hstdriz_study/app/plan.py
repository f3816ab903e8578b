"""Which points a sweep has and which job runs which, on disk where every job finds it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from hstdriz_study.errors import ConfigError
from hstdriz_study.record import read_json, write_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PLAN_NAME = "plan.json"
# Hydra builds sweepers from packages of this name only; see `hstdriz_study.app.sweeper`.
SWEEPER_TARGET = "hydra_plugins.hstdriz_study.StudySweeper"


@dataclass(frozen=True)
class Plan:
    """The points of a sweep.

    Attributes
    ----------
    points : tuple of tuple of str
        Overrides of each point, in the order of the sweep.
    jobs : tuple of tuple of int
        Numbers of each job's points.
    """

    points: tuple[tuple[str, ...], ...]
    jobs: tuple[tuple[int, ...], ...]

    def write(self, study_dir: Path) -> None:
        """Write the plan into the directory of its study."""
        write_json(study_dir / PLAN_NAME, asdict(self))


def make_plan(points: Sequence[tuple[str, ...]], points_per_job: int | None) -> Plan:
    """Split points into jobs of a number of points each; all in one when it is None.

    Raises
    ------
    ConfigError
        If a job would have no point.
    """
    size = len(points) if points_per_job is None else points_per_job
    if size < 1:
        raise ConfigError(f"hydra.sweeper.points_per_job={points_per_job}: must be 1 or more")
    numbers = range(len(points))
    jobs = tuple(tuple(numbers[first : first + size]) for first in numbers[::size])
    return Plan(tuple(points), jobs)


def read_plan(study_dir: Path) -> Plan:
    """Read the plan of a study."""
    content = read_json(study_dir / PLAN_NAME)
    return Plan(
        points=tuple(tuple(point) for point in content["points"]),
        jobs=tuple(tuple(job) for job in content["jobs"]),
    )


def is_planned(sweeper: Any) -> bool:
    """Tell whether a sweeper (Hydra's node) is ours or another, whose jobs are points."""
    return bool(sweeper["_target_"] == SWEEPER_TARGET)
