"""A study out of the store again: what a comparison reads is as it was on disk."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest

from hstdriz_study.errors import TrackingError
from hstdriz_study.json_files import read_json
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.directory.record import read_records
from hstdriz_study.study.track import close_study, fetch_study, send_study

if TYPE_CHECKING:
    from pathlib import Path
    from types import SimpleNamespace


@pytest.fixture
def sent(make_study: SimpleNamespace, sqlite_uri: str) -> StudyDirectory:
    study = make_study.open(sqlite_uri, "fetched")
    make_study.points(study)
    make_study.results(study)
    send_study(study)
    close_study(study)
    return study


def _parent(study: StudyDirectory) -> str:
    return str(read_json(study.description)["tracking"]["parent_run_id"])


def test_records_and_choice_come_back_as_they_were(
    sent: StudyDirectory, sqlite_uri: str, tmp_path: Path
) -> None:
    back = StudyDirectory(tmp_path / "back")
    fetch_study(sqlite_uri, _parent(sent), back)
    before = sorted((asdict(record) for record in read_records(sent)), key=lambda r: r["key"])
    after = sorted((asdict(record) for record in read_records(back)), key=lambda r: r["key"])
    assert after == before
    for name in ("choice.json", "filters/f160w/stars.ecsv"):
        assert (back.path / name).read_bytes() == (sent.path / name).read_bytes()


def test_a_run_that_is_not_there_is_told_in_one_sentence(sqlite_uri: str, tmp_path: Path) -> None:
    with pytest.raises(TrackingError, match="holds no run 0123456789abcdef"):
        fetch_study(sqlite_uri, "0123456789abcdef", StudyDirectory(tmp_path))


def test_a_study_that_has_not_ended_is_told_in_one_sentence(
    make_study: SimpleNamespace, sqlite_uri: str, tmp_path: Path
) -> None:
    study = make_study.open(sqlite_uri, "begun")
    with pytest.raises(TrackingError, match="name the parent run of a study that has ended"):
        fetch_study(sqlite_uri, _parent(study), StudyDirectory(tmp_path))
