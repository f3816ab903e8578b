"""A study from Python: what it measured, other rules and limits, and nothing written."""

from __future__ import annotations

from pathlib import Path

import astropy.units as u
import numpy as np
import pytest

from hstdriz_study.errors import StudyError
from hstdriz_study.json_files import read_json
from hstdriz_study.study import open_study

KEPT = Path(__file__).parents[1] / "kept" / "a23d761"


@pytest.fixture(scope="module")
def study():
    return open_study(KEPT)


def test_points_are_a_table_with_units(study):
    assert len(study.points) == len(study.records)
    assert study.points["psf/fwhm_arcsec"].unit == u.arcsec
    assert study.points["final_scale_arcsec"].unit == u.arcsec
    assert set(study.points["filter"]) == set(study.filters)


@pytest.mark.parametrize("rule", ["handbook", "deepest", "uniform_noise", "pareto_knee"])
def test_another_rule_takes_what_the_report_says_that_it_would(study, rule):
    assert list(study.choices) == list(study.filters)
    for name, choice in study.choose(rule=rule).items():
        assert (choice.rule, choice.filter) == (rule, name)
        picks = {pick.rule: pick.point for pick in study.choices[name].by_rule}
        assert choice.chosen == picks[rule]


def test_other_limits_are_tried_without_running_anything(study):
    before = sorted((path, path.stat().st_mtime_ns) for path in KEPT.rglob("*"))
    name = study.filters[0]
    measured = study.points[study.points["filter"] == name]["weight/rms_over_median"]
    strict = study.choose(max_rms_over_median=float(np.nanmin(measured)) * 1.0001)[name]
    assert strict.chosen is None or strict.chosen.metrics["weight/rms_over_median"].value <= (
        np.nanmin(measured) * 1.0001
    )
    assert sorted((path, path.stat().st_mtime_ns) for path in KEPT.rglob("*")) == before


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"max_rms": 0.1}, "choose.max_rms: there is no such key"),
        ({"rule": "depest"}, "deepest"),
        ({"max_rms_over_median": -1.0}, "choose.max_rms_over_median=-1.0: must be above 0"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence(study, changes, sentence):
    with pytest.raises(StudyError, match=sentence):
        study.choose(**changes)


def test_stars_dithers_and_regions_are_those_of_the_filter(study):
    name = study.filters[0]
    assert len(study.stars(name)) == len(study.regions(name).stars) > 0
    assert study.stars(name)["ra"].unit == u.deg
    inputs = read_json(KEPT / "filters" / name / "setup.json")["inputs"]
    assert set(study.dithers(name)["exposure"]) == {Path(path).name for path in inputs}
    with pytest.raises(StudyError, match="f999w: there is no such filter"):
        study.stars("f999w")


def test_a_notebook_shows_the_choices(study):
    shown = study._repr_html_()
    assert shown.count("<tr>") == 1 + len(study.filters)
    assert all(f"<td>{name}</td>" in shown for name in study.filters)
    assert repr(study).startswith(f"<study {KEPT}: ")


def test_a_point_is_known_by_its_key(study):
    with pytest.raises(StudyError, match=r"^0 points have a key that begins with 'zz'"):
        study.image("zz")


def test_a_directory_without_a_study_is_one_sentence(tmp_path):
    with pytest.raises(StudyError, match="no such file; name the directory of a study"):
        open_study(tmp_path)
