"""What Hydra runs: the points of one job, and around it the study from start to end."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import hydra
from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode

from hstdriz_study.cli.callbacks import StudyCallback
from hstdriz_study.cli.plan import is_planned, read_plan
from hstdriz_study.cli.points import point_config, primary_of, typed
from hstdriz_study.cli.registered import register
from hstdriz_study.cli.sentences import hydra_in_one_sentence
from hstdriz_study.conf_files import conf_directory
from hstdriz_study.contracts.metric_table import FWHM
from hstdriz_study.study.directory.layout import StudyDirectory

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omegaconf import DictConfig

    from hstdriz_study.study.config import StudyConfig


register()  # here, for a launcher imports this module in processes of its own


def run_study(arguments: Sequence[str]) -> int:
    """Let Hydra run the points, then choose and report.

    Parameters
    ----------
    arguments : sequence of str
        What Hydra is given.

    Returns
    -------
    int
        The exit code; 0 where nothing was run, as with ``--cfg``.

    Raises
    ------
    StudyError
        For what Hydra refuses.
    """
    sys.argv[1:] = arguments
    with hydra_in_one_sentence():
        study()
    return _finish(StudyCallback.started) if StudyCallback.started else 0


@hydra.main(version_base="1.3", config_path=str(conf_directory()), config_name="config")
def study(config: DictConfig) -> float:
    """Run the points of one job; return the FWHM of the last, arcsec, for other sweepers."""
    from hstdriz_study.study import run_points

    context = HydraConfig.get()
    if context.mode == RunMode.RUN:
        study_dir = StudyDirectory(Path(context.runtime.output_dir).absolute())
        records = run_points([(0, typed(config))], study_dir, opens_store=True)
    else:
        study_dir = StudyDirectory(Path(context.sweep.dir).absolute())
        points, alone = _points_of_job(config, study_dir, int(context.job.num))
        records = run_points(points, study_dir, opens_store=alone)
    fwhm = records[-1].metrics.get(FWHM.name)
    return fwhm.value if fwhm else math.nan


def _points_of_job(
    config: DictConfig, study_dir: StudyDirectory, job: int
) -> tuple[list[tuple[int, StudyConfig]], bool]:
    """Return a job's points, and whether it is the only job of its study."""
    if not is_planned(HydraConfig.get().sweeper):
        return [(job, typed(config))], False
    plan, primary = read_plan(study_dir), primary_of(HydraConfig.get())
    points = [(number, point_config(plan.points[number], primary)) for number in plan.jobs[job]]
    return points, len(plan.jobs) == 1


def _finish(study_dir: StudyDirectory) -> int:
    # here, because it brings what the points did not need
    from hstdriz_study.study import finish_study

    return finish_study(study_dir)
