"""The directory of a study whose points were run, to its configuration, records and choices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.choose import choose_all
from hstdriz_study.errors import StudyError
from hstdriz_study.json_files import read_json
from hstdriz_study.study.config import choice_settings, data_told
from hstdriz_study.study.directory.record import read_records
from hstdriz_study.study.directory.stored import stored_config, stored_handbooks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hstdriz_study.choose import Choice, HandbookPick
    from hstdriz_study.contracts import PointRecord
    from hstdriz_study.study.config import DataTold, StudyConfig
    from hstdriz_study.study.directory.layout import StudyDirectory


@dataclass(frozen=True)
class EndedStudy:
    """What the end of a study works on.

    Attributes
    ----------
    directory : `~hstdriz_study.study.directory.layout.StudyDirectory`
    config : `~hstdriz_study.study.config.StudyConfig`
        Of the study; that of a point may differ in what was swept.
    n_points : int
        Points that the study was to have.
    records : tuple of `~hstdriz_study.contracts.PointRecord`
    handbooks : mapping of str to HandbookPick
        By filter.
    choices : tuple of Choice
        One a filter.
    data : `~hstdriz_study.study.config.DataTold`
        Whose exposures it is about.
    """

    directory: StudyDirectory
    config: StudyConfig
    n_points: int
    records: tuple[PointRecord, ...]
    handbooks: Mapping[str, HandbookPick]
    choices: tuple[Choice, ...]
    data: DataTold

    def chosen(self) -> Iterator[tuple[Choice, PointRecord]]:
        """Yield the choice and the record of its point for every filter that has one."""
        by_key = {record.key: record for record in self.records}
        for choice in self.choices:
            if choice.chosen is not None:
                yield choice, by_key[choice.chosen.key]


def read_ended(study_dir: StudyDirectory) -> EndedStudy:
    """Read a study and choose.

    Raises
    ------
    StudyError
        If the directory holds no study, or the study no point.
    """
    study = read_json(study_dir.description)
    config = stored_config(study["config"])
    handbooks = stored_handbooks(study)
    records = read_records(study_dir)
    if not records:
        raise StudyError(f"{study_dir}: holds no points to report on; run the study first")
    return EndedStudy(
        directory=study_dir,
        config=config,
        n_points=study["n_points"],
        records=tuple(records),
        handbooks=handbooks,
        choices=tuple(choose_all(records, choice_settings(config.choose), handbooks)),
        data=data_told(study),
    )
