"""Points of an earlier run that no longer hold are set aside, and it is said why."""

from __future__ import annotations

import json
import logging
import shutil
from dataclasses import replace

import pytest

from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.run.filter_setup import load_setup, set_up_filter
from hstdriz_study.study.run.outdated import set_aside_outdated
from hstdriz_study.study.run.point import PointRunner, StudyPoint


@pytest.fixture(scope="module")
def measured(compose_config, cache_dir, tmp_path_factory):
    """Measure one point; return its configuration and the directory of its study."""
    config = compose_config(
        "filter=f160w", f"prepare.cache_dir={cache_dir}", "drizzle.final_scale=psf/2",
        "drizzle.final_pixfrac=0.8", "measure.n_bootstrap=20",
    )  # fmt: skip
    study_dir = StudyDirectory(tmp_path_factory.mktemp("study"))
    setup = set_up_filter(config, study_dir)
    point = StudyPoint(0, config, study_dir.point(0))
    assert PointRunner({"f160w": setup}, {})(point).status == "FINISHED"
    return config, study_dir


@pytest.fixture
def study(measured, tmp_path, caplog):
    """Copy the study, change its record, ask for points, and set aside what is outdated."""
    config, original = measured
    study_dir = StudyDirectory(tmp_path / "study")
    shutil.copytree(original.path, study_dir.path)
    caplog.set_level(logging.INFO)

    def set_aside(change=lambda _: None, **asked) -> tuple[list[str], list[str]]:
        path = study_dir.point(0).record
        record = json.loads(path.read_text())
        change(record)
        path.write_text(json.dumps(record))
        parts = {part: replace(getattr(config, part), **values) for part, values in asked.items()}
        set_aside_outdated(study_dir, [replace(config, **parts)])
        said = [message for message in caplog.messages if "anew" in message]
        return said, [path.name for path in study_dir.path.glob("superseded/*")]

    return set_aside


def _made_with_another_drizzle(record) -> None:
    record["key"] = "0123456789abcdef0123"
    record["provenance"]["stages"]["point"]["versions"]["drizzle"] = "2.0.1"
    record["provenance"]["stages"]["prepared"]["code"]["preparing"] = "other"


def _made_by_an_earlier_version(record) -> None:
    record["key"] = "0123456789abcdef0123"
    del record["format"], record["provenance"]["stages"]


def test_a_point_that_holds_stays_where_it_is(study) -> None:
    assert study() == ([], [])


def test_what_differs_is_said_and_the_earlier_result_is_kept(study, measured) -> None:
    said, kept = study(_made_with_another_drizzle)
    now = load_setup(measured[1], "f160w").stages["regions"]["versions"]["drizzle"]
    (sentence,) = said
    assert f"1 point run anew: the code of preparing and drizzle 2.0.1 → {now} differ; " in sentence
    assert sentence.endswith("the earlier results are kept in superseded/")
    assert kept == ["0-01234567"]


def test_a_record_without_parts_of_its_key_is_run_anew_too(study) -> None:
    said, kept = study(_made_by_an_earlier_version)
    assert "1 point run anew: the way that keys are made differs" in said[0]
    assert kept == ["0-01234567"]


def test_settings_that_points_share_and_that_have_changed_are_said(study) -> None:
    said, kept = study(measure={"min_stars": 6})
    assert "measure.min_stars 5 → 6 differs" in said[0]
    assert len(kept) == 1


@pytest.mark.parametrize(
    "asked", [{"drizzle": {"final_pixfrac": 0.7}}, {"measure": {"n_bootstrap": 21}}]
)
def test_another_point_is_left_alone(study, asked) -> None:
    assert study(_made_with_another_drizzle, **asked) == ([], [])
