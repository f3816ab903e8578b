"""A filter that was set up is read back, or it is said in one sentence what is missing."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace

import numpy as np
import pytest

from hstdriz_study.errors import DatasetError, StudyError
from hstdriz_study.json_files import read_json, update_json
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.run.filter_setup import (
    cached_entries,
    load_field,
    load_setup,
    set_up_filter,
)


def test_what_was_set_up_is_read_back(field_of_two, study_dir):
    loaded, made = load_setup(study_dir, "f160w"), field_of_two.field
    assert loaded.prepared.key == made.prepared.key
    assert loaded.prepared.inputs == made.prepared.inputs
    assert loaded.stages == made.setup.stages
    np.testing.assert_array_equal(loaded.regions.sky_boxes, made.regions.sky_boxes)
    assert load_field(study_dir, field_of_two.shipped).warnings == made.warnings


def test_prepared_exposures_that_are_gone_are_named_with_the_cure(study_dir):
    gone = study_dir.path / "cache" / "prepared" / "f160w-gone"
    update_json(study_dir.of_filter("f160w").setup, {"prepared": str(gone)})
    with pytest.raises(StudyError) as raised:
        load_setup(study_dir, "f160w")
    assert str(raised.value) == f"{gone}: the prepared exposures are gone; start the study again"


def test_prepared_exposures_that_are_damaged_are_named_with_the_cure(
    field_of_two, study_dir, tmp_path
):
    entry = tmp_path / "cache" / "prepared" / field_of_two.field.prepared.directory.name
    shutil.copytree(field_of_two.field.prepared.directory, entry)
    update_json(study_dir.of_filter("f160w").setup, {"prepared": str(entry)})
    assert load_setup(study_dir, "f160w").prepared.directory == entry
    cut = next(entry.glob("*_flt.fits"))
    cut.write_bytes(cut.read_bytes()[:-2880])
    with pytest.raises(StudyError) as raised:
        load_setup(study_dir, "f160w")
    said = rf"{entry}: damaged, {cut.name} has \d+ bytes, and had \d+; start the study again"
    assert re.fullmatch(said, str(raised.value))


def test_the_entries_that_a_filter_was_set_up_from_are_known(field_of_two, study_dir):
    found = cached_entries(study_dir)
    assert field_of_two.field.prepared.directory in found
    rooms = sorted(path.parent.name for path in found)
    assert rooms == ["compared", "compared", "figures", "prepared", "regions", "synthetic"]
    assert all(path.is_dir() for path in found)


def test_a_directory_without_filters_has_no_entries(tmp_path):
    with pytest.raises(StudyError, match="holds no study whose exposures were prepared"):
        cached_entries(StudyDirectory(tmp_path))


def test_the_reason_why_a_filter_cannot_be_set_up_is_kept(field_of_two, tmp_path):
    study_dir, empty = StudyDirectory(tmp_path / "study"), tmp_path / "empty"
    empty.mkdir()
    of_user = replace(field_of_two.shipped.dataset, kind="local", path=str(empty))
    config = replace(field_of_two.shipped, dataset=of_user)
    with pytest.raises(DatasetError) as raised:
        set_up_filter(config, study_dir)
    assert read_json(study_dir.of_filter("f160w").setup)["error"] == str(raised.value)
    assert cached_entries(study_dir) == frozenset()
    with pytest.raises(StudyError) as again:
        load_field(study_dir, config)
    assert str(again.value) == str(raised.value)
