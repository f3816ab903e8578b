"""From the script of a product to its end, told step by step."""

from __future__ import annotations

import logging
import subprocess
import sys
from typing import TYPE_CHECKING

from hstdriz_study.prepare.cosmic_rays import N_STEPS, STEP_ENDED
from hstdriz_study.progress import Part

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger(__name__)

_RUNFILE = "astrodrizzle.log"  # as AstroDrizzle names it
_LOOK_EVERY_S = 0.5


def run_script(script: Path, work: Path, log_file: Path) -> int:
    """Run a script in its work directory; return its exit code, or minus the signal that ended it.

    Parameters
    ----------
    script, work : `~pathlib.Path`
    log_file : `~pathlib.Path`
        Receives all that it prints.
    """
    doing = f"running {script.name}, steps"
    with (
        log_file.open("w") as stream,
        subprocess.Popen(
            [sys.executable, str(script), str(work)],
            cwd=work,
            stdout=stream,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            told = -1
            while process.poll() is None:
                if (done := _steps_done(work / _RUNFILE)) != told:
                    log.info(Part(doing, done, N_STEPS))
                    told = done
                _wait(process)
        finally:
            process.kill()  # of an interrupt; one that has ended is not touched
    log.info(Part(doing, N_STEPS, N_STEPS))
    return process.returncode


def _steps_done(runfile: Path) -> int:
    # the last is told when the script has ended: the product is still to be written then
    if not runfile.is_file():
        return 0
    return min(runfile.read_text(errors="replace").count(STEP_ENDED), N_STEPS - 1)


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(_LOOK_EVERY_S)
    except subprocess.TimeoutExpired:
        return
