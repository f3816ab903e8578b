"""A rule of one's own: one object and one line, and everything that reads rules knows it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from hstdriz_study.choose import RULES, Rule, choose, find_rule, picks_by_rule
from hstdriz_study.choose.margin import Criterion
from hstdriz_study.choose.points import COMMON_METRICS, FWHM, metric_of
from hstdriz_study.choose.ranking import NO_SIGMA, SMOOTHEST, Ranking, decide_by
from hstdriz_study.choose.words.ranking import told_by
from hstdriz_study.contracts import Metric, PointRecord
from hstdriz_study.errors import ChoiceError
from hstdriz_study.measure import WeightSpread
from hstdriz_study.refine.apart import told_apart
from hstdriz_study.study.report.methods import methods_paragraph
from hstdriz_study.study.report.tables import rule_rows
from hstdriz_study.what_if.judge import judge
from hstdriz_study.what_if.scenarios import NOW, Scenario

if TYPE_CHECKING:
    from collections.abc import Callable

    from hstdriz_study.choose import ChoiceSettings, HandbookPick
    from hstdriz_study.choose.screen import Screening
    from hstdriz_study.choose.verdict import Verdict

ELLIPTICITY = "psf/ellipticity"


def _decide(screening: Screening, _: ChoiceSettings, __: HandbookPick) -> Verdict:
    scores = {record.key: metric_of(record, ELLIPTICITY) for record in screening.admissible}
    elongation = Criterion("ellipticity", "more elongated")
    return decide_by(Ranking(scores, elongation, 0.0, NO_SIGMA, SMOOTHEST), screening)


ROUNDEST = Rule(
    name="roundest",
    takes="the smallest ellipticity",
    source="these tests",
    held_back_by="nothing",
    decide=_decide,
    words=told_by(lambda _, __: "The roundest stars."),
    needs=(FWHM, ELLIPTICITY),
    ranks_by=(ELLIPTICITY,),
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, settings: ChoiceSettings) -> ChoiceSettings:
    """Settings that ask for the rule, which is registered as its line in the registry would."""
    monkeypatch.setitem(RULES, ROUNDEST.name, ROUNDEST)
    return replace(settings, rule=ROUNDEST.name)


def two_points(
    point: Callable[..., PointRecord], first: np.ndarray, second: np.ndarray
) -> list[PointRecord]:
    """Return two points as sharp as each other, the first of which is the rounder."""
    records = [point(0.06, 0.5), point(0.06, 1.0)]
    for record, value, replicates in zip(records, (0.03, 0.04), (first, second), strict=True):
        record.metrics[ELLIPTICITY] = Metric(value, 0.01, "", replicates)
    return records


def test_stability_is_that_of_the_metric_that_the_rule_reads(
    point: Callable[..., PointRecord], asked: ChoiceSettings, handbook: HandbookPick
) -> None:
    rng, sigma = np.random.default_rng(8), 0.01
    first, second = rng.normal(0.03, sigma, 2000), rng.normal(0.04, sigma, 2000)
    choice = choose(two_points(point, first, second), asked, handbook)
    assert choice.chosen.final_pixfrac == 0.5
    stability = choice.resampling
    # resampled directly, and as the difference of two normal deviates
    assert stability.changed == pytest.approx(np.mean(second < first), abs=1e-12)
    expected = 0.5 * math.erfc(0.01 / (math.sqrt(2) * sigma) / math.sqrt(2))
    scatter = math.sqrt(expected * (1 - expected) / 2000)
    assert stability.changed == pytest.approx(expected, abs=4 * scatter)
    assert stability.undecided == 0
    assert [vote.point.final_pixfrac for vote in stability.votes] == [0.5, 1.0]


def test_what_changes_the_choice_is_the_source_of_the_metric_that_the_rule_reads(
    point: Callable[..., PointRecord], asked: ChoiceSettings, handbook: HandbookPick
) -> None:
    records = two_points(point, np.full(40, 0.03), np.where(np.arange(40) % 8 < 4, 0.02, 0.04))
    records[0].metrics["noise/depth_abmag"] = Metric(26, 1, "mag(AB)", np.linspace(20, 30, 40))
    causes = choose(records, asked, handbook).resampling.causes
    assert {cause.source: cause.changed for cause in causes} == {"stars": 0.5, "sky": 0.0}


def test_grid_phases_vary_the_metric_that_the_rule_reads(
    point: Callable[..., PointRecord], asked: ChoiceSettings, handbook: HandbookPick
) -> None:
    records = two_points(point, np.full(4, 0.03), np.full(4, 0.04))
    phases = np.array([0.04, 0.02, 0.05, 0.05])
    records[1].metrics[ELLIPTICITY] = Metric(0.04, 0.01, phases=phases)
    stability = choose(records, asked, handbook).grid_phases
    assert (stability.n_same, stability.n_tables) == (3, 4)


def test_it_is_said_in_its_own_words_why_points_were_taken_and_left(
    point: Callable[..., PointRecord], asked: ChoiceSettings, handbook: HandbookPick
) -> None:
    choice = choose(two_points(point, np.full(9, 0.03), np.full(9, 0.04)), asked, handbook)
    assert choice.reasons[0] == "The roundest stars."
    assert choice.short_reason == "best ellipticity"
    (rejection,) = choice.rejected
    assert rejection.stage == "more elongated"
    assert "0.01 more elongated than" in rejection.reason


@pytest.mark.usefixtures("asked")
def test_it_is_named_where_a_rule_is_not_known(settings: ChoiceSettings) -> None:
    with pytest.raises(ChoiceError, match=", ".join(sorted(RULES))):
        find_rule(replace(settings, rule="rounder").rule)


def test_it_is_shown_beside_the_other_rules(
    point: Callable[..., PointRecord], asked: ChoiceSettings, handbook: HandbookPick
) -> None:
    records = two_points(point, np.full(9, 0.03), np.full(9, 0.04))
    assert [pick.rule for pick in picks_by_rule(records, asked, handbook)] == list(RULES)
    choice = choose(records, asked, handbook)
    assert rule_rows([choice])[-1] == ("roundest (used)", '0.06", 0.5')
    assert 'by the rule "roundest", which takes ' in methods_paragraph({}, records, [choice], asked)


def test_without_the_metric_it_needs_it_says_so(
    point: Callable[..., PointRecord], asked: ChoiceSettings, handbook: HandbookPick
) -> None:
    choice = choose([point(0.06, 0.5)], asked, handbook)
    assert choice.cannot_choose.startswith("The rule needs the ellipticity (psf/ellipticity)")
    assert "The rules handbook and curve_break need no star" in choice.cannot_choose


def test_points_are_told_apart_by_what_it_ranks_by(
    point: Callable[..., PointRecord], asked: ChoiceSettings
) -> None:
    one, other = two_points(point, np.linspace(0, 1, 9), 0.01 + np.linspace(0, 1, 9))
    other.metrics[FWHM] = one.metrics[FWHM]
    assert told_apart(one, other, asked, inadmissible=False)
    other.metrics[ELLIPTICITY] = one.metrics[ELLIPTICITY]
    assert not told_apart(one, other, asked, inadmissible=False)


def test_other_exposures_are_judged_by_it(
    point: Callable[..., PointRecord], asked: ChoiceSettings, handbook: HandbookPick
) -> None:
    records = two_points(point, np.full(9, 0.03), np.full(9, 0.04))
    now = Scenario(NOW, (0, 1), (500.0, 500.0))
    spreads = [WeightSpread(rms=rms, median=1.0, hole_fraction=0.0) for rms in (0.5, 0.1)]
    outcome = judge(now, now, records, spreads, settings=asked, handbook=handbook)
    assert outcome.taken is not None
    assert outcome.taken.settings.final_pixfrac == 1.0
    assert set(outcome.faults) == {records[0].key}


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_no_rule_depends_on_a_metric_that_it_does_not_say_it_reads(
    rule: Rule,
    model_grid: Callable[..., list[PointRecord]],
    with_rule: Callable[..., ChoiceSettings],
    handbook: HandbookPick,
) -> None:
    asked, records = with_rule(rule.name), model_grid(noise=0.01)
    bare = [
        replace(r, metrics={n: r.metrics[n] for n in rule.reads(asked) if n in r.metrics})
        for r in records
    ]
    whole, stripped = (rule(table, asked, handbook) for table in (records, bare))
    assert whole.chosen is not None
    assert whole.chosen.key == stripped.chosen.key
    assert {key: type(why) for key, why in whole.rejected.items()} == {
        key: type(why) for key, why in stripped.rejected.items()
    }


def test_a_rule_reads_its_limits_and_what_the_settings_name(settings: ChoiceSettings) -> None:
    assert set(find_rule("default").reads(settings)) == set(COMMON_METRICS)
    assert find_rule("curve_break").reads(settings) == (
        "weight/rms_over_median",
        "weight/hole_fraction",
    )
    weighted = replace(settings, weights={"psf/ee50_arcsec": 1.0, ELLIPTICITY: 0.0})
    assert "psf/ee50_arcsec" in find_rule("weighted").reads(weighted)
    assert ELLIPTICITY not in find_rule("weighted").reads(weighted)
