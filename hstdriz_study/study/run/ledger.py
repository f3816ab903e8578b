"""What earlier runs of a study left: which points are done, and which were tried."""

from __future__ import annotations

import itertools
import logging
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.json_files import read_json
from hstdriz_study.study.run.identity import WITHOUT_RESULT, key_without_result

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hstdriz_study.study.config import StudyConfig
    from hstdriz_study.study.directory.layout import PointDirectory, StudyDirectory

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ledger:
    """The points of a study that have a record, by key.

    Attributes
    ----------
    finished, without_result : dict of str to `~hstdriz_study.study.directory.layout.PointDirectory`
    """

    finished: dict[str, PointDirectory]
    without_result: dict[str, PointDirectory]

    def directory(
        self, study_dir: StudyDirectory, number: int, config: StudyConfig
    ) -> PointDirectory:
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
        names = itertools.chain([f"{number}"], (f"{number}.{n}" for n in itertools.count(1)))
        return next(place for place in map(study_dir.point, names) if place not in taken)


def read_ledger(study_dir: StudyDirectory) -> Ledger:
    """Read which points have a record."""
    finished: dict[str, PointDirectory] = {}
    without_result: dict[str, PointDirectory] = {}
    for point_dir in study_dir.points():
        record = read_json(point_dir.record)
        kept = finished if record["status"] == "FINISHED" else without_result
        kept.setdefault(record["key"], point_dir)
    return Ledger(finished, without_result)


def forget_attempts(study_dir: StudyDirectory, points: Iterable[StudyConfig]) -> None:
    """Remove the records without a result of points that the study no longer has."""
    attempts = read_ledger(study_dir).without_result
    if not attempts:
        return
    known = {key_without_result(point, status) for point in points for status in WITHOUT_RESULT}
    for key, point_dir in attempts.items():
        if key not in known:
            log.info("%s: had no result and is no longer swept; removed", point_dir)
            shutil.rmtree(point_dir.path)
