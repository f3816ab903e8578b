"""What an ended study needs of its exposures is made anew from them, or they are named."""

from __future__ import annotations

import logging
import shutil
from dataclasses import asdict, replace

import pytest

from hstdriz_study.contracts import PointRecord
from hstdriz_study.dataset import load_exposures
from hstdriz_study.errors import StudyError
from hstdriz_study.study.config import dataset_settings
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.run.anew import field_of, field_with_exposures
from hstdriz_study.study.run.filter_setup import load_field, set_up_filter


@pytest.fixture(scope="module")
def own_exposures(compose_config, cache_dir, tmp_path_factory):
    """Exposures of one's own, a study of them, and a cache of its own."""
    simulated = compose_config("filter=f160w", f"prepare.cache_dir={cache_dir}")
    found = load_exposures(dataset_settings(simulated))
    data = tmp_path_factory.mktemp("data")
    for exposure in found.exposures:
        shutil.copy(exposure.path, data)
    config = compose_config(
        "filter=f160w", f"dataset.path={data}", f"filter.iref={found.reference_dirs['iref']}",
        f"prepare.cache_dir={tmp_path_factory.mktemp('cache')}",
    )  # fmt: skip
    study = StudyDirectory(tmp_path_factory.mktemp("study"))
    field = set_up_filter(config, study)
    return config, data, study, field.setup.stages["prepared"]["inputs"]["exposures"]


@pytest.fixture
def gone(own_exposures, tmp_path, monkeypatch):
    """The same study on a copy of the exposures, when the cache is there no more."""
    config, data, study, inputs = own_exposures
    there = shutil.copytree(data, tmp_path / "data")
    monkeypatch.setenv("HSTDRIZ_STUDY_CACHE", str(tmp_path / "cache"))
    copied = StudyDirectory(shutil.copytree(study.path, tmp_path / "study"))
    setup = copied.of_filter("f160w").setup
    text = setup.read_text().replace(config.prepare.cache_dir, str(tmp_path / "gone"))
    setup.write_text(text.replace(str(data), str(there)))
    moved = replace(
        config,
        dataset=replace(config.dataset, path=str(there)),
        prepare=replace(config.prepare, cache_dir=str(tmp_path / "gone")),
    )
    provenance = {"config": asdict(moved), "inputs": inputs}
    record = PointRecord("k", "FINISHED", "f160w", {}, provenance=provenance)
    return moved, there, copied, record


def test_what_is_there_is_taken_as_it_is(own_exposures, caplog):
    config, _, study, inputs = own_exposures
    caplog.set_level(logging.INFO)
    provenance = {"config": asdict(config), "inputs": inputs}
    record = PointRecord("k", "FINISHED", "f160w", {}, provenance=provenance)
    field = field_with_exposures(record, study)
    assert field.prepared.directory == load_field(study, config).prepared.directory
    assert "gone" not in caplog.text


def test_exposures_of_ones_own_are_prepared_anew_with_the_stars_and_boxes_of_the_study(
    gone, own_exposures, tmp_path, caplog
):
    _, there, study, record = gone
    caplog.set_level(logging.INFO)
    field = field_of(record, study)
    assert field.prepared.directory.is_relative_to(tmp_path / "cache")
    told = f"f160w: the prepared exposures are gone; prepared anew: {there}"
    assert told in caplog.messages
    measured = load_field(own_exposures[2], own_exposures[0])
    assert field.prepared.key == measured.prepared.key
    assert list(field.regions.stars["ra"]) == list(measured.regions.stars["ra"])
    assert not (tmp_path / "gone").exists()


def test_an_exposure_that_was_changed_since_is_told(gone, caplog):
    _, there, study, record = gone
    caplog.set_level(logging.INFO)
    first, *_ = sorted(there.iterdir())
    changed = [[name, "0" * 64 if name == first.name else sha]
               for name, sha in record.provenance["inputs"]]  # fmt: skip
    provenance = record.provenance | {"inputs": changed}
    field_of(replace(record, provenance=provenance), study)
    assert f"; of other content than was measured: {first.name}" in caplog.text


def test_an_exposure_that_is_gone_is_named_with_its_path(gone):
    _, there, study, record = gone
    first, *_ = sorted(there.iterdir())
    first.unlink()
    with pytest.raises(StudyError, match=f"^{first}: this exposure is gone"):
        field_of(record, study)


def test_an_exposure_that_was_not_measured_is_named(gone):
    _, there, study, record = gone
    setup = study.of_filter("f160w").setup
    first, *_ = sorted(there.iterdir())
    setup.write_text(setup.read_text().replace(f'  "{first}",\n', ""))
    with pytest.raises(StudyError, match=f"^{first}: .* no longer those that were measured"):
        field_of(record, study)
