"""Hydra's sweeper of a study: one job runs many points, for a job alone costs 0.2 s.

When the points have run and ``refine.enabled`` is true, further ones are launched
around the choice of each filter, until `hstdriz_study.study.next_points` gives none.

The points were expanded, checked and written to the plan before the sweeper is
called (`hstdriz_study.cli.callbacks`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from hydra.core.config_store import ConfigStore
from hydra.plugins.sweeper import Sweeper
from omegaconf import OmegaConf

from hstdriz_study.cli.hydra_parts import launcher_of, register_plugin
from hstdriz_study.cli.plan import SWEEPER_TARGET, Plan, extended, read_plan
from hstdriz_study.cli.points import point_config, primary_of
from hstdriz_study.study.directory.layout import StudyDirectory

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hydra.core.utils import JobReturn
    from hydra.plugins.launcher import Launcher
    from hydra.types import HydraContext, TaskFunction
    from omegaconf import DictConfig


@dataclass
class StudySweeperConf:
    """Keys of ``hydra.sweeper``.

    Attributes
    ----------
    params : dict of str to str
        What is swept, as in Hydra's basic sweeper. Not None, which OmegaConf cannot merge
        anything into.
    points_per_job : int or None
        How many points a job runs; all when it is None.
    """

    _target_: str = SWEEPER_TARGET
    params: dict[str, str] | None = field(default_factory=dict)
    points_per_job: int | None = None


class StudySweeper(Sweeper):
    """Launches one job for each batch of points, whatever the launcher."""

    def __init__(self, params: dict[str, str] | None, points_per_job: int | None) -> None:
        super().__init__()
        self.params = params
        self.points_per_job = points_per_job

    def setup(
        self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig
    ) -> None:
        """Make the launcher; Hydra calls this before `sweep`."""
        self.study_dir = StudyDirectory(Path(config.hydra.sweep.dir))
        self.multirun = config
        self.launcher: Launcher = launcher_of(
            hydra_context=hydra_context, task_function=task_function, config=config
        )

    def sweep(self, arguments: list[str]) -> Sequence[JobReturn]:  # noqa: ARG002 - Hydra's signature
        """Launch the jobs of the plan and raise what one of them raised."""
        OmegaConf.save(self.multirun, self.study_dir.multirun)
        plan = read_plan(self.study_dir)
        returned = self._launch(plan, 0)
        while more := self._refined(plan):
            returned += self._launch(more, len(plan.jobs))
            plan = more
        return returned

    def _launch(self, plan: Plan, first: int) -> list[JobReturn]:
        """Launch the jobs of a plan from a number on."""
        # a job's own configuration is that of its first point
        overrides = [plan.points[job[0]] for job in plan.jobs[first:]]
        returned = list(self.launcher.launch(overrides, initial_job_idx=first))
        for job in returned:
            _ = job.return_value  # raises what the job raised
        return returned

    def _refined(self, plan: Plan) -> Plan | None:
        """Return the plan with the points of the next round; None when there is none."""
        primary = primary_of(self.multirun.hydra)
        points = [point_config(point, primary) for point in plan.points]
        if not points[0].refine.enabled:
            return None
        # here, because the points need it no sooner
        from hstdriz_study.study import next_points

        added = next_points(self.study_dir, points)
        if not added:
            return None
        more = extended(plan, added, self.points_per_job)
        more.write(self.study_dir)
        return more


def register_sweeper() -> None:
    """Make the sweeper known to Hydra as ``hydra/sweeper=study``.

    Hydra looks for sweepers below the top-level package ``hydra_plugins``, by
    name; the name is given to a class that lies here.
    """
    ConfigStore.instance().store(
        group="hydra/sweeper", name="study", node=StudySweeperConf, provider="hstdriz-study"
    )
    register_plugin(StudySweeper, SWEEPER_TARGET)
