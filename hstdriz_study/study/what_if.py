"""``hstdriz-study what-if STUDY_DIR CHANGE``: read a study, foresee, print, write."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from hstdriz_study.errors import StudyError
from hstdriz_study.predict import WeightBoxes
from hstdriz_study.study.ended import read_ended
from hstdriz_study.study.filter_setup import load_setup
from hstdriz_study.what_if.change import parse_change
from hstdriz_study.what_if.foresee import WhatIf, what_if
from hstdriz_study.what_if.table import what_if_table
from hstdriz_study.what_if.words import what_if_markdown, what_if_text
from hstdriz_study.workers import cores

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.choose import Choice
    from hstdriz_study.study.ended import EndedStudy
    from hstdriz_study.what_if.change import Change

log = logging.getLogger(__name__)

DIRECTORY_NAME = "what_if"


def what_if_study(study_dir: Path, asked: str) -> Path:
    """Foresee what one exposure fewer or more would change in every filter of a study.

    Parameters
    ----------
    study_dir : `~pathlib.Path`
        Of a study whose points were run; receives ``what_if/<change>.md`` and
        ``.ecsv``.
    asked : str
        ``drop:K``, ``drop:EXPOSURE`` or ``add:K``.

    Returns
    -------
    `~pathlib.Path`
        The Markdown page.

    Raises
    ------
    StudyError
        If the directory holds no study, or the change cannot be made in any
        of its filters.
    """
    change = parse_change(asked)
    study = read_ended(study_dir)
    found, reasons = [], []
    for choice in study.choices:
        try:
            found.append(_of_filter(study, choice, change))
        except StudyError as error:
            reasons.append(f"{choice.filter}: {error}")
    if not found:
        raise StudyError("; ".join(reasons))
    for reason in reasons:
        log.warning("warning: %s", reason)
    directory = study_dir / DIRECTORY_NAME
    directory.mkdir(exist_ok=True)
    page = directory / f"{change.slug}.md"
    page.write_text(what_if_markdown(found), encoding="utf-8")
    what_if_table(found).write(page.with_suffix(".ecsv"), overwrite=True)
    sys.stdout.write(f"{what_if_text(found)}\n\nWritten      {page}\n")
    return page


def _of_filter(study: EndedStudy, choice: Choice, change: Change) -> WhatIf:
    setup = load_setup(study.directory, choice.filter)
    log.info("%s: foreseeing weights, %s", choice.filter, change.text)
    return what_if(
        change,
        setup.prepared,
        WeightBoxes(setup.regions.weight_boxes, setup.regions.weight_box_arcsec),
        [record for record in study.records if record.filter == choice.filter],
        choice=choice,
        rule=(study.config.choose, study.handbooks[choice.filter]),
        n_processes=study.config.workers or cores(),
    )
