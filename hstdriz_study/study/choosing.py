"""From a study whose points were run to the choice of each filter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.choose import choose_all
from hstdriz_study.study.config import choice_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hstdriz_study.choose import Choice
    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.study.directory.ended import EndedStudy


def choices_of(study: EndedStudy) -> tuple[Choice, ...]:
    """Choose for every filter of a study, by its rule."""
    settings = choice_settings(study.config.choose)
    return tuple(choose_all(study.records, settings, study.handbooks))


def chosen_records(
    study: EndedStudy, choices: Iterable[Choice]
) -> Iterator[tuple[Choice, PointRecord]]:
    """Yield the choice and the record of its point for every filter that has one."""
    by_key = {record.key: record for record in study.records}
    for choice in choices:
        if choice.chosen is not None:
            yield choice, by_key[choice.chosen.key]
