"""The end of a study: choose, write scripts and report, close the tracking, say what happened."""

from __future__ import annotations

import logging
import shlex
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study.cache import remove_leftovers
from hstdriz_study.choose.words.cautions import Kind
from hstdriz_study.choose.words.regret import regret_said, rivals_said
from hstdriz_study.errors import StudyError, TrackingError
from hstdriz_study.refine import how_closely
from hstdriz_study.study.choosing import choices_of
from hstdriz_study.study.config import choice_settings
from hstdriz_study.study.directory.driver import drive
from hstdriz_study.study.directory.ended import read_ended
from hstdriz_study.study.directory.refinement_record import read_refinement
from hstdriz_study.study.directory.stored import read_study
from hstdriz_study.study.products.make import products_of
from hstdriz_study.study.report import extension, rule_table, write_report
from hstdriz_study.study.run.between import write_places_between
from hstdriz_study.study.track import (
    count_unsent,
    end_tracking,
    send_study,
    set_status,
    shows_all,
    with_way_on,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hstdriz_study.choose import Choice
    from hstdriz_study.choose.words.cautions import Caution
    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.study.directory.ended import EndedStudy
    from hstdriz_study.study.directory.layout import StudyDirectory
    from hstdriz_study.study.report import Extension, ReportPaths

log = logging.getLogger(__name__)

OK, SOMETHING_FAILED = 0, 1


def finish_study(study_dir: StudyDirectory) -> int:
    """Choose from the records of a study and write and send the result.

    Can be called again at any time; ``hstdriz-study report STUDY_DIR`` does.

    Returns
    -------
    int
        0, or 1 when a point failed, was never run or could not be tracked.

    Raises
    ------
    StudyError
        If the directory holds no study.
    """
    study = read_ended(study_dir)
    drive(study_dir)
    remove_leftovers(Path(study.config.prepare.cache_dir))
    choices = choices_of(study)
    _, products_failed = products_of(study, choices, study.config.report)
    if study.config.report.between:
        write_places_between(study, choices)
    unforeseen = _foresee(study, choices)
    paths = write_report(
        study_dir,
        choice_settings(study.config.choose),
        study.handbooks,
        records=study.records,
        choices=choices,
    )
    not_finished = _count_not_finished(study.records, study.n_points)
    failed = bool(not_finished or products_failed or unforeseen)
    _print_result(study, paths)  # first: the store may be slow
    untracked = _close_tracking(study_dir, "FAILED" if failed else "FINISHED")
    _print_comparison(study_dir)
    if not_finished:
        log.error(_without_result(not_finished, study))
    if untracked:
        _tell_untracked(study_dir, untracked)
    return SOMETHING_FAILED if failed or untracked else OK


def _foresee(study: EndedStudy, choices: Sequence[Choice]) -> bool:
    """Foresee the changes that are asked for; return whether one could not be."""
    failed = False
    for asked in study.config.report.what_if:
        # here, because most studies ask for none
        from hstdriz_study.study.what_if import write_what_if

        try:
            write_what_if(study, choices, asked)
        except StudyError as error:
            log.error("%s", error)  # noqa: TRY400 - a sentence, not a defect
            failed = True
    return failed


def print_rules(study_dir: StudyDirectory) -> int:
    """Print what each rule takes from the points of a study: ``hstdriz-study rules STUDY_DIR``."""
    study = read_ended(study_dir)
    print(f"{study.data.line}\n\n{rule_table(choices_of(study))}")  # noqa: T201
    return OK


def send_unsent(study_dir: StudyDirectory) -> int:
    """Send what the tracking store does not have yet: ``hstdriz-study send STUDY_DIR``."""
    if study_dir.description.is_file():
        drive(study_dir)
    try:
        sent = send_study(study_dir)
    except TrackingError as error:
        _tell_untracked(study_dir, str(error))
        return SOMETHING_FAILED
    print(f"sent {sent.sent}, already there {sent.already}, failed {sent.failed}")  # noqa: T201
    return SOMETHING_FAILED if sent.failed else OK


def _count_not_finished(records: Sequence[PointRecord], n_points: int) -> int:
    """Count the points without a result; those that were only skipped by request are none."""
    never_run = max(0, n_points - len(records))
    skipped = sum(record.status == "SKIPPED" for record in records)
    failed = never_run + sum(record.status == "FAILED" for record in records)
    return failed + skipped if failed else 0


def _without_result(not_finished: int, study: EndedStudy) -> str:
    """Say how many points have no result, and the reason of most."""
    counted = f"{not_finished} of {study.n_points} points have no result"
    failed = [record.error or "" for record in study.records if record.status == "FAILED"]
    reasons = Counter(error.partition("\n")[0] for error in failed)
    told = f": {reasons.most_common(1)[0][0]}" if reasons else ""
    others = f" ({len(reasons)} reasons; the report has all)" if len(reasons) > 1 else ""
    return f"{counted}{told}{others}"


def _close_tracking(study_dir: StudyDirectory, status: str) -> str | None:
    """Send what is missing; return why the store does not have all of the study."""
    if shows_all(study_dir, status):
        set_status(study_dir, status)
        return None
    try:
        end_tracking(study_dir, status)
    except TrackingError as error:
        return str(error)
    return None


def _tell_untracked(study_dir: StudyDirectory, reason: str) -> None:
    """Say what the store lacks and why, in the last line, which is read."""
    unsent, n_points = count_unsent(study_dir)
    lacking = f"{unsent} of {n_points} points" if unsent else "the results of the study"
    log.error("not tracked: %s: %s", lacking, with_way_on(reason, study_dir))


def _print_result(study: EndedStudy, paths: ReportPaths) -> None:
    refined = [
        f"{name}: {how_closely(ending.known)}. {ending.reason}"
        for name, ending in read_refinement(study.directory).endings.items()
        if ending.known is not None
    ]
    described, study_dir = read_study(study.directory), study.directory
    told = [
        line
        for choice in paths.choices
        for line in _told(choice, extension(described, choice, study_dir))
    ]
    told += refined
    lines = ["", study.data.line, "", paths.table, "", *told, "", f"Report       {paths.html}"]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()  # before what is told of failures


def _print_comparison(study_dir: StudyDirectory) -> None:
    if read_study(study_dir).get("tracking", {}).get("parent_run_id"):
        sys.stdout.write(f"Compare      hstdriz-study ui {shlex.quote(str(study_dir))}\n")
        sys.stdout.flush()


def _told(choice: Choice, wider: Extension | None) -> list[str]:
    """Say why, what else was close and what it costs, and what to know before use."""
    rivals = [f"    or {said}" for said in rivals_said(choice.regrets)]
    warned = [line for caution in choice.cautions for line in _warned(caution, wider)]
    return [f"{choice.filter}: {_reason(choice)}", *rivals, *warned]


def _warned(caution: Caution, wider: Extension | None) -> list[str]:
    said = f"    warning: {caution.sentence}"
    if caution.kind is not Kind.EDGE or wider is None:
        return [said]
    return [f"{said} {wider.note}", f"        {wider.command}"]


def _reason(choice: Choice) -> str:
    if choice.cannot_choose:
        return choice.cannot_choose
    lost = [regret_said(choice.regrets[0])] if choice.regrets else []
    return " ".join([choice.reasons[0], *lost])
