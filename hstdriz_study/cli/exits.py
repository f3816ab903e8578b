"""Exit codes, and the errors that are told by every command in the same words."""

from __future__ import annotations

from typing import NoReturn

from hstdriz_study.errors import StudyError, trouble_of_the_disk

BAD_INPUT = 2
DEFECT = 1
PIPE_CLOSED = 141

EXIT_CODES = {
    "0": "all went well",
    "1": "a point or a product has no result, a row of validate failed, check has warnings, the"
    " store could not be reached, or a defect",
    "2": "the input was wrong: one sentence says what, where and what to do",
    "129": "ended by SIGHUP, the terminal was closed; what was finished is kept",
    "130": "ended by SIGINT, Ctrl-C; likewise",
    "137": "ended by SIGKILL, as the system does when memory runs out; likewise",
    "141": "what read the output went away (| head)",
    "143": "ended by SIGTERM; what was finished is kept",
}


def raise_of_the_disk(error: OSError) -> NoReturn:
    """Say in one sentence what the disk has refused; any other error is raised as it is.

    Raises
    ------
    StudyError
        Naming the way on.
    OSError
        If it is no trouble of the disk.
    """
    trouble = trouble_of_the_disk(error)
    if trouble is None:
        raise error
    raise StudyError(
        f"{trouble}, then start the study again with hydra.sweep.dir=STUDY_DIR (finished points "
        "are kept), or: hstdriz-study report STUDY_DIR"
    ) from error
