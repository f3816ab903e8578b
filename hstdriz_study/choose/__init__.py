"""From the points of a study to a choice with its reasons: pure functions, no files, no plots."""

from typing import TYPE_CHECKING

from hstdriz_study.lazy import lazily

if TYPE_CHECKING:
    from hstdriz_study.choose.as_json import choice_to_json
    from hstdriz_study.choose.choice import Alternative, Choice, Rejection
    from hstdriz_study.choose.common_scale import CommonScale, RejectedScale, choose_common_scale
    from hstdriz_study.choose.decide import choose, choose_all
    from hstdriz_study.choose.limitations import Limitation
    from hstdriz_study.choose.margin import Margin
    from hstdriz_study.choose.picks import GoalPick, RulePick, picks_by_goal, picks_by_rule
    from hstdriz_study.choose.points import PointSummary, summarise
    from hstdriz_study.choose.prices import Price, price_of
    from hstdriz_study.choose.rule import Rule
    from hstdriz_study.choose.rule_of_thumb import HandbookPick, handbook_pick, nearest_point
    from hstdriz_study.choose.rules import RULES, check_rule, find_rule
    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.choose.stability import (
        Cause,
        Stability,
        Vote,
        phase_stability,
        resampling_stability,
    )
    from hstdriz_study.choose.table import points_table
    from hstdriz_study.choose.verdict import Verdict
else:
    __getattr__ = lazily(
        __name__,
        {
            "Alternative": "choice",
            "Cause": "stability",
            "Choice": "choice",
            "ChoiceSettings": "settings",
            "CommonScale": "common_scale",
            "GoalPick": "picks",
            "HandbookPick": "rule_of_thumb",
            "Limitation": "limitations",
            "Margin": "margin",
            "PointSummary": "points",
            "Price": "prices",
            "RULES": "rules",
            "RejectedScale": "common_scale",
            "Rejection": "choice",
            "Rule": "rule",
            "RulePick": "picks",
            "Stability": "stability",
            "Verdict": "verdict",
            "Vote": "stability",
            "check_rule": "rules",
            "choice_to_json": "as_json",
            "choose": "decide",
            "choose_all": "decide",
            "choose_common_scale": "common_scale",
            "find_rule": "rules",
            "handbook_pick": "rule_of_thumb",
            "nearest_point": "rule_of_thumb",
            "phase_stability": "stability",
            "picks_by_goal": "picks",
            "picks_by_rule": "picks",
            "points_table": "table",
            "price_of": "prices",
            "resampling_stability": "stability",
            "summarise": "points",
        },
    )

__all__ = [
    "RULES",
    "Alternative",
    "Cause",
    "Choice",
    "ChoiceSettings",
    "CommonScale",
    "GoalPick",
    "HandbookPick",
    "Limitation",
    "Margin",
    "PointSummary",
    "Price",
    "RejectedScale",
    "Rejection",
    "Rule",
    "RulePick",
    "Stability",
    "Verdict",
    "Vote",
    "check_rule",
    "choice_to_json",
    "choose",
    "choose_all",
    "choose_common_scale",
    "find_rule",
    "handbook_pick",
    "nearest_point",
    "phase_stability",
    "picks_by_goal",
    "picks_by_rule",
    "points_table",
    "price_of",
    "resampling_stability",
    "summarise",
]
