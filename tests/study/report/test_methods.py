"""The paragraph for a paper says what this study did, and cites what it used."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from hstdriz_study.choose import Choice, HandbookPick, choose_all
from hstdriz_study.study.report.methods import bibtex, methods_paragraph

if TYPE_CHECKING:
    from hstdriz_study.choose import ChoiceSettings
    from hstdriz_study.contracts import PointRecord

STUDY: dict[str, Any] = {
    "versions": {"drizzlepac": "3.11.0", "hstdriz-study": "9.8.7"},
    "config": {
        "prepare": {"wcs": "updatewcs", "tweakreg": True},
        "drizzle": {"engine": "astrodrizzle"},
        "measure": {"n_bootstrap": 321, "grid_phases": 3},
    },
}


@pytest.fixture
def choices(
    study_records: list[PointRecord], config: ChoiceSettings, handbooks: dict[str, HandbookPick]
) -> list[Choice]:
    return choose_all(study_records, config, handbooks)


def test_paragraph_tells_the_studys_own_settings_and_numbers(
    study_records: list[PointRecord], choices: list[Choice], config: ChoiceSettings
) -> None:
    exposures = {"f160w": (4, 2412.0)}
    said = methods_paragraph(STUDY, study_records, choices, config, exposures)
    for words in (
        "(F160W: 4, 2412 s)",
        "which takes of the points practically as sharp as the sharpest",
        "F160W and F814W",
        "hstdriz-study 9.8.7",
        "DrizzlePac 3.11.0",
        "aligned with TweakReg",
        "made anew with stwcs' updatewcs",
        "29 settings",
        "with AstroDrizzle itself",
        "321 bootstrap resamples",
        "9 sub-pixel phases",
        "RMS/median of at most 0.2",
        "For F160W we adopt 0.08 arcsec pixels and pixfrac 0.6 (FWHM 0.2010 ± 0.0020 arcsec",
    ):
        assert words in said
    assert "\n" not in said


def test_paragraph_tells_where_was_measured_and_of_which_stars(
    study_records: list[PointRecord], choices: list[Choice], config: ChoiceSettings
) -> None:
    for measure, words in (
        ({"region": "/data/m83.reg"}, " Stars, blank sky and weights were taken inside m83.reg."),
        (
            {"region": 'circle(1, 2, 3")', "leave_out": "/data/spikes.reg", "stars": "/d/list.csv"},
            ' weights were taken inside circle(1, 2, 3") and outside of spikes.reg. The stars are',
        ),
    ):
        study = STUDY | {"config": STUDY["config"] | {"measure": measure}}
        assert words in methods_paragraph(study, study_records, choices, config)
    assert "were taken" not in methods_paragraph(STUDY, study_records, choices, config)


def test_paragraph_tells_what_flagged_cosmic_rays(
    study_records: list[PointRecord], choices: list[Choice], config: ChoiceSettings
) -> None:
    for prepare, words in (
        ({}, "cosmic rays were flagged by AstroDrizzle."),  # as earlier versions did
        ({"engine": "astrodrizzle"}, "cosmic rays were flagged by AstroDrizzle."),
        ({"engine": "fast"}, "cosmic rays were flagged as AstroDrizzle flags them."),
    ):
        study = STUDY | {"config": STUDY["config"] | {"prepare": prepare}}
        assert words in methods_paragraph(study, study_records, choices, config)


def test_paragraph_without_alignment_or_choice_does_not_claim_them(
    study_records: list[PointRecord], config: ChoiceSettings, handbooks: dict[str, HandbookPick]
) -> None:
    failed = [record for record in study_records if record.status == "FAILED"]
    none = choose_all(failed, config, handbooks)
    said = methods_paragraph({}, failed, none, config)
    assert "TweakReg" not in said
    assert "For F814W no setting could be chosen." in said
    assert "phases" not in said


def test_paragraph_begins_with_simulated_exposures_and_says_nothing_of_ones_own(
    study_records: list[PointRecord], choices: list[Choice], config: ChoiceSettings
) -> None:
    dataset = {
        "kind": "synthetic", "path": None, "seed": 7, "n_exposures": 6, "full_frame": False,
        "pointing_error_px": 0.0,
    }  # fmt: skip
    simulated = STUDY | {"datasets": {"f160w": dataset, "f814w": dataset}}
    said = methods_paragraph(simulated, study_records, choices, config)
    assert said.startswith(
        "The exposures are simulated (seed 7, 6 exposures a filter), not HST data: no number below "
        "may be quoted as measured on HST data. We chose"
    )
    ours = STUDY | {"datasets": {"f160w": dataset | {"kind": "local", "path": "/data"}}}
    said = methods_paragraph(ours, study_records, choices, config)
    assert said.startswith("We chose")
    assert "simulated" not in said


def test_every_citation_has_its_bibtex_with_the_version_used() -> None:
    entries = bibtex(STUDY)
    for key in ("FruchterHook2002", "Casertano2000", "Gonzaga2012", "Hoffmann2021", "photutils",
                "Astropy2022", "Hydra2019", "MLflow2018", "hstdrizstudy"):  # fmt: skip
        assert re.search(rf"@\w+\{{{key},", entries)
    assert "version   = {3.11.0}" in entries
    assert entries.count("{") == entries.count("}")
    assert "<" not in entries


def test_paragraph_of_a_refined_study_says_to_what_tolerance(
    study_records: list[PointRecord], choices: list[Choice], config: ChoiceSettings
) -> None:
    refine = {"enabled": True, "max_points": 40, "scale_tolerance": 0.06, "pixfrac_tolerance": 0.05}
    study = STUDY | {"config": STUDY["config"] | {"refine": refine}}
    said = methods_paragraph(study, study_records, choices, config)
    assert "up to 40 settings were added around the choice of each filter" in said
    assert "within 6 % in scale" in said
    assert "0.05 in pixfrac" in said
    assert "around the choice" not in methods_paragraph(STUDY, study_records, choices, config)


def test_paragraph_names_the_limits_of_its_rule_and_no_goal_that_was_changed(
    study_records: list[PointRecord], config: ChoiceSettings, handbooks: dict[str, HandbookPick]
) -> None:
    by_hand = replace(config, rule="handbook")
    said = methods_paragraph(
        STUDY, study_records, choose_all(study_records, by_hand, handbooks), by_hand
    )
    assert "with RMS/median of at most 0.2 and a fraction" in said
    assert "pixels per FWHM" not in said
    assert "for the goal" not in said
