"""The files of a directory that are worth a place in the artifact store."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hstdriz_study.guard import left_by_death
from hstdriz_study.whole_files import unfinished

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from hstdriz_study.study.directory.layout import PointDirectory, StudyDirectory

_FIGURES = (".png", ".svg")
_OF_FILTERS = (*_FIGURES, ".ecsv", ".json", ".txt")


def point_artifacts(point_dir: PointDirectory) -> list[Path]:
    """Return the files of a point but its pictures, which are sent one by one, for the grid."""
    others = (*point_dir.path.glob("*.ecsv"), *point_dir.path.glob("*.log"))
    return [*_there(point_dir.record, point_dir.replicates), *others]


def study_artifacts(study_dir: StudyDirectory) -> list[Path]:
    """Return the files of a study besides its points."""
    return [
        *_there(study_dir.description, study_dir.choice, study_dir.plan, study_dir.multirun),
        *_there(study_dir.markdown, study_dir.html, study_dir.table, study_dir.refinement),
        *study_dir.scripts(),
        *study_dir.path.glob("*.log"),
        *_below(study_dir.figures, _FIGURES),
        *_below(study_dir.filters, _OF_FILTERS),
    ]


def _there(*paths: Path) -> Iterator[Path]:
    return (path for path in paths if path.is_file())


def _below(directory: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    return (path for path in directory.rglob("*") if path.suffix in suffixes)


@contextmanager
def staged(directory: Path, paths: Iterable[Path]) -> Iterator[Path]:
    """Collect links to files below a directory in one beside them, to be sent in one call.

    Whoever drives the study next removes what a process that was killed has left of it.

    Parameters
    ----------
    directory : `~pathlib.Path`
    paths : iterable of `~pathlib.Path`
        Below `directory`.

    Yields
    ------
    `~pathlib.Path`
    """
    root = unfinished(directory / "artifacts")
    with left_by_death(root):
        root.mkdir()
        try:
            for path in sorted(paths):
                relative = path.relative_to(directory)
                (root / relative).parent.mkdir(parents=True, exist_ok=True)
                # a link is enough: the store reads the file through it
                (root / relative).symlink_to(path.absolute())
            yield root
        finally:
            shutil.rmtree(root, ignore_errors=True)
