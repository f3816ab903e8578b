"""From the points of a study to a choice with its reasons: pure functions, no files, no plots."""

from hstdriz_study.choose.choice import (
    Alternative,
    Choice,
    Limitation,
    Rejection,
    choice_to_json,
)
from hstdriz_study.choose.common_scale import CommonScale, RejectedScale, choose_common_scale
from hstdriz_study.choose.decide import choose, choose_all
from hstdriz_study.choose.goals import GoalPick, picks_by_goal
from hstdriz_study.choose.handbook import HandbookPick, handbook_pick, nearest_point
from hstdriz_study.choose.margin import Margin
from hstdriz_study.choose.points import PointSummary, summarise
from hstdriz_study.choose.prices import Price, price_of
from hstdriz_study.choose.rule_picks import RulePick, picks_by_rule
from hstdriz_study.choose.rules import RULES, check_rule, find_rule
from hstdriz_study.choose.stability import (
    Cause,
    Stability,
    Vote,
    phase_stability,
    resampling_stability,
)
from hstdriz_study.choose.table import points_table

__all__ = [
    "RULES",
    "Alternative",
    "Cause",
    "Choice",
    "CommonScale",
    "GoalPick",
    "HandbookPick",
    "Limitation",
    "Margin",
    "PointSummary",
    "Price",
    "RejectedScale",
    "Rejection",
    "RulePick",
    "Stability",
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
