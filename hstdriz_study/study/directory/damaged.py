"""Files of a study that were cut off, by a full disk or a power failure: set aside, made anew."""

from __future__ import annotations

import logging
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING

from hstdriz_study.json_files import UnreadableError, read_json
from hstdriz_study.study.directory.layout import damaged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from hstdriz_study.study.directory.layout import StudyDirectory

log = logging.getLogger(__name__)


def set_aside_damaged(study_dir: StudyDirectory) -> None:
    """Rename the files of a study that cannot be read, so that what they held is made anew.

    A point without a record, or without replicates that the record counts on, is run again; one
    that is not known to be sent is sent again, and found in the store if it is there.
    """
    for path, is_sound, anew in _files(study_dir):
        if path.is_file() and not is_sound(path):
            aside = damaged(path)
            path.replace(aside)
            log.warning("warning: %s: cannot be read, kept as %s; %s", path, aside.name, anew)


def _files(study_dir: StudyDirectory) -> Iterator[tuple[Path, Callable[[Path], bool], str]]:
    yield study_dir.description, _is_json, "written anew, and the study is sent to MLflow anew"
    yield study_dir.plan, _is_json, "the sweep is planned anew"
    yield study_dir.refinement, _is_json, "what refining has found is looked for anew"
    for point in study_dir.points():
        again = "its point is run again"
        if point.replicates.is_file() and not _is_archive(point.replicates):
            yield point.record, _never, again
        yield point.replicates, _is_archive, again
        yield point.record, _is_json, again
        yield point.tracked, _is_json, "its point is sent again"


def _is_json(path: Path) -> bool:
    try:
        return isinstance(read_json(path), dict)
    except UnreadableError:
        return False


def _is_archive(path: Path) -> bool:
    with suppress(zipfile.BadZipFile, OSError), zipfile.ZipFile(path) as archive:
        return archive.testzip() is None
    return False


def _never(_: Path) -> bool:
    return False
