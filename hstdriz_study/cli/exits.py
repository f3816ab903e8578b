"""Exit codes, and the errors that are told by every command in the same words."""

from __future__ import annotations

from pathlib import Path
from typing import NoReturn

from hstdriz_study.errors import LostProcessError, StudyError, refused_file, trouble_of_the_disk

BAD_INPUT = 2
DEFECT = 1
PIPE_CLOSED = 141

EXIT_CODES = {
    "0": "all went well",
    "1": "a point or a product has no result, a row of validate failed, check has warnings,"
    " fetch lacks a calibration file, the store could not be reached, a process was lost (compiled"
    " code crashed, memory ran out), or a defect",
    "2": "the input was wrong: one sentence says what, where and what to do",
    "129": "ended by SIGHUP, the terminal was closed; what was finished is kept",
    "130": "ended by SIGINT, Ctrl-C; likewise",
    "137": "ended by SIGKILL, as the system does when memory runs out; likewise",
    "139": "compiled code crashed (SIGSEGV) outside the processes that do the work; likewise",
    "141": "what read the output went away (| head)",
    "143": "ended by SIGTERM; what was finished is kept",
}


def exit_code_of(error: StudyError) -> int:
    """Return the exit code of an error: what a process was lost with is no fault of the input."""
    return DEFECT if isinstance(error, LostProcessError) else BAD_INPUT


def raise_of_the_disk(error: OSError) -> NoReturn:
    """Say in one sentence what the disk or its permissions refuse; others are raised as they are.

    Raises
    ------
    StudyError
        Naming the way on.
    OSError
        If it is no trouble of the disk.
    """
    if isinstance(error, PermissionError):
        raise StudyError(
            f"{error.filename}: {error.strerror}; change its permissions, or name another place: "
            "prepare.cache_dir=DIR (or HSTDRIZ_STUDY_CACHE) for the cache, dataset.path=DIR for "
            "exposures, hydra.sweep.dir=DIR (hydra.run.dir=DIR of one point) for a study"
        ) from error
    trouble = trouble_of_the_disk(error)
    if trouble is None:
        raise error
    study = _study_of(error)
    raise StudyError(
        f"{trouble}, then start the study again with hydra.sweep.dir={study} (finished points "
        f"are kept), or: hstdriz-study report {study}"
    ) from error


def _study_of(error: OSError) -> str:
    """Return the study that a file belongs to, where the error names one."""
    # here, because it is rarely needed
    from hstdriz_study.study.directory.layout import StudyDirectory

    file = refused_file(error)
    above = Path(file).parents if isinstance(file, str) else ()
    known = (path for path in above if StudyDirectory(path).description.is_file())
    return str(next(known, "STUDY_DIR"))
