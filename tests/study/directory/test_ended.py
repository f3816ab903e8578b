"""A study whose points were run is read as it is, and nothing is chosen."""

from __future__ import annotations

from pathlib import Path

import pytest

from hstdriz_study.errors import StudyError
from hstdriz_study.json_files import read_json, write_json
from hstdriz_study.study.choosing import choices_of, chosen_records
from hstdriz_study.study.directory.ended import read_ended
from hstdriz_study.study.directory.layout import StudyDirectory

KEPT = StudyDirectory(Path(__file__).parents[2] / "kept" / "a23d761")


def test_a_directory_that_is_no_study_is_told_in_one_sentence(tmp_path):
    with pytest.raises(StudyError, match=r"study\.json: no such file; name the directory"):
        read_ended(StudyDirectory(tmp_path))


def test_an_empty_study_is_refused_in_one_sentence(tmp_path):
    study = StudyDirectory(tmp_path)
    write_json(study.description, read_json(KEPT.description))
    with pytest.raises(StudyError, match="holds no points to report on"):
        read_ended(study)


def test_all_records_and_each_filter_s_rule_of_thumb_are_read():
    study = read_ended(KEPT)
    assert len(study.records) == study.n_points == 12
    assert set(study.handbooks) == {"f814w", "f160w"}
    assert study.data.line == "Exposures: simulated (seed 1), not HST data"


def test_reading_chooses_nothing():
    """A study whose rule is gone is read; only choosing fails."""
    study = read_ended(KEPT)
    study.config.choose.rule = "a rule that is gone"
    with pytest.raises(StudyError, match="a rule that is gone"):
        choices_of(study)


def test_every_choice_has_the_record_of_its_point():
    study = read_ended(KEPT)
    chosen = list(chosen_records(study, choices_of(study)))
    assert [choice.filter for choice, _ in chosen] == ["f814w", "f160w"]
    assert all(choice.chosen.key == record.key for choice, record in chosen)
