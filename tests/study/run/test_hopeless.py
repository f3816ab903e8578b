"""Points are left out when the weight map foreseen breaks a limit, with the numbers that say so."""

from __future__ import annotations

import logging

import pytest

from hstdriz_study.errors import StudyError
from hstdriz_study.study.config import drizzle_settings
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.run.hopeless import hopeless_points
from hstdriz_study.study.run.point import StudyPoint


@pytest.fixture
def foreseen(field_of_two):
    """Return what the field foresees of the weights of a point."""

    def spread(scale, pixfrac):
        settings = drizzle_settings(field_of_two.point(scale, pixfrac))
        (weight,) = field_of_two.field.predict_weights([settings], 1)
        return weight.spread

    return spread


@pytest.fixture
def point(field_of_two, tmp_path):
    """Make a point of a study; limits that are not given are not reached."""

    def made(number, scale=0.064, pixfrac=0.1, **predict):
        limits = {"skip": True, "max_rms_over_median": 1e6, "max_hole_fraction": 1.0} | predict
        config = field_of_two.point(scale, pixfrac, predict=limits)
        return StudyPoint(number, config, StudyDirectory(tmp_path).point(number))

    return made


@pytest.fixture
def hopeless(field_of_two):
    return lambda *points: hopeless_points(points, {"f160w": field_of_two.field})


def test_small_drops_are_left_out_with_number_key_and_limit(point, hopeless, foreseen):
    seen = foreseen(0.064, 0.1)
    assert seen.hole_fraction > 0.2
    asked = point(3, max_hole_fraction=0.125)
    ((one, reason),) = hopeless(asked)
    assert one is asked
    assert reason == (
        f"not run: in the weight map foreseen, hole fraction {seen.hole_fraction:.3g} is above "
        "predict.max_hole_fraction=0.125"
    )


def test_both_limits_are_named_when_both_are_broken(point, hopeless, foreseen):
    seen = foreseen(0.064, 0.4)
    ((_, reason),) = hopeless(
        point(0, pixfrac=0.4, max_rms_over_median=1e-9, max_hole_fraction=1e-9)
    )
    assert reason.endswith(
        f"RMS/median {seen.rms_over_median:.3g} is above predict.max_rms_over_median=1e-09 and "
        f"hole fraction {seen.hole_fraction:.3g} is above predict.max_hole_fraction=1e-09"
    )


def test_a_weight_map_at_its_limits_is_not_hopeless(point, hopeless, foreseen):
    seen = foreseen(0.064, 0.4)
    limits = {
        "max_rms_over_median": seen.rms_over_median,
        "max_hole_fraction": seen.hole_fraction,
    }
    assert seen.rms_over_median > 0
    assert hopeless(point(0, pixfrac=0.4, **limits)) == []


def test_each_point_is_judged_by_its_own_weights_and_limits(point, hopeless):
    small, large = point(0, max_hole_fraction=0.01), point(1, 0.128, 1.0, max_hole_fraction=0.01)
    patient = point(2, max_hole_fraction=1.0)
    assert [one.number for one, _ in hopeless(large, small, patient)] == [0]
    assert [one.number for one, _ in hopeless(patient, small, large)] == [0]


def test_only_points_that_ask_for_it_are_looked_at(point, hopeless, caplog):
    caplog.set_level(logging.INFO)
    unasked = point(0, skip=False, max_hole_fraction=0.01)
    assert hopeless(unasked) == []
    assert not caplog.messages
    asked = point(1, max_hole_fraction=0.01)
    assert [one.number for one, _ in hopeless(unasked, asked)] == [1]
    assert "f160w: foreseeing the weight map of 1 points" in caplog.messages


def test_points_of_a_filter_that_could_not_be_prepared_are_left_to_fail(field_of_two, point):
    broken = {"f814w": StudyError("no exposures"), "f160w": field_of_two.field}
    asked = point(0, max_hole_fraction=0.01)
    assert [one for one, _ in hopeless_points([asked], broken)] == [asked]
    assert hopeless_points([asked], {"f160w": StudyError("no exposures")}) == []
