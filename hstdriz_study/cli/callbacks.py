"""Where Hydra calls the study: once before the first point."""

from __future__ import annotations

import logging
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hydra.experimental.callback import Callback
from omegaconf import OmegaConf

from hstdriz_study.cli.distinct import distinct_points
from hstdriz_study.cli.exits import DEFECT, exit_code_of, raise_of_the_disk
from hstdriz_study.cli.plan import is_planned, make_plan, read_plan
from hstdriz_study.cli.points import (
    Composed,
    Primary,
    composed,
    composed_point,
    point_config,
    primary_of,
    swept_overrides,
)
from hstdriz_study.errors import ConfigError, StudyError
from hstdriz_study.guard import goes_on_with
from hstdriz_study.study.directory.damaged import set_aside_damaged
from hstdriz_study.study.directory.driver import drive
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.track import begin_tracking, shows_all

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from omegaconf import DictConfig

    from hstdriz_study.cli.plan import Plan
    from hstdriz_study.study.config import StudyConfig

log = logging.getLogger(__name__)


def leaving_on_failure(work: Callable[[], None]) -> None:
    """Do the work of a callback; a failure ends the program.

    Hydra turns an exception inside a callback into a warning and goes on, so
    failure leaves as `SystemExit`, which it lets through.

    Raises
    ------
    SystemExit
        After the sentence of a `StudyError`, or the traceback of a defect.
    """
    try:
        try:
            work()
        except OSError as error:
            raise_of_the_disk(error)
    except StudyError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        raise SystemExit(exit_code_of(error)) from None
    except Exception:  # noqa: BLE001 - Hydra would swallow it
        traceback.print_exc()
        raise SystemExit(DEFECT) from None


class StudyCallback(Callback):
    """Start the study: validate every point, prepare the exposures, open the tracking store."""

    started: StudyDirectory | None = None  # the study of this process, for the end of the run

    def on_run_start(self, config: DictConfig, **_: Any) -> None:
        """Start a study of one point."""

        def start(study_dir: StudyDirectory) -> None:
            point = composed(config)
            if point.config.refine.enabled:
                raise ConfigError(
                    "refine.enabled=true: adds points to a sweep; give several values of "
                    "drizzle.final_scale and drizzle.final_pixfrac (KEY=VALUE,VALUE)"
                )
            _start([point], study_dir, config)

        self._start_in("hydra.run.dir", Path(config.hydra.run.dir), start, config)

    def on_multirun_start(self, config: DictConfig, **_: Any) -> None:
        """Start a sweep."""

        def start(study_dir: StudyDirectory) -> None:
            overrides = swept_overrides(config)
            sweeper, primary = config.hydra.sweeper, primary_of(config.hydra)
            plan = _plan(overrides, config, study_dir) if is_planned(sweeper) else None
            points = [
                composed_point(point, primary) for point in (plan.points if plan else overrides)
            ]
            if plan is None and points[0].config.refine.enabled:
                raise ConfigError(
                    "refine.enabled=true: needs hydra/sweeper=study, the default; another sweeper "
                    "launches every point before the first is measured"
                )
            _start(points, study_dir, config)
            if plan is not None:
                plan.write(study_dir)
                if not plan.added:
                    study_dir.refinement.unlink(missing_ok=True)  # of another sweep
            if plan is None or len(plan.jobs) > 1:
                from hstdriz_study.study import open_store

                open_store(study_dir)

        self._start_in("hydra.sweep.dir", Path(config.hydra.sweep.dir), start, config)

    def _start_in(
        self,
        key: str,
        directory: Path,
        start: Callable[[StudyDirectory], None],
        config: DictConfig,
    ) -> None:
        leaving_on_failure(lambda: _require_named(key, directory))
        study_dir = StudyDirectory(directory.absolute())
        leaving_on_failure(lambda: _track(study_dir, config))
        goes_on_with(f"{key}={study_dir}")
        leaving_on_failure(lambda: _resume(study_dir))
        leaving_on_failure(lambda: start(study_dir))
        StudyCallback.started = study_dir


def _track(study_dir: StudyDirectory, config: DictConfig) -> None:
    """Have MLflow imported before all else, meanwhile, unless nothing may be left to be sent."""
    with suppress(StudyError):  # of a study that is damaged, which is told next
        if shows_all(study_dir, "FINISHED"):
            return
    # of a sweep Hydra gives the groups here, not yet the keys, and that of a server has no default
    begin_tracking(OmegaConf.select(config, "track.tracking_uri"))


def _require_named(key: str, directory: Path) -> None:
    if directory == Path():
        raise ConfigError(f"{key}= names no directory; give one of your own, {key}=DIR")


def _resume(study_dir: StudyDirectory) -> None:
    """Take a study that is there in hand, before anything of it is read."""
    if study_dir.description.is_file():
        drive(study_dir)
        set_aside_damaged(study_dir)


def _plan(
    overrides: Sequence[tuple[str, ...]], config: DictConfig, study_dir: StudyDirectory
) -> Plan:
    """Plan a sweep, with what an earlier run of the same sweep has added to it."""
    points_per_job = config.hydra.sweeper.points_per_job
    primary = primary_of(config.hydra)
    overrides = distinct_points(overrides, primary)
    plan = make_plan(overrides, points_per_job)
    if not study_dir.plan.is_file():
        return plan
    earlier = read_plan(study_dir)
    if _measured(earlier.swept, primary) != _measured(plan.swept, primary):
        return plan
    return make_plan(overrides, points_per_job, earlier.added)


def _measured(points: Sequence[tuple[str, ...]], primary: Primary) -> list[tuple[Any, ...]] | None:
    """Return what the numbers of points depend on; None when they cannot be composed any more."""
    try:
        configs = [point_config(point, primary) for point in points]
    except ConfigError:
        return None
    return [(one.filter, one.dataset, one.prepare, one.drizzle, one.measure) for one in configs]


def told_configs(points: Sequence[Composed]) -> list[StudyConfig]:
    """Return the configurations of points; say first, once, what they have to be told."""
    for sentence in dict.fromkeys(one for point in points for one in point.told):
        log.warning("%s", sentence)
    return [point.config for point in points]


def _start(points: Sequence[Composed], study_dir: StudyDirectory, config: DictConfig) -> None:
    # here, because it brings much: a mistyped key is told at once
    from hstdriz_study.study import start_study

    start_study(told_configs(points), study_dir, overrides=list(config.hydra.overrides.task))
