"""What the pages say of a choice besides the choice."""

from __future__ import annotations

import math
import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from hstdriz_study.choose import (
    Choice,
    HandbookPick,
    Price,
    choose,
    choose_all,
    choose_common_scale,
)
from hstdriz_study.choose.words.firmness import margin_said
from hstdriz_study.contracts import Metric, PointRecord
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.report.findings import (
    METRIC_HEADS,
    PRICE_HEADS,
    common_told,
    extension,
    firmness,
    goal_rows,
    metric_rows,
    regret_lead,
    regret_rows,
    rules_silent,
    skipped_points,
    vote_rows,
    warnings_told,
)
from hstdriz_study.study.report.tables import rule_heads, rule_rows

if TYPE_CHECKING:
    from hstdriz_study.choose import ChoiceSettings

STUDY = {"overrides": ["study=mine", "drizzle.final_scale=1,2", "track.experiment=a b"]}


@pytest.fixture
def of_filter(study_records: list[PointRecord]) -> list[PointRecord]:
    return [record for record in study_records if record.filter == "f160w"]


@pytest.fixture
def choice(
    of_filter: list[PointRecord], config: ChoiceSettings, handbooks: dict[str, HandbookPick]
) -> Choice:
    return choose(of_filter, config, handbooks["f160w"])


def _on_edge(
    of_filter: list[PointRecord], config: ChoiceSettings, handbooks: dict[str, HandbookPick]
) -> Choice:
    coarse = [r for r in of_filter if r.settings.final_scale_arcsec > 0.07]
    found = choose(coarse, config, handbooks["f160w"])
    assert found.extension
    return found


def test_command_that_extends_the_sweep_is_the_studys_own_with_its_grid_replaced(
    of_filter: list[PointRecord], config: ChoiceSettings, handbooks: dict[str, HandbookPick]
) -> None:
    on_edge = _on_edge(of_filter, config, handbooks)
    found = extension(STUDY, on_edge, StudyDirectory(Path("/data/my study")))
    assert found is not None
    words = shlex.split(found.command)
    assert words[:2] == ["hstdriz-study", "study=mine"]
    assert "track.experiment=a b" in words
    assert "hydra.sweep.dir=/data/my study" in words
    assert set(on_edge.extension) < set(words)
    keys = [word.split("=")[0] for word in words]
    assert len(keys) == len(set(keys))


def test_one_filter_of_several_is_extended_as_a_study_of_its_own(
    of_filter: list[PointRecord], config: ChoiceSettings, handbooks: dict[str, HandbookPick]
) -> None:
    on_edge = _on_edge(of_filter, config, handbooks)
    several = STUDY | {"filters": ["f160w", "f814w"]}
    found = extension(several, on_edge, StudyDirectory(Path("/data/study")))
    assert found is not None
    assert "filter=f160w" in found.command
    assert "hydra.sweep.dir" not in found.command
    assert "of this filter alone" in found.note


def test_inside_the_swept_range_there_is_nothing_to_extend(
    choice: Choice,
) -> None:
    assert extension(STUDY, replace(choice, beyond=None), StudyDirectory(Path("x"))) is None


def test_warning_without_the_exact_command_gives_way_to_the_command(
    of_filter: list[PointRecord], config: ChoiceSettings, handbooks: dict[str, HandbookPick]
) -> None:
    on_edge = _on_edge(of_filter, config, handbooks)
    (edge,) = (w for w in on_edge.warnings if "edge of the swept range" in w)
    assert warnings_told(on_edge, ("few stars", "few stars")) == [
        *(w for w in on_edge.warnings if w != edge),
        "few stars",
    ]


def test_every_goal_is_told_and_the_one_used_is_marked(choice: Choice) -> None:
    goals = [row[1] for row in goal_rows([choice])]
    assert goals == ["default (used)", "point_sources", "lensing", "morphology", "photometry"]


def test_firmness_tells_the_rival_and_the_chance_of_another_choice(choice: Choice) -> None:
    told = dict(firmness(choice))
    assert choice.margin is not None
    assert told["Runner-up"] == margin_said(choice.margin, choice.runner_up.label)
    assert told["Under resampling"].startswith("It would change with a probability of")
    shares = [row[1] for row in vote_rows(choice)]
    assert all(share.endswith("%") for share in shares)


def test_spread_over_phases_stands_beside_the_error(of_filter: list[PointRecord]) -> None:
    phases = np.array([0.2, 0.21, 0.19, 0.2])
    metric = Metric(0.2, 0.002, "arcsec", phases=phases)
    (row,) = metric_rows(replace(of_filter[0], metrics={"psf/fwhm_arcsec": metric}))
    told = dict(zip(METRIC_HEADS, row, strict=True))
    assert told["value ± error"] == "0.2000 ± 0.0020"
    assert math.isclose(float(told["spread over grid phases"]), phases.std(ddof=1), rel_tol=0.05)
    assert told["spread / error"] == "4.1"


def test_a_metric_nobody_named_is_told_by_its_own_name(of_filter: list[PointRecord]) -> None:
    record = replace(of_filter[0], metrics={"mine/score": Metric(1.0, math.nan)})
    assert metric_rows(record) == [("mine/score", "1", "-", "-", "-")]


def test_skipped_points_are_told_with_their_reason(of_filter: list[PointRecord]) -> None:
    skipped = replace(of_filter[0], status="SKIPPED", error="holes foreseen")
    assert skipped_points([skipped, of_filter[1]]) == [('0.1283", pixfrac 0.2', "holes foreseen")]


def test_price_of_a_common_scale_is_told_for_every_filter(
    of_filter: list[PointRecord], config: ChoiceSettings, handbooks: dict[str, HandbookPick]
) -> None:
    other = [replace(record, filter="f814w", key=f"other-{record.key}") for record in of_filter]
    common = choose_common_scale([*of_filter, *other], config, handbooks)
    told = common_told(common, asked=False)
    assert told is not None
    assert [row[0] for row in told["prices"]] == ["f160w", "f814w"]
    assert all(len(row) == len(PRICE_HEADS) for row in told["prices"])


def test_a_common_scale_that_fails_is_told_only_when_it_was_asked_for(
    study_records: list[PointRecord], config: ChoiceSettings, handbooks: dict[str, HandbookPick]
) -> None:
    common = choose_common_scale(study_records, config, handbooks)
    assert common.final_scale_arcsec is None
    assert common_told(common, asked=False) is None
    told = common_told(common, asked=True)
    assert told is not None
    assert "No final_scale is swept in every filter" in told["cannot"]


def test_rules_are_shown_side_by_side_a_column_a_filter(choice: Choice) -> None:
    other = replace(
        choice, filter="f814w", by_rule=tuple(replace(p, point=None) for p in choice.by_rule)
    )
    assert rule_heads([choice, other]) == ("rule", "f160w", "f814w")
    rows = rule_rows([choice, other])
    assert [row[0] for row in rows[:2]] == ["default (used)", "handbook"]
    assert rows[0][1] == f'{choice.chosen.final_scale_arcsec:.4g}", {choice.chosen.final_pixfrac:g}'
    assert {row[2] for row in rows} == {"none"}
    assert all("in f814w: " in why for why in rules_silent([choice, other]))


def test_a_goal_whose_rule_or_limits_were_changed_is_not_marked_as_used(
    of_filter: list[PointRecord], config: ChoiceSettings, handbooks: dict[str, HandbookPick]
) -> None:
    for changed in (replace(config, rule="handbook"), replace(config, min_pixels_per_fwhm=1.5)):
        choices = choose_all(of_filter, changed, handbooks)
        assert not any("(used)" in row[1] for row in goal_rows(choices))


def test_what_one_loses_at_most_is_told_of_each_choice_and_of_its_alternatives(
    study_records: list[PointRecord], config: ChoiceSettings, handbooks: dict[str, HandbookPick]
) -> None:
    choices = choose_all(study_records, config, handbooks)
    chosen = [choice for choice in choices if choice.chosen is not None]
    lead = regret_lead(choices)
    assert [(row[0], row[1]) for row in lead] == [(c.filter, c.chosen.label) for c in chosen]
    for choice in chosen:
        named, others = regret_rows(choice)
        assert named[0][0] == choice.chosen.label
        assert named[0][1].startswith("chosen")
        assert any("sharpest" in row[1] for row in named)
        assert all(row[1] == "admissible" for row in others)


def test_what_an_earlier_version_took_is_told_with_the_firmness(choice: Choice) -> None:
    assert choice.earlier is None
    price = replace(choice.regrets[0].fwhm_growth, value=0.01)
    earlier = Price(
        "f160w", choice.chosen, choice.chosen, price, replace(price, value=0.0), price, 2.0
    )
    told = dict(firmness(replace(choice, earlier=earlier)))
    assert told["By an earlier version"].startswith("An earlier version of this rule would have")
