"""What one exposure fewer or more would change: read a study, foresee, write and print."""

from __future__ import annotations

import logging
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from hstdriz_study.contracts import WeightBoxes
from hstdriz_study.errors import StudyError
from hstdriz_study.json_files import write_json
from hstdriz_study.study.choosing import choices_of
from hstdriz_study.study.config import choice_settings
from hstdriz_study.study.directory.driver import drive
from hstdriz_study.study.directory.ended import read_ended
from hstdriz_study.study.run.anew import field_of
from hstdriz_study.study.run.filter_setup import load_setup
from hstdriz_study.what_if.change import parse_change
from hstdriz_study.what_if.foresee import WhatIf, what_if
from hstdriz_study.what_if.outcome_table import what_if_table
from hstdriz_study.what_if.words import (
    ASSUMED,
    SCENARIO_HEADS,
    what_if_markdown,
    what_if_text,
    what_if_told,
)
from hstdriz_study.whole_files import write_ecsv, write_text
from hstdriz_study.workers import cores

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hstdriz_study.choose import Choice
    from hstdriz_study.field import FieldSetup
    from hstdriz_study.study.directory.ended import EndedStudy
    from hstdriz_study.study.directory.layout import StudyDirectory
    from hstdriz_study.what_if.change import Change
    from hstdriz_study.what_if.words import WhatIfTold

log = logging.getLogger(__name__)


def what_if_study(study_dir: StudyDirectory, asked: str) -> Path:
    """Print and write what a change would do: ``hstdriz-study what-if STUDY_DIR CHANGE``.

    Parameters
    ----------
    study_dir : `~hstdriz_study.study.directory.layout.StudyDirectory`
        Of a study whose points were run.
    asked : str
        As `write_what_if` takes it.

    Returns
    -------
    `~pathlib.Path`
        The Markdown page.

    Raises
    ------
    StudyError
        If the directory holds no study, and as `write_what_if`.
    """
    study = read_ended(study_dir)
    drive(study_dir)
    page, told = write_what_if(study, choices_of(study), asked)
    sys.stdout.write(f"{study.data.line}\n\n{what_if_text(told)}\n\nWritten      {page}\n")
    return page


def write_what_if(
    study: EndedStudy, choices: Sequence[Choice], asked: str
) -> tuple[Path, list[WhatIfTold]]:
    """Foresee what one exposure fewer or more would change in every filter of a study.

    Writes ``what_if/<change>.md``, ``.ecsv`` and, for the report, ``.json``.

    Parameters
    ----------
    study : `~hstdriz_study.study.directory.ended.EndedStudy`
    choices : sequence of `~hstdriz_study.choose.Choice`
        One a filter.
    asked : str
        ``drop:K``, ``drop:EXPOSURE`` or ``add:K``.

    Returns
    -------
    page : `~pathlib.Path`
        The Markdown page.
    told : list of `~hstdriz_study.what_if.words.WhatIfTold`
        One a filter.

    Raises
    ------
    StudyError
        If the change cannot be made in any of its filters.
    """
    change = parse_change(asked)
    found, reasons = [], []
    for choice in choices:
        try:
            found.append(foresee_change(study, choice, change))
        except StudyError as error:
            reasons.append(f"{choice.filter}: {error}")
    if not found:
        raise StudyError("; ".join(reasons))
    for reason in reasons:
        log.warning("warning: %s", reason)
    told = [what_if_told(one) for one in found]
    page = study.directory.what_if(change.slug)
    page.parent.mkdir(exist_ok=True)
    write_text(page, what_if_markdown(change, told, study.data.line))
    table = what_if_table(found)
    table.meta["exposures"] = study.data.words
    write_ecsv(page.with_suffix(".ecsv"), table)
    write_json(page.with_suffix(".json"), _stored(study, change, found, told))
    return page, told


def _stored(
    study: EndedStudy, change: Change, found: Sequence[WhatIf], told: Sequence[WhatIfTold]
) -> dict[str, object]:
    """Return the tables with the choice and the points they are about."""
    return {
        "change": change.text,
        "case_heads": SCENARIO_HEADS,
        "assumed": ASSUMED,
        "filters": [
            asdict(said)
            | {
                "chosen": one.chosen and one.chosen.key,
                "points": sorted(r.key for r in study.records if r.filter == one.filter),
            }
            for one, said in zip(found, told, strict=True)
        ],
    }


def _setup(study: EndedStudy, name: str) -> FieldSetup:
    measured = [record for record in study.records if record.filter == name and record.provenance]
    return (
        field_of(measured[0], study.directory).setup
        if measured
        else load_setup(study.directory, name)
    )


def foresee_change(study: EndedStudy, choice: Choice, change: Change) -> WhatIf:
    """Foresee what a change would do to one filter; nothing is written.

    Raises
    ------
    StudyError
        If the filter's exposures do not allow it.
    """
    setup = _setup(study, choice.filter)
    log.info("%s: foreseeing weights, %s", choice.filter, change.text)
    return what_if(
        change,
        setup.prepared,
        WeightBoxes(setup.regions.weight_boxes, setup.regions.weight_box_arcsec),
        [record for record in study.records if record.filter == choice.filter],
        choice=choice,
        rule=(choice_settings(study.config.choose), study.handbooks[choice.filter]),
        n_processes=study.config.workers or cores(),
    )
