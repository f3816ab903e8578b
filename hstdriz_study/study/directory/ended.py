"""The directory of a study whose points were run, to its configuration and records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hstdriz_study.errors import StudyError
from hstdriz_study.study.config import data_told
from hstdriz_study.study.directory.record import read_records
from hstdriz_study.study.directory.stored import read_study, stored_config, stored_handbooks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hstdriz_study.choose import HandbookPick
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
    data : `~hstdriz_study.study.config.DataTold`
        Whose exposures it is about.
    """

    directory: StudyDirectory
    config: StudyConfig
    n_points: int
    records: tuple[PointRecord, ...]
    handbooks: Mapping[str, HandbookPick]
    data: DataTold


def read_ended(study_dir: StudyDirectory) -> EndedStudy:
    """Read a study.

    Raises
    ------
    StudyError
        If the directory holds no study, or the study no point.
    """
    study, records = read_study(study_dir), read_records(study_dir)
    if not records:
        raise StudyError(f"{study_dir}: holds no points to report on; run the study first")
    return EndedStudy(
        directory=study_dir,
        config=stored_config(study["config"]),
        n_points=study["n_points"],
        records=tuple(records),
        handbooks=stored_handbooks(study),
        data=data_told(study),
    )
