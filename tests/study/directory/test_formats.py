"""A study of an earlier version is brought up to date in memory, one of a newer one refused."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import pytest

from hstdriz_study.errors import StudyError
from hstdriz_study.json_files import read_json, write_json
from hstdriz_study.study.config import StudyConfig, data_told
from hstdriz_study.study.config.renamed import _NEW_NAME
from hstdriz_study.study.directory.formats import FORMAT, STEPS, Kind, read_stored, write_stored
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.directory.record import read_record, write_record
from hstdriz_study.study.directory.stored import read_study, stored_config
from hstdriz_study.study.run.start import _write_description

KEPT = StudyDirectory(Path(__file__).parents[2] / "kept" / "a23d761")
FILES = {
    Kind.STUDY: KEPT.description,
    Kind.RECORD: KEPT.point(3).record,
    Kind.SETUP: KEPT.of_filter("f160w").setup,
    Kind.PLAN: KEPT.plan,
    Kind.CHOICE: KEPT.choice,
}


@pytest.fixture
def copied(tmp_path):
    return StudyDirectory(shutil.copytree(KEPT.path, tmp_path / "kept"))


def renamed_keys(part, above=""):
    for item in fields(part):
        value, key = getattr(part, item.name), f"{above}{item.name}"
        if is_dataclass(value):
            yield from renamed_keys(value, f"{key}.")
        elif _NEW_NAME in item.metadata:
            yield key, item.metadata[_NEW_NAME]


def test_the_kept_study_is_of_format_0_and_stays_so_on_disk(copied):
    before = {path: path.read_bytes() for path in copied.path.rglob("*") if path.is_file()}
    read_study(copied)
    for point in copied.points():
        read_record(point)
    assert "format" not in read_json(copied.description)
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize("kind", FILES)
def test_a_step_leaves_alone_what_is_as_it_makes_it(kind):
    content = read_json(FILES[kind])
    for step in STEPS:
        changed = step.get(kind, dict)
        content = changed(content)
        assert changed(content) == content


@pytest.mark.parametrize("kind", FILES)
def test_what_is_written_is_of_the_present_format_and_comes_back(kind, tmp_path):
    content = read_stored(FILES[kind], kind)
    write_stored(tmp_path / "file.json", content)
    assert read_json(tmp_path / "file.json")["format"] == FORMAT
    assert read_stored(tmp_path / "file.json", kind) == content


def test_a_newer_study_is_refused_with_its_file_its_format_and_the_version_to_install(copied):
    path, newer = copied.description, FORMAT + 1
    versions = {"versions": {"hstdriz-study": "7.1.0"}}
    write_json(path, read_json(path) | versions | {"format": newer})
    sentence = f"{path}: has format {newer}, .* install hstdriz-study 7.1.0 or newer"
    with pytest.raises(StudyError, match=sentence):
        read_study(copied)


def test_a_newer_record_is_refused_with_the_version_that_wrote_it(copied):
    path = copied.point(0).record
    record = read_json(path) | {"format": FORMAT + 1}
    record["provenance"]["versions"]["hstdriz-study"] = "7.1.0"
    write_json(path, record)
    with pytest.raises(StudyError, match=rf"{path}: .* install hstdriz-study 7\.1\.0"):
        read_record(copied.point(0))


def test_every_key_that_was_renamed_is_found_under_its_new_name(copied):
    renamed = list(renamed_keys(StudyConfig()))
    assert renamed
    for old, new in renamed:
        (room, name), (new_room, new_name) = old.split("."), new.split(".")
        study = read_json(KEPT.description)
        given, meant = (True, "updatewcs") if new == "prepare.wcs" else (0.04, 0.04)
        study["config"][room][name] = given
        study["config"][new_room].pop(new_name, None)
        write_json(copied.description, study)
        config = stored_config(read_study(copied)["config"])
        assert getattr(getattr(config, new_room), new_name) == meant


def test_good_bits_in_words_are_read_as_the_number_that_is_written_today(compose_config):
    study = read_study(KEPT)
    assert study["config"]["drizzle"]["final_bits"] == 16 + 64 + 256
    assert study["filter_configs"]["f160w"]["good_bits"] == 16 + 512
    config = stored_config(study["config"])
    assert config.filter == compose_config("filter=f814w").filter


@pytest.mark.parametrize("filters", [["f160w", "f814w"], ["f160w"]])
def test_every_filter_of_an_early_study_is_about_the_exposures_of_its_first_point(
    filters, tmp_path
):
    dataset = {"kind": "synthetic", "path": "/data", "seed": 1}  # whose path was ignored
    study = StudyDirectory(tmp_path)
    write_json(study.description, {"filters": filters, "config": {"dataset": dataset}})
    assert list(read_study(study)["datasets"]) == filters
    assert data_told(read_study(study)).words == "simulated (seed 1), not HST data"


def test_a_study_that_does_not_tell_its_filters_tells_its_exposures(tmp_path):
    study = StudyDirectory(tmp_path)
    write_json(study.description, {"config": {"dataset": {"kind": "synthetic", "seed": 3}}})
    assert data_told(read_study(study)).words == "simulated (seed 3), not HST data"


def test_a_study_that_does_not_tell_its_exposures_is_called_nothing(tmp_path):
    study = StudyDirectory(tmp_path)
    write_json(study.description, {"name": "old"})
    told = data_told(read_study(study))
    assert (told.words, told.line, told.kinds, told.simulated) == ("", "", (), False)


def test_choices_that_are_a_bare_list_are_read(tmp_path):
    study = StudyDirectory(tmp_path)
    study.choice.write_text(json.dumps([{"filter": "f160w"}]))
    assert read_stored(study.choice, Kind.CHOICE) == {"choices": [{"filter": "f160w"}]}


def test_an_early_record_is_read_as_it_would_be_written_today(tmp_path):
    record = read_record(KEPT.point(3))
    assert (record.entries, record.provenance["stages"]) == ({}, {})
    assert all(metric.phases is None for metric in record.metrics.values())
    again = StudyDirectory(tmp_path).point(0)
    write_record(replace(record, warnings=("one",)), again)
    assert read_record(again).provenance == record.provenance
    assert read_record(again).warnings == ("one",)


def test_a_study_that_is_resumed_is_of_the_present_format_and_keeps_its_date(
    copied, compose_config
):
    point = compose_config("filter=f160w", "drizzle.final_scale=0.08")
    _write_description(copied, [point], [])
    study = read_json(copied.description)
    assert (study["format"], study["created"]) == (FORMAT, read_json(KEPT.description)["created"])
    assert set(study["datasets"]) == {"f814w", "f160w"}
    assert re.fullmatch(r"[0-9a-f]{32}", study["tracking"]["parent_run_id"])


@pytest.mark.parametrize("text", ["[]", '{"format": "x"}', '"a study"', "3"])
def test_a_file_that_is_not_as_it_was_written_is_one_sentence(tmp_path, text):
    path = tmp_path / "study.json"
    path.write_text(text)
    with pytest.raises(StudyError, match=r"study.json: is not as hstdriz-study writes it; "):
        read_stored(path, Kind.STUDY)
