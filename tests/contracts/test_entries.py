"""The entries of metrics: words, units, and what records bring along."""

from __future__ import annotations

import json
from dataclasses import replace

import astropy.units as u
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hstdriz_study.contracts import (
    ENTRIES,
    Better,
    DrizzleSettings,
    ErrorKind,
    Metric,
    MetricEntry,
    Need,
    Place,
    PointRecord,
    entries_of,
    gives,
    shown,
)
from hstdriz_study.contracts.artificial_metrics import COMPLETENESS_STEPS_MAG, completeness
from hstdriz_study.contracts.metric_entry import entries_given
from hstdriz_study.contracts.metric_table import DEPTH, FWHM, OF_FIELD, RMS_OVER_MEDIAN, SKY_RMS
from hstdriz_study.inject.brightness import LADDER_MAG
from hstdriz_study.study.directory.formats import FORMAT
from hstdriz_study.study.directory.layout import PointDirectory
from hstdriz_study.study.directory.record import read_bare_record, write_record

PEAK = MetricEntry("own/peak", label="peak", unit="electron / s", better=Better.HIGHER)
BARE = PointRecord(
    "k",
    "FINISHED",
    "f160w",
    DrizzleSettings(None, None, "square", "EXP", None, None, None),
    metrics={"own/bare": Metric(1.0, 0.1, "arcsec")},
)


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=lambda entry: entry.name)
def test_every_unit_is_one_that_astropy_reads(entry: MetricEntry) -> None:
    u.Unit(entry.unit)


@pytest.mark.parametrize(
    ("entry", "axis", "head", "written"),
    [
        (FWHM, "FWHM (arcsec)", 'FWHM (")', '0.2"'),
        (DEPTH, "5-sigma depth (AB mag)", "5-sigma depth (AB mag)", "0.2 AB mag"),
        (RMS_OVER_MEDIAN, "weight RMS/median", "RMS/median", "0.2"),
        (SKY_RMS, "sky RMS (e⁻/s/pixel)", "sky RMS (e⁻/s/pixel)", "0.2 e⁻/s/pixel"),
        (PEAK, "peak (e⁻/s)", "peak (e⁻/s)", "0.2 e⁻/s"),
    ],
)
def test_words_come_with_the_unit(entry: MetricEntry, axis: str, head: str, written: str) -> None:
    assert (entry.axis, entry.head, f"0.2{entry.suffix}") == (axis, head, written)


def test_a_difference_of_magnitudes_is_in_magnitudes() -> None:
    assert (DEPTH.difference_unit, FWHM.difference_unit) == ("mag", "arcsec")


@given(st.floats(0.1, 10), st.floats(0.1, 10))
def test_the_sense_says_which_of_two_values_is_better(one: float, other: float) -> None:
    for entry in ENTRIES.values():
        best = min(one, other, key=lambda value: entry.better.sense * value)
        wanted = {Better.LOWER: min(one, other), Better.HIGHER: max(one, other)}
        assert best == wanted.get(entry.better, one)


def test_a_metric_of_artificial_stars_is_told_from_the_fields_own() -> None:
    injected = [entry for entry in ENTRIES.values() if entry.group == "injected"]
    assert {entry.needs[0] for entry in injected} == {Need.ARTIFICIAL_STARS}
    assert all(entry.label.startswith("artificial stars: ") for entry in injected)
    assert ENTRIES["injected/fwhm_arcsec"].unit == FWHM.unit
    assert ENTRIES["injected/n_stars"].error is ErrorKind.EXACT


def test_completeness_has_an_entry_at_every_step_of_the_faint_stars() -> None:
    assert list(LADDER_MAG) == list(COMPLETENESS_STEPS_MAG)
    assert {completeness(float(step)).name for step in LADDER_MAG} < ENTRIES.keys()
    assert completeness(-0.2).name == "injected/completeness_0.2mag_brighter"


def test_a_metric_nobody_described_is_called_by_its_name_and_has_a_curve() -> None:
    (entry,) = entries_of([BARE]).values()
    assert (entry.name, entry.label, entry.unit) == ("own/bare", "own/bare", "arcsec")
    assert entry.drawn == (Place.CURVES,)


def test_metrics_of_this_package_come_first_and_in_its_order() -> None:
    metrics = {"own/peak": Metric(1.0, 0.1)} | {
        entry.name: Metric(1.0, 0.1) for entry in reversed(OF_FIELD)
    }
    record = replace(BARE, metrics=metrics, entries={PEAK.name: PEAK})
    assert list(entries_of([record]).values()) == [*OF_FIELD, PEAK]


def test_an_entry_that_came_later_describes_the_points_before_it() -> None:
    before = replace(BARE, metrics={"own/peak": Metric(1.0, 0.1)})
    after = replace(before, entries={PEAK.name: PEAK})
    assert entries_of([before, after])["own/peak"] == PEAK


def test_a_place_shows_the_metrics_of_this_package_and_then_the_users_own() -> None:
    mine = replace(PEAK, drawn=(Place.CHOICE,))
    assert shown(Place.CHOICE) == [FWHM, RMS_OVER_MEDIAN, DEPTH]
    assert shown(Place.CHOICE, {mine.name: mine}) == [FWHM, RMS_OVER_MEDIAN, DEPTH, mine]


def test_an_entry_is_kept_with_the_point(tmp_path) -> None:
    entry = replace(PEAK, drawn=(Place.CURVES, Place.PLANES), needs=(Need.STARS,))
    record = replace(BARE, entries={entry.name: entry})
    write_record(record, PointDirectory(tmp_path))
    assert read_bare_record(PointDirectory(tmp_path)) == record


def test_a_record_from_before_there_were_entries_is_read(tmp_path) -> None:
    write_record(BARE, PointDirectory(tmp_path))
    path = tmp_path / "record.json"
    content = json.loads(path.read_text())
    assert (content.pop("entries"), content.pop("format")) == ({}, FORMAT)
    path.write_text(json.dumps(content))
    assert read_bare_record(PointDirectory(tmp_path)) == BARE


def test_a_function_says_what_it_gives() -> None:
    @gives(PEAK)
    def measure_peak(_point: object, _context: object) -> dict[str, Metric]:
        return {}

    assert entries_given(measure_peak) == {"own/peak": PEAK}
    assert entries_given(len) == {}
