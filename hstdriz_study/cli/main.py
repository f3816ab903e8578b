"""The ``hstdriz-study`` command."""

from __future__ import annotations

import atexit
import gc
import logging
import math
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import hydra
from hydra.core.hydra_config import HydraConfig
from hydra.errors import HydraException
from hydra.types import RunMode
from omegaconf.errors import OmegaConfBaseException

from hstdriz_study.cli.arguments import hydra_arguments
from hstdriz_study.cli.callbacks import BAD_INPUT, StudyCallback, raise_without_room
from hstdriz_study.cli.grid import one_sentence, point_config, primary_of, typed
from hstdriz_study.cli.plan import is_planned, read_plan
from hstdriz_study.cli.registered import register
from hstdriz_study.contracts.metric_table import FWHM
from hstdriz_study.errors import StudyError
from hstdriz_study.study.config import conf_directory
from hstdriz_study.study.directory.layout import StudyDirectory

if TYPE_CHECKING:
    from omegaconf import DictConfig

    from hstdriz_study.study.config import StudyConfig

register()


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


COMMANDS = {
    "report": "STUDY_DIR",
    "rules": "STUDY_DIR",
    "products": "STUDY_DIR",
    "what-if": "STUDY_DIR drop:K|add:K|drop:EXPOSURE",
    "send": "STUDY_DIR",
    "compare": "STUDY_A STUDY_B",
}
_GC_THRESHOLD = 100_000
INTERRUPTED = 130  # what shells report


def main() -> None:
    """Run a study, or one of the small commands on the directory of a study."""
    # What is imported stays: looking through it over and over, and at the end, takes a second.
    gc.set_threshold(_GC_THRESHOLD)
    atexit.register(gc.freeze)
    # a log that cannot be written does not bury the sentence that says why
    logging.raiseExceptions = False
    # Hydra then raises instead of printing several lines, and one sentence can be made of it
    os.environ.setdefault("HYDRA_FULL_ERROR", "1")
    try:
        try:
            _run()
        except PermissionError as error:
            raise StudyError(
                f"{error.filename}: {error.strerror}; copy the study to a directory of your own"
            ) from error
        except OSError as error:
            raise_without_room(error)
    except (HydraException, OmegaConfBaseException) as error:
        _fail(one_sentence(error))
    except StudyError as error:
        _fail(str(error))
    except KeyboardInterrupt:
        kept = StudyCallback.started
        hint = f"; to go on, give the same command with hydra.sweep.dir={kept}" if kept else ""
        sys.stderr.write(f"interrupted{hint}\n")
        sys.exit(INTERRUPTED)


def _run() -> None:
    if len(sys.argv) > 1 and sys.argv[1] in COMMANDS:
        sys.exit(_command(sys.argv[1], sys.argv[2:]))
    if sys.argv[1:2] == ["validate"]:
        _validate()
        return
    sys.argv[1:] = hydra_arguments(sys.argv[1:])
    study()
    if StudyCallback.started:
        sys.exit(_finish(StudyCallback.started))


def _command(name: str, arguments: list[str]) -> int:
    wanted = COMMANDS[name].split()
    if len(arguments) != len(wanted) or any(given.startswith("-") for given in arguments):
        raise StudyError(f"usage: hstdriz-study {name} {COMMANDS[name]}")
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    if name == "compare":
        return _compare(*arguments)
    if name == "what-if":
        return _what_if(*arguments)
    work = {"report": _finish, "rules": _rules, "products": _products, "send": _send}[name]
    return work(StudyDirectory(Path(arguments[0]).absolute()))


def _compare(first: str, second: str) -> int:
    from hstdriz_study.study.compare.command import compare_named

    compare_named(first, second, Path.cwd())
    return 0


def _validate() -> None:
    from hstdriz_study.cli.validation import run_validation

    del sys.argv[1]
    run_validation(conf_directory())


def _finish(study_dir: StudyDirectory) -> int:
    from hstdriz_study.study import finish_study

    return finish_study(study_dir)


def _rules(study_dir: StudyDirectory) -> int:
    from hstdriz_study.study import print_rules

    return print_rules(study_dir)


def _products(study_dir: StudyDirectory) -> int:
    from hstdriz_study.study import make_products

    return make_products(study_dir)


def _what_if(study_dir: str, change: str) -> int:
    from hstdriz_study.study import what_if_study

    what_if_study(StudyDirectory(Path(study_dir).absolute()), change)
    return 0


def _send(study_dir: StudyDirectory) -> int:
    from hstdriz_study.study import send_unsent

    return send_unsent(study_dir)


def _fail(sentence: str) -> None:
    sys.stderr.write(f"error: {sentence}\n")
    sys.exit(BAD_INPUT)


if __name__ == "__main__":
    main()
