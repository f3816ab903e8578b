"""Run the checks that were asked for, print their rows and write them down."""

from __future__ import annotations

import logging
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hstdriz_study import __version__
from hstdriz_study.cache import remove_leftovers
from hstdriz_study.field.drizzling_native import DRIZZLING_NATIVE
from hstdriz_study.field.inspection import CHOOSING_REGIONS
from hstdriz_study.keys import library_versions
from hstdriz_study.prepare.prepare import PREPARING
from hstdriz_study.validate.checks import check_named
from hstdriz_study.validate.context import CheckContext
from hstdriz_study.validate.report import HTML_NAME, Validation, as_text, write_validation
from hstdriz_study.workers import cores

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hstdriz_study.validate.context import SetOptions, SimulatedSet
    from hstdriz_study.validate.options import ValidationOptions
    from hstdriz_study.validate.rows import Row

log = logging.getLogger(__name__)


def validate_tool(
    options: ValidationOptions,
    options_of: Callable[[SimulatedSet], SetOptions],
    directory: Path,
    command: str,
) -> bool:
    """Check the tool; print a table and write it as ECSV, Markdown and HTML.

    Parameters
    ----------
    options : `~hstdriz_study.validate.options.ValidationOptions`
    options_of : callable
        Says how a study, at its defaults, goes about a simulated set.
    directory : `~pathlib.Path`
        Receives the files.
    command : str
        As it was given, for the record.

    Returns
    -------
    bool
        Whether there are rows and all of them pass.

    Raises
    ------
    StudyError
        If a check cannot be carried out.
    """
    directory.mkdir(parents=True, exist_ok=True)
    remove_leftovers(options.cache_dir.expanduser())
    context = CheckContext(options, options_of, options.workers or cores())
    rows = tuple(row for name in options.parts for row in _rows(name, context))
    validation = Validation(rows, command, _made())
    write_validation(validation, directory)
    sys.stdout.write(f"{as_text(validation)}\n\nWritten      {directory / HTML_NAME}\n")
    return bool(rows) and validation.n_failed == 0


def _rows(name: str, context: CheckContext) -> list[Row]:
    started = time.monotonic()
    log.info("checking %s", name)
    rows = check_named(name)(context)
    passed = sum(row.passed for row in rows)
    elapsed_s = time.monotonic() - started
    log.info("%s: %d of %d pass (%.0f s)", name, passed, len(rows), elapsed_s)
    return rows


def _made() -> dict[str, str]:
    made_by = library_versions([PREPARING, DRIZZLING_NATIVE, CHOOSING_REGIONS])
    versions = ", ".join(f"{name} {version}" for name, version in made_by.items())
    return {
        "date": datetime.now(tz=UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "versions": f"hstdriz-study {__version__}, {versions}",
    }
