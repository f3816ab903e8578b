"""What was cut off is set aside, never lost, and never stops a study from going on."""

from __future__ import annotations

import numpy as np
import pytest

from hstdriz_study.contracts import DrizzleSettings, Metric, PointRecord
from hstdriz_study.errors import StudyError
from hstdriz_study.json_files import write_json
from hstdriz_study.study.directory.damaged import set_aside_damaged
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.directory.record import read_records, write_record


@pytest.fixture
def study_dir(tmp_path):
    found = StudyDirectory(tmp_path / "study")
    rng = np.random.default_rng(3)
    for number in (0, 1):
        metrics = {"psf/fwhm": Metric(0.1, 0.01, "arcsec", replicates=rng.normal(size=400))}
        settings = DrizzleSettings(0.08, 0.8, "square", "EXP", None, None, None)
        record = PointRecord(f"k{number}", "FINISHED", "f160w", settings, metrics)
        write_record(record, found.point(number))
        write_json(found.point(number).tracked, {"run_id": "r"})
    for path in (found.description, found.plan, found.refinement):
        write_json(path, {"a": 1})
    return found


def cut(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def files(study_dir):
    return sorted(str(path.relative_to(study_dir.path)) for path in study_dir.path.rglob("*.*"))


def test_sound_files_stay(study_dir):
    before = files(study_dir)
    set_aside_damaged(study_dir)
    assert files(study_dir) == before
    assert len(read_records(study_dir)) == 2


@pytest.mark.parametrize("name", ["description", "plan", "refinement"])
def test_a_file_of_the_study_that_is_cut_off_is_set_aside(study_dir, name, caplog):
    path = getattr(study_dir, name)
    cut(path)
    content = path.read_bytes()
    set_aside_damaged(study_dir)
    assert not path.exists()
    assert path.with_name(f"{path.name}.damaged").read_bytes() == content
    assert f"{path}: cannot be read, kept as {path.name}.damaged; " in caplog.text


@pytest.mark.parametrize("name", ["record", "replicates"])
def test_a_point_whose_record_or_replicates_are_cut_off_is_one_that_is_not_there(study_dir, name):
    cut(getattr(study_dir.point(1), name))
    with pytest.raises(StudyError, match="start the study again in its directory"):
        read_records(study_dir)
    set_aside_damaged(study_dir)
    assert [record.key for record in read_records(study_dir)] == ["k0"]


def test_what_is_not_known_to_be_sent_is_sent_again(study_dir):
    cut(study_dir.point(0).tracked)
    set_aside_damaged(study_dir)
    assert not study_dir.point(0).tracked.exists()
    assert study_dir.point(1).tracked.exists()
    assert len(read_records(study_dir)) == 2
