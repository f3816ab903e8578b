"""Why points were not chosen, and why none was, in sentences."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hstdriz_study.choose import choose, find_rule
from hstdriz_study.choose.faults import Fault
from hstdriz_study.choose.verdict import Failed, NotRun, Refusal, Rejected
from hstdriz_study.choose.words.faults import fault_said
from hstdriz_study.choose.words.rejections import stage_said, why_not
from hstdriz_study.choose.words.verdicts import why_none, why_none_in_short

if TYPE_CHECKING:
    from collections.abc import Callable

    from hstdriz_study.choose import ChoiceSettings, HandbookPick
    from hstdriz_study.contracts import PointRecord


@pytest.mark.parametrize(
    ("rejected", "said"),
    [
        (Failed("no space left"), "failed: no space left"),
        (Failed(None), "failed: no reason recorded"),
        (NotRun("not run: holes foreseen"), "was not run: holes foreseen"),
        (NotRun(None), "was not run: no reason recorded"),
    ],
)
def test_a_point_without_a_result_is_told_with_the_reason_of_its_record(
    rejected: Rejected, said: str
) -> None:
    assert why_not(rejected) == said
    assert stage_said(rejected) == rejected.stage
    assert not rejected.stage.is_admitted


@pytest.mark.parametrize(
    ("say", "unknown"),
    [
        (why_not, Rejected()),
        (why_none, Refusal()),
        (why_none_in_short, Refusal()),
        (fault_said, Fault("max_hole_fraction", 2.0)),
    ],
)
def test_a_kind_of_reason_without_words_is_a_defect_that_is_named(
    say: Callable[[object], str], unknown: object
) -> None:
    with pytest.raises(TypeError, match=f"no words are registered for {type(unknown).__name__}"):
        say(unknown)


def test_of_two_kernels_that_which_is_sharper_beats_the_other(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    records = [point(0.06, 0.8, 0.2), point(0.06, 0.8, 0.201, kernel="gaussian")]
    choice = choose(records, settings, handbook)
    assert choice.chosen.final_kernel == "square"
    (rejection,) = choice.rejected
    assert rejection.reason == (
        '0.06", pixfrac 0.8 is not worse in FWHM, 5-sigma depth, RMS/median and number of pixels, '
        "and better in FWHM"
    )


def test_the_handbooks_point_is_told_to_be_chosen_rejected_or_missing(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    def note(*records: PointRecord) -> str:
        return choose(records, settings, handbook).handbook_note

    assert note(point(0.08, 0.8)) == "the chosen point itself"
    assert "exceeds the limit 0.2" in note(point(0.08, 0.8, rms=0.5), point(0.05, 0.8))
    assert note(point(0.08, 0.8, status="FAILED", metrics={})) == "no point was measured"


def test_a_verdict_with_a_chosen_point_has_no_refusal(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    rule = find_rule(settings.rule)
    with pytest.raises(ValueError, match="a point was chosen"):
        _ = rule([point(0.06, 0.8)], settings, handbook).refused
    refused = rule([point(0.06, 0.8, rms=0.5)], settings, handbook).refused
    assert why_none_in_short(refused) == "no admissible point"


def test_a_rule_that_cannot_choose_leaves_admissible_points_unjudged(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    asked = replace(settings, rule="curve_break")
    choice = choose([point(0.06, 0.8), point(0.06, 0.6, holes=0.1)], asked, handbook)
    stages = {r.point.final_pixfrac: r for r in choice.rejected}
    assert (stages[0.8].stage, stages[0.6].stage) == ("not judged", "inadmissible")
    assert stages[0.8].reason == f"the rule cannot choose: {choice.cannot_choose}"
