"""What MLflow is told about a record."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hstdriz_study.contracts import DrizzleSettings, Metric, PointRecord
from hstdriz_study.study.track.notes import point_note, study_note
from hstdriz_study.study.track.payload import dataset_of, metrics_of, params_of, run_name, tags_of

RECORD = PointRecord(
    key="k",
    status="FINISHED",
    filter="f160w",
    settings=DrizzleSettings(0.065, 0.6, "square", "EXP", None, None, None),
    metrics={"psf/fwhm_arcsec": Metric(0.1980001234, 0.0015, "arcsec")},
    timing_s={"drizzle": 1.5},
)


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({}, "f160w 0.065″ pf 0.6"),
        ({"final_kernel": "lanczos3"}, "f160w 0.065″ pf 0.6 lanczos3"),
        ({"final_rot": 30.0}, "f160w 0.065″ pf 0.6 rot 30°"),
        ({"final_wht_type": "IVM"}, "f160w 0.065″ pf 0.6 IVM weights"),
        ({"final_scale_arcsec": None, "final_pixfrac": None}, "f160w default scale"),
    ],
)
def test_run_name_names_what_differs_from_the_usual(settings: dict[str, object], name: str) -> None:
    assert run_name(replace(RECORD, settings=replace(RECORD.settings, **settings))) == name


def test_every_metric_has_its_uncertainty_and_every_stage_its_time() -> None:
    assert metrics_of(RECORD) == {
        "psf/fwhm_arcsec": 0.198,
        "psf/fwhm_arcsec_err": 0.0015,
        "time/drizzle_s": 1.5,
    }


@given(value=st.floats(), err=st.floats())
def test_only_finite_numbers_are_sent(value: float, err: float) -> None:
    sent = metrics_of(replace(RECORD, metrics={"m": Metric(value, err)}))
    assert all(math.isfinite(number) for number in sent.values())
    assert ("m" in sent) == math.isfinite(value)


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_a_sent_number_is_right_to_six_digits(value: float) -> None:
    sent = metrics_of(replace(RECORD, metrics={"m": Metric(value, 0.0)})).get("m", value)
    assert sent == pytest.approx(value, rel=5.01e-6)


def test_settings_that_hold_nothing_are_not_parameters() -> None:
    assert params_of(RECORD) == {
        "filter": "f160w",
        "final_scale_arcsec": "0.065",
        "final_pixfrac": "0.6",
        "final_kernel": "square",
        "final_wht_type": "EXP",
    }


def test_a_setting_that_is_no_axis_of_a_plot_is_a_tag() -> None:
    record = replace(RECORD, settings=replace(RECORD.settings, final_rot=0.0, final_bits=576))
    assert params_of(record) == params_of(RECORD)
    tags = tags_of(record, "note")
    assert (tags["study.final_rot"], tags["study.final_bits"]) == ("0", "576")


def test_the_same_exposures_are_the_same_dataset_and_others_are_not() -> None:
    first = replace(RECORD, provenance={"dataset": {"name": "s"}, "inputs": {"a.fits": "1"}})
    again = replace(RECORD, key="other", provenance=dict(reversed(first.provenance.items())))
    other = replace(RECORD, provenance={"dataset": {"name": "s"}, "inputs": {"a.fits": "2"}})
    assert dataset_of(first) == dataset_of(again)
    assert dataset_of(first) != dataset_of(other)
    assert dataset_of(RECORD) is None


def test_a_failed_point_says_so_first() -> None:
    note = point_note(replace(RECORD, status="FAILED", error="no overlap", metrics={}))
    assert note.startswith("**Failed:** no overlap")


def test_a_point_begins_with_what_was_measured() -> None:
    assert point_note(RECORD).startswith("FWHM **0.198 ± 0.0015 arcsec**")


def test_what_could_not_be_measured_is_named() -> None:
    note = point_note(replace(RECORD, metrics={"psf/fwhm_arcsec": Metric(math.nan, math.nan)}))
    assert "| psf/fwhm_arcsec | not measured |" in note


def test_a_study_answers_before_it_explains() -> None:
    choice = {
        "filter": "f160w",
        "final_scale_arcsec": 0.065,
        "final_pixfrac": 0.6,
        "reason": ["Sharp | deep.", "Large pixfrac."],
    }
    none = {"filter": "f814w", "final_scale_arcsec": None, "cannot_choose": "too few stars"}
    note = study_note(title="T", overrides=["a=1"], links={"Compare": "L"}, choices=[choice, none])
    second_line = note.split("\n\n")[1]
    assert second_line == "**f160w: 0.065″, pixfrac 0.6**, **f814w: no choice**"
    assert "Sharp \\| deep. Large pixfrac." in note
    assert "too few stars" in note


def test_study_note_tells_every_warning_with_its_filter() -> None:
    warned = {"filter": "f160w", "warnings": ["The exposures are misaligned", "4 stars"]}
    note = study_note(title="T", overrides=[], links={}, choices=[warned, {"filter": "f814w"}])
    assert "- ⚠ f160w: The exposures are misaligned\n- ⚠ f160w: 4 stars" in note
    assert "⚠ f814w" not in note
