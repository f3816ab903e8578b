"""The points of one job: which are done, which process runs which, what becomes of the records."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hstdriz_study.ahead import import_ahead
from hstdriz_study.errors import StudyError
from hstdriz_study.study.config import drizzle_settings
from hstdriz_study.study.directory.record import read_record, write_record
from hstdriz_study.study.directory.stored import read_study
from hstdriz_study.study.run.filter_setup import THE_END, load_field
from hstdriz_study.study.run.hopeless import hopeless_points
from hstdriz_study.study.run.identity import record_without_result
from hstdriz_study.study.run.ledger import read_ledger
from hstdriz_study.study.run.point import PointRunner, StudyPoint
from hstdriz_study.study.run.point_key import point_key
from hstdriz_study.study.run.progress import Progress
from hstdriz_study.study.run.room import n_workers
from hstdriz_study.study.track import PointSender
from hstdriz_study.whole_files import write_text
from hstdriz_study.workers import Death, Groups, Workers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.field import Field
    from hstdriz_study.study.config import StudyConfig
    from hstdriz_study.study.directory.layout import StudyDirectory
    from hstdriz_study.study.run.ledger import Ledger

log = logging.getLogger(__name__)

SKIP_REASON = "not run: an earlier point failed and stop_on_failure=true"


def run_points(
    points: Sequence[tuple[int, StudyConfig]], study_dir: StudyDirectory, *, opens_store: bool
) -> list[PointRecord]:
    """Run points of a study in processes and send what they gave to the tracking store.

    Every point leaves its record; one that is there with the same key is not
    run again.

    Parameters
    ----------
    points : sequence of (int, `~hstdriz_study.study.config.StudyConfig`)
        Number in the sweep, from 0, and configuration.
    study_dir : `~hstdriz_study.study.directory.layout.StudyDirectory`
        Of a study that was started (`~hstdriz_study.study.start_study`).
    opens_store : bool
        Whether this job is the study's only one and opens the tracking store,
        which it does while its points already run.

    Returns
    -------
    list of `~hstdriz_study.contracts.PointRecord`
        In the order of `points`.

    Raises
    ------
    StudyError
        If the study was not started: its points would have no parent.
    """
    if not study_dir.description.is_file():
        raise StudyError(f"{study_dir}: not the directory of a started study; run hstdriz-study")
    study = read_study(study_dir)
    of_filters = {config.filter.name: config for _, config in points}
    fields = {name: _field(study_dir, config) for name, config in of_filters.items()}
    ledger = read_ledger(study_dir)
    records = _earlier_records(points, fields, ledger)
    waiting = [
        StudyPoint(number, config, ledger.directory(study_dir, number, config))
        for number, config in points
        if number not in records
    ]
    progress = Progress(study["n_points"], len(waiting))
    for number, record in records.items():
        progress.show_earlier(number, record)
    for point, reason in hopeless_points(waiting, fields):
        records[point.number] = _skipped(point, reason)
        progress.show(point.number, records[point.number])
    job = _Job(study_dir, PointRunner(fields, study["versions"]), progress, opens_store)
    records |= job.run([point for point in waiting if point.number not in records])
    return [records[number] for number, _ in points]


@dataclass(frozen=True)
class _Job:
    study_dir: StudyDirectory
    runner: PointRunner
    progress: Progress
    opens_store: bool

    def run(self, points: Sequence[StudyPoint]) -> dict[int, PointRecord]:
        records: dict[int, PointRecord] = {}
        if not points:
            return records
        sender = PointSender(self.study_dir, opens_store=self.opens_store)
        groups = Groups(_grouped(points))
        pool: Workers[StudyPoint, PointRecord] = Workers(
            self.runner, self._n_workers(points), crash_log_of=_crash_log
        )
        # the sender's process first: it would hold the pipes of those that are there already
        with sender, pool as workers:
            if self.opens_store:
                import_ahead(THE_END)
            self._skip_if_stopped(groups, records)
            for point, outcome in workers.run(groups):
                record = _lost(point, outcome) if isinstance(outcome, Death) else outcome
                records[point.number] = record
                sender.send(point.directory)
                self.progress.show(point.number, record)
                if record.status == "FAILED" and point.config.stop_on_failure:
                    write_text(self.study_dir.stopped, f"{record.error}\n")
                self._skip_if_stopped(groups, records)
        return records

    def _n_workers(self, points: Sequence[StudyPoint]) -> int:
        fields = {
            name: field
            for name, field in self.runner.fields.items()
            if not isinstance(field, StudyError)
        }
        return n_workers([point.config for point in points], fields)

    def _skip_if_stopped(self, groups: Groups[StudyPoint], records: dict[int, PointRecord]) -> None:
        """Give up what has not begun once this or another job was told to stop."""
        if not self.study_dir.stopped.is_file():
            return
        for point in groups.clear():
            records[point.number] = _skipped(point, SKIP_REASON)
            self.progress.show(point.number, records[point.number])


def _field(study_dir: StudyDirectory, config: StudyConfig) -> Field | StudyError:
    try:
        return load_field(study_dir, config)
    except StudyError as error:
        return error  # its points will fail with this reason


def _earlier_records(
    points: Sequence[tuple[int, StudyConfig]],
    fields: dict[str, Field | StudyError],
    ledger: Ledger,
) -> dict[int, PointRecord]:
    """Return the records of the points that an earlier run has finished."""
    if not ledger.finished:
        return {}
    found = {}
    for number, config in points:
        field = fields[config.filter.name]
        if isinstance(field, StudyError):
            continue
        directory = ledger.finished.get(point_key(config, drizzle_settings(config), field.setup))
        if directory is not None:
            found[number] = read_record(directory)
    return found


def _grouped(points: Sequence[StudyPoint]) -> list[list[StudyPoint]]:
    """Put those together that differ in pixfrac alone: they share the pixels they drizzle."""
    groups: dict[object, list[StudyPoint]] = {}
    for point in points:
        grid = replace(drizzle_settings(point.config), final_pixfrac=None)
        groups.setdefault((point.config.filter.name, grid), []).append(point)
    return list(groups.values())


def _skipped(point: StudyPoint, reason: str) -> PointRecord:
    """Record a point that is not run."""
    record = record_without_result(point.config, "SKIPPED", reason)
    write_record(record, point.directory)
    return record


def _crash_log(point: StudyPoint) -> Path:
    return point.directory.crash_log


def _lost(point: StudyPoint, death: Death) -> PointRecord:
    """Record a point whose process died."""
    way_on = "run the study again"
    if death.of_memory:
        way_on += " with fewer workers (workers=1)"
    elif point.directory.crash_log.is_file():  # not where it ended by an exit code
        way_on = f"{point.directory.crash_log} says where; {way_on}"
    reason = f"the point was lost: {death}; {way_on}"
    log.error("%s", reason)
    record = record_without_result(point.config, "FAILED", reason)
    write_record(record, point.directory)
    return record
