"""What the rule says of changed weights and depth, and how it is told."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from omegaconf import OmegaConf

from hstdriz_study.choose import ChoiceSettings, handbook_pick
from hstdriz_study.choose.words.rejections import why_not
from hstdriz_study.conf_files import conf_directory
from hstdriz_study.contracts import DrizzleSettings, Metric, PointRecord
from hstdriz_study.measure import WeightSpread
from hstdriz_study.what_if.change import parse_change
from hstdriz_study.what_if.foresee import WhatIf
from hstdriz_study.what_if.judge import Outcome, judge
from hstdriz_study.what_if.outcome_table import what_if_table
from hstdriz_study.what_if.scenarios import NOW, Scenario
from hstdriz_study.what_if.words import MAX_ROWS, what_if_markdown, what_if_text, what_if_told

SETTINGS = ChoiceSettings(
    **OmegaConf.to_container(OmegaConf.load(conf_directory() / "choose" / "default.yaml"))
)
HANDBOOK = handbook_pick(1545.0, 0.1283)
FOUR = Scenario(NOW, (0, 1, 2, 3), (500.0, 500.0, 500.0, 900.0))


def record(pixfrac: float, fwhm_arcsec: float, rms_over_median: float, **changes) -> PointRecord:
    metrics = {
        "psf/fwhm_arcsec": Metric(fwhm_arcsec, 0.0005, "arcsec"),
        "psf/pixels_per_fwhm": Metric(fwhm_arcsec / 0.065, 0.01),
        "weight/rms_over_median": Metric(rms_over_median, 0.001),
        "weight/hole_fraction": Metric(0.0, 0.0),
        "noise/depth_abmag": Metric(26.4, 0.02, "mag(AB)", replicates=np.array([26.38, 26.42])),
    }
    settings = DrizzleSettings(0.065, pixfrac, "square", "EXP", 0.0, None, 64)
    made = {"key": f"pf{pixfrac}", "status": "FINISHED", "filter": "f160w", "settings": settings}
    return PointRecord(**(made | {"metrics": metrics} | changes))


RECORDS = (
    record(0.4, 0.172, 0.10),
    record(0.8, 0.186, 0.05),
    record(0.2, 0.0, 0.0, status="SKIPPED", metrics={}, error="holes foreseen"),
)


def outcome(scenario: Scenario, *ratios: float) -> Outcome:
    spreads = [WeightSpread(rms=ratio, median=1.0, hole_fraction=0.0) for ratio in ratios]
    return judge(scenario, FOUR, RECORDS, spreads, settings=SETTINGS, handbook=HANDBOOK)


def dropped(index: int, *ratios: float) -> Outcome:
    left = tuple(number for number in FOUR.combination if number != index)
    times = tuple(FOUR.exptimes_s[number] for number in left)
    return outcome(Scenario(f"without {index}", left, times), *ratios)


def found(*after: Outcome) -> WhatIf:
    now = outcome(FOUR, 0.10, 0.05, 0.4)
    return WhatIf(
        "f160w",
        parse_change("drop:1"),
        SETTINGS,
        RECORDS,
        RECORDS[0],
        now,
        after,
        (),
        "i1_flt.fits",
    )


def test_rule_takes_another_point_when_the_chosen_one_becomes_too_uneven():
    now, after = outcome(FOUR, 0.10, 0.05, 0.4), dropped(0, 0.3, 0.12, 0.6)
    assert now.taken is not None
    assert now.taken.key == "pf0.4"
    assert now.admissible == {"pf0.4", "pf0.8"}
    assert after.taken is not None
    assert after.taken.key == "pf0.8"
    assert after.admissible == {"pf0.8"}
    assert "RMS/median 0.3 exceeds the limit 0.2" in why_not(after.faults["pf0.4"])


def test_depth_moves_and_sharpness_stays():
    taken = dropped(3, 0.1, 0.05, 0.4).taken
    assert taken is not None
    by = 1.25 * np.log10(1500 / 2400)
    assert taken.metrics["noise/depth_abmag"].value == pytest.approx(26.4 + by)
    np.testing.assert_allclose(
        taken.metrics["noise/depth_abmag"].replicates, np.array([26.38, 26.42]) + by
    )
    assert taken.metrics["psf/fwhm_arcsec"].value == RECORDS[0].metrics["psf/fwhm_arcsec"].value


def test_point_that_was_skipped_is_judged_by_its_weights_alone():
    after = dropped(0, 0.3, 0.12, 0.15)
    assert "pf0.2" in after.within_weights
    assert "pf0.2" not in after.admissible


def test_a_rule_without_a_limit_on_unevenness_permits_points_that_are_uneven():
    spreads = [WeightSpread(rms=ratio, median=1.0, hole_fraction=0.0) for ratio in (0.3, 0.1, 0.5)]

    def permitted(rule):
        settings = replace(SETTINGS, rule=rule)
        asked = judge(FOUR, FOUR, RECORDS, spreads, settings=settings, handbook=HANDBOOK)
        told = what_if_text([what_if_told(replace(found(asked), settings=settings))])
        return asked.within_weights, "RMS/median ≤ 0.2" in told

    assert permitted("default") == ({"pf0.8"}, True)
    assert permitted("curve_break") == ({"pf0.2", "pf0.4", "pf0.8"}, False)


def test_words_give_the_range_of_depth_where_exposures_differ_in_length():
    told = what_if_told(found(dropped(3, 0.3, 0.12, 0.6), dropped(0, 0.25, 0.1, 0.5)))
    text = what_if_text([told])
    assert "26.145 (-0.354 to -0.255)" in text
    assert "stays admissible in 0 of them" in text
    assert "no longer admissible: 0.065" in text


def test_many_cases_are_told_by_the_worst_ones_and_the_best_one():
    cases = [dropped(0, 0.4 - 0.01 * number, 0.1, 0.5) for number in range(30)]
    told = [what_if_told(found(*cases))]
    page = what_if_markdown(parse_change("drop:1"), told, "Exposures: /data")
    assert page.splitlines()[2] == "Exposures: /data"
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    assert sum("without 0" in row for row in rows) == MAX_ROWS
    assert any("more cases between" in row for row in rows)
    assert any("| 0.110 |" in row for row in rows)


def test_table_has_a_row_a_case_and_point():
    table = what_if_table([found(dropped(0, 0.3, 0.12, 0.6))])
    assert len(table) == 2 * len(RECORDS)
    assert str(table["depth_change"].unit) == "mag"
    kept = [bool(row["admissible"]) for row in table]
    assert kept == list(itertools.chain([True, True, False], [False, True, False]))
