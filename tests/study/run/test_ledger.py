"""What earlier runs left is found by key, and no point writes where another has its record."""

from __future__ import annotations

import itertools
import logging
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hstdriz_study.contracts import DrizzleSettings, PointRecord
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.directory.record import read_bare_record, write_record
from hstdriz_study.study.run.identity import WITHOUT_RESULT, record_without_result
from hstdriz_study.study.run.ledger import forget_attempts, read_ledger


@pytest.fixture(scope="module")
def point_configs(compose_config):
    """Return the configurations of points of one filter by scale."""
    first = compose_config("filter=f160w", "drizzle.final_pixfrac=0.8")

    def configured(*scales):
        return [replace(first, drizzle=replace(first.drizzle, final_scale=s)) for s in scales]

    return configured


@pytest.fixture
def study(tmp_path):
    return StudyDirectory(tmp_path)


def leave(study_dir, number, record):
    write_record(record, study_dir.point(number))


def finished(key):
    return PointRecord(
        key=key,
        status="FINISHED",
        filter="f160w",
        settings=DrizzleSettings(None, None, "square", "EXP", None, None, None),
    )


def test_a_directory_without_points_has_an_empty_ledger(study):
    ledger = read_ledger(study)
    assert (ledger.finished, ledger.without_result) == ({}, {})


def test_records_are_told_apart_by_their_result(study, point_configs):
    (config,) = point_configs(0.08)
    leave(study, 0, finished("a"))
    leave(study, 1, record_without_result(config, "FAILED", "no stars"))
    ledger = read_ledger(study)
    assert ledger.finished == {"a": study.point(0)}
    assert list(ledger.without_result.values()) == [study.point(1)]


def test_of_two_records_with_one_key_the_first_of_the_sweep_counts(study):
    for number in (10, 2):
        leave(study, number, finished("a"))
    assert read_ledger(study).finished == {"a": study.point(2)}


@pytest.mark.parametrize("status", WITHOUT_RESULT)
def test_a_point_is_tried_again_where_it_was_tried_before(study, point_configs, status):
    (config,) = point_configs(0.08)
    leave(study, 7, record_without_result(config, status, "reason"))
    assert read_ledger(study).directory(study, 0, config) == study.point(7)


def test_a_new_point_takes_the_directory_of_its_number(study, point_configs):
    (config,) = point_configs(0.08)
    leave(study, 0, finished("a"))
    assert read_ledger(study).directory(study, 3, config) == study.point(3)


@settings(max_examples=25)
@given(taken=st.lists(st.sampled_from(["4", "4.1", "4.2", "4.3", "5"]), unique=True))
def test_no_point_is_given_the_place_of_another(tmp_path_factory, taken, point_configs):
    study_dir = StudyDirectory(tmp_path_factory.mktemp("study"))
    (config,) = point_configs(0.08)
    for place in taken:
        leave(study_dir, place, finished(f"key of {place}"))
    given_place = read_ledger(study_dir).directory(study_dir, 4, config)
    free = (name for name in itertools.chain(["4"], (f"4.{n}" for n in itertools.count(1))))
    assert given_place.path.name == next(name for name in free if name not in taken)


def test_nor_the_place_where_another_was_tried(study, point_configs):
    config, other = point_configs(0.08, 0.06)
    leave(study, 4, record_without_result(other, "FAILED", "reason"))
    assert read_ledger(study).directory(study, 4, config) == study.point("4.1")


def test_of_two_attempts_with_one_key_the_first_of_the_sweep_counts(study, point_configs):
    (config,) = point_configs(0.08)
    for number in (12, 3):
        leave(study, number, record_without_result(config, "SKIPPED", "reason"))
    assert read_ledger(study).directory(study, 0, config) == study.point("3")


def test_where_there_are_no_attempts_nothing_is_removed(study, point_configs):
    leave(study, 0, finished("a"))
    forget_attempts(study, point_configs(0.08))
    assert read_ledger(study).finished == {"a": study.point("0")}


def test_attempts_of_points_that_are_no_longer_swept_are_removed(study, point_configs, caplog):
    caplog.set_level(logging.INFO)
    kept, gone = point_configs(0.08, 0.06)
    leave(study, 0, record_without_result(kept, "FAILED", "reason"))
    leave(study, 1, record_without_result(gone, "SKIPPED", "reason"))
    leave(study, 2, finished("a"))
    forget_attempts(study, [kept])
    left = sorted(path.parent.name for path in study.path.glob("points/*/record.json"))
    assert left == ["0", "2"]
    assert read_bare_record(study.point(0)).error == "reason"
    assert caplog.messages == [f"{study.point(1)}: had no result and is no longer swept; removed"]
