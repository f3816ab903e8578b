"""What is foretold between the points is kept with what it is about, and told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hstdriz_study.choose import ChoiceSettings, choose, handbook_pick
from hstdriz_study.contracts import DrizzleSettings, Metric, PointRecord
from hstdriz_study.refine import Between, Spot
from hstdriz_study.study.config import choice_settings
from hstdriz_study.study.directory.between_record import read_between, write_between
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.report.between import BETWEEN_HEADS, TAKEN, between_told

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.choose import Choice

OPEN = Between(
    Spot(0.06, 0.5), Metric(0.18, 0.001, "arcsec"), Metric(26.4, 0.002, "mag(AB)"), 0.0734, 3.9e-5,
    verdict="practically equal", is_taken=False,
)  # fmt: skip
TAKEN_PLACE = replace(OPEN, spot=Spot(0.07, 0.5), depth=None, verdict="", is_taken=True)
STUDY = {"overrides": ["--multirun", "study=mine", "refine=false", "hydra.sweep.dir=elsewhere"]}


def record(scale: float) -> PointRecord:
    metrics = {
        "psf/fwhm_arcsec": Metric(0.15 + scale / 3, 1e-4, "arcsec"),
        "psf/pixels_per_fwhm": Metric((0.15 + scale / 3) / scale, 0.0),
        "weight/rms_over_median": Metric(0.1, 0.0),
        "weight/hole_fraction": Metric(0.0, 0.0),
        "noise/depth_abmag": Metric(26.4, 1e-3, "mag(AB)"),
    }
    settings = DrizzleSettings(scale, 0.8, "square", "EXP", None, None, None)
    return PointRecord(f"{scale}", "FINISHED", "f160w", settings, metrics)


RECORDS = [record(scale) for scale in (0.05, 0.07)]


@pytest.fixture(scope="module")
def settings(compose_config) -> ChoiceSettings:
    return choice_settings(compose_config().choose)


@pytest.fixture
def choice(settings: ChoiceSettings) -> Choice:
    return choose(RECORDS, settings, handbook_pick(1545.0, 0.128))


@pytest.fixture
def study_dir(tmp_path: Path) -> StudyDirectory:
    study_dir = StudyDirectory(tmp_path)
    study_dir.of_filter("f160w").path.mkdir(parents=True)
    return study_dir


def test_places_are_read_as_they_were_written(choice: Choice, study_dir: StudyDirectory) -> None:
    filter_dir = study_dir.of_filter("f160w")
    assert read_between(choice, RECORDS, filter_dir) is None
    write_between([OPEN, TAKEN_PLACE], choice, RECORDS, filter_dir)
    assert read_between(choice, RECORDS, filter_dir) == (OPEN, TAKEN_PLACE)


@pytest.mark.parametrize(
    ("records", "rule"), [([*RECORDS, record(0.06)], "default"), (RECORDS, "deepest")]
)
def test_places_of_other_points_or_another_rule_are_not_told(
    choice: Choice, study_dir: StudyDirectory, records: list[PointRecord], rule: str
) -> None:
    write_between([OPEN], choice, RECORDS, study_dir.of_filter("f160w"))
    other = replace(choice, rule=rule)
    assert between_told(STUDY, other, records, study_dir) is None


def test_the_place_that_the_rule_would_take_has_the_command_that_runs_it(
    choice: Choice, study_dir: StudyDirectory
) -> None:
    write_between([OPEN, TAKEN_PLACE], choice, RECORDS, study_dir.of_filter("f160w"))
    told = between_told(STUDY, choice, RECORDS, study_dir)
    assert told is not None
    assert '0.07", pixfrac 0.5' in told.sentence
    assert told.command is not None
    assert told.command.split() == [
        "hstdriz-study", "study=mine", "refine=true", f"hydra.sweep.dir={study_dir.path}",
    ]  # fmt: skip
    assert all(len(row) == len(BETWEEN_HEADS) for row in told.rows)
    assert told.rows[0][2:] == (
        "0.1800 ± 0.0010", "26.4000 ± 0.0020", "0.073", "3.9e-05", "practically equal",
    )  # fmt: skip
    assert told.rows[1][-1] == TAKEN
    assert told.rows[1][3] == "-"


def test_where_no_place_would_be_taken_there_is_no_command(
    choice: Choice, study_dir: StudyDirectory
) -> None:
    write_between([OPEN], choice, RECORDS, study_dir.of_filter("f160w"))
    told = between_told(STUDY, choice, RECORDS, study_dir)
    assert told is not None
    assert told.command is None
    assert "none" in told.sentence


def test_nothing_is_said_where_nothing_was_foretold(
    choice: Choice, study_dir: StudyDirectory
) -> None:
    write_between([], choice, RECORDS, study_dir.of_filter("f160w"))
    assert between_told(STUDY, choice, RECORDS, study_dir) is None
