"""``hstdriz-study compare A B``: read both, compare, print, write ``compare.md``."""

from __future__ import annotations

import sys
from pathlib import Path

from hstdriz_study.errors import StudyError
from hstdriz_study.guard import temporary_directory
from hstdriz_study.names import free_path
from hstdriz_study.study.compare.changes import compare_studies
from hstdriz_study.study.compare.side import Side, read_side
from hstdriz_study.study.compare.words import comparison_markdown, comparison_text
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.whole_files import write_text, written_here

MARKDOWN_NAME = "compare.md"


def compare_named(first: str, second: str, directory: Path) -> Path:
    """Compare two studies and write a page of Markdown into a directory.

    Parameters
    ----------
    first, second : str
        Directory of a study, or ``TRACKING_URI#RUN_ID`` of its parent run.
    directory : `~pathlib.Path`
        Receives ``compare.md``, or ``compare-2.md`` and so on where there is one.

    Returns
    -------
    `~pathlib.Path`
        The file written.

    Raises
    ------
    StudyError
        If one of them is no study, they share no filter, or the file cannot be written.
    """
    comparison = compare_studies(_read(first), _read(second))
    path = free_path(directory / MARKDOWN_NAME)
    with written_here(path):
        write_text(path, comparison_markdown(comparison))
    sys.stdout.write(f"{comparison_text(comparison)}\n\nWritten      {path}\n")
    return path


def _read(name: str) -> Side:
    directory = Path(name)
    if directory.is_dir():
        return read_side(StudyDirectory(directory.absolute()))
    uri, _, run_id = name.rpartition("#")
    if not (uri and run_id):
        raise StudyError(
            f"{name}: no such directory; name the directory of a study, or its parent run as "
            "TRACKING_URI#RUN_ID"
        )
    # here, because it brings MLflow, which costs seconds
    from hstdriz_study.study.track import fetch_study

    with temporary_directory("compare") as fetched:
        study_dir = StudyDirectory(fetched)
        fetch_study(uri, run_id, study_dir)
        return read_side(study_dir, name)
