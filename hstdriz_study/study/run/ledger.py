"""What earlier runs of a study left: which points are done, and which were tried."""

from __future__ import annotations

import itertools
import logging
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.json_files import read_json
from hstdriz_study.study.directory.record import RECORD_NAME, point_directories
from hstdriz_study.study.run.identity import WITHOUT_RESULT, key_without_result

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from hstdriz_study.study.config import StudyConfig

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ledger:
    """The points of a study that have a record, by key.

    Attributes
    ----------
    finished, without_result : dict of str to `~pathlib.Path`
        Directory of the record.
    """

    finished: dict[str, Path]
    without_result: dict[str, Path]

    def directory(self, study_dir: Path, number: int, config: StudyConfig) -> Path:
        """Return where a point that is to be run writes its record.

        That is where it was tried before, if it was; else ``points/<number>``,
        but never the place of another point: the sweep numbers its points anew
        each time, so a study that is resumed with another grid finds other
        points under its numbers.
        """
        for status in WITHOUT_RESULT:
            tried = self.without_result.get(key_without_result(config, status))
            if tried is not None:
                return tried
        taken = {*self.finished.values(), *self.without_result.values()}
        own = study_dir / "points" / str(number)
        others = (own.with_name(f"{own.name}.{again}") for again in itertools.count(1))
        return next(place for place in itertools.chain([own], others) if place not in taken)


def read_ledger(study_dir: Path) -> Ledger:
    """Read which points have a record."""
    finished: dict[str, Path] = {}
    without_result: dict[str, Path] = {}
    for directory in point_directories(study_dir):
        record = read_json(directory / RECORD_NAME)
        kept = finished if record["status"] == "FINISHED" else without_result
        kept.setdefault(record["key"], directory)
    return Ledger(finished, without_result)


def forget_attempts(study_dir: Path, points: Iterable[StudyConfig]) -> None:
    """Remove the records without a result of points that the study no longer has."""
    attempts = read_ledger(study_dir).without_result
    if not attempts:
        return
    known = {key_without_result(point, status) for point in points for status in WITHOUT_RESULT}
    for key, directory in attempts.items():
        if key not in known:
            log.info("%s: had no result and is no longer swept; removed", directory)
            shutil.rmtree(directory)
