"""The end of a study: choose, write scripts and report, close the tracking, say what happened."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any

from omegaconf import OmegaConf

from hstdriz_study.choose import handbook_pick
from hstdriz_study.config import StudyConfig
from hstdriz_study.errors import StudyError, TrackingError
from hstdriz_study.record import STUDY_NAME, read_json, read_records
from hstdriz_study.report import choose_study, write_report
from hstdriz_study.study.product import make_product, write_product_script
from hstdriz_study.track import end_study, send_study

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.choose import Choice
    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.report import ReportPaths

log = logging.getLogger(__name__)

OK, SOMETHING_FAILED = 0, 1


def finish_study(study_dir: Path) -> int:
    """Choose from the records of a study and write and send the result.

    Can be called again at any time; ``hstdriz-study report STUDY_DIR`` does.

    Returns
    -------
    int
        0, or 1 when a point failed or was never run.

    Raises
    ------
    StudyError
        If the directory holds no study.
    """
    study = read_json(study_dir / STUDY_NAME)
    config = _typed(study["config"])
    handbooks = {
        name: handbook_pick(stored["wavelength_nm"], stored["native_scale_arcsec"])
        for name, stored in study["filter_configs"].items()
    }
    records = read_records(study_dir)
    choices = choose_study(study_dir, config.choose, handbooks)
    products_failed = _write_scripts(study_dir, config, choices, records)
    paths = write_report(study_dir, config.choose, handbooks, choices=choices)
    not_finished = _count_not_finished(records, study["n_points"])
    failed = bool(not_finished or products_failed)
    _close_tracking(study_dir, "FAILED" if failed else "FINISHED")
    _print_result(study_dir, paths)
    if not_finished:
        log.error(
            "%d of %d points have no result; the report says why", not_finished, study["n_points"]
        )
    return SOMETHING_FAILED if failed else OK


def send_unsent(study_dir: Path) -> int:
    """Send what the tracking store does not have yet: ``hstdriz-study send STUDY_DIR``."""
    sent = send_study(study_dir)
    print(f"sent {sent.sent}, already there {sent.already}, failed {sent.failed}")  # noqa: T201
    return SOMETHING_FAILED if sent.failed else OK


def _typed(stored: dict[str, Any]) -> StudyConfig:
    config = OmegaConf.to_object(OmegaConf.merge(OmegaConf.structured(StudyConfig), stored))
    if not isinstance(config, StudyConfig):
        raise TypeError(f"{STUDY_NAME} holds a {type(config).__name__}")
    return config


def _write_scripts(
    study_dir: Path,
    config: StudyConfig,
    choices: Sequence[Choice],
    records: Sequence[PointRecord],
) -> bool:
    """Write one script a chosen filter, run it when asked; tell whether a run failed."""
    by_key = {record.key: record for record in records}
    failed = False
    for choice in choices:
        if choice.chosen is None:
            continue
        record = by_key[choice.chosen.key]
        script = write_product_script(choice, _typed(record.provenance["config"]), study_dir)
        if config.report.make_product:
            failed |= not _made(script, study_dir)
    return failed


def _made(script: Path, study_dir: Path) -> bool:
    try:
        make_product(script, study_dir)
    except StudyError as error:
        log.error("%s", error)  # noqa: TRY400 - a sentence, not a defect
        return False
    return True


def _count_not_finished(records: Sequence[PointRecord], n_points: int) -> int:
    """Count the points without a result; those that were only skipped by request are none."""
    never_run = max(0, n_points - len(records))
    skipped = sum(record.status == "SKIPPED" for record in records)
    failed = never_run + sum(record.status == "FAILED" for record in records)
    return failed + skipped if failed else 0


def _close_tracking(study_dir: Path, status: str) -> None:
    try:
        end_study(study_dir, status)
    except TrackingError as error:
        log.warning("warning: %s; send it later: hstdriz-study send %s", error, study_dir)


def _print_result(study_dir: Path, paths: ReportPaths) -> None:
    tracking = read_json(study_dir / STUDY_NAME).get("tracking", {})
    lines = ["", paths.table, "", *_reasons(paths.choices), "", f"Report       {paths.html}"]
    if tracking.get("ui_command"):
        lines += [f"MLflow UI    {tracking['ui_command']}", f"then open    {tracking['link']}"]
        links = tracking.get("filter_links", {})
        lines += [f"{name:<12} {link}" for name, link in links.items()]
    sys.stdout.write("\n".join(lines) + "\n")


def _reasons(choices: Sequence[Choice]) -> list[str]:
    return [f"{choice.filter}: {choice.cannot_choose or choice.reasons[0]}" for choice in choices]
