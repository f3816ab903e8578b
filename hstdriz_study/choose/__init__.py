"""From the points of a study to a choice with its reasons: pure functions, no files, no plots."""

from typing import TYPE_CHECKING

from lazy_loader import attach

if TYPE_CHECKING:
    from hstdriz_study.choose.as_json import choice_to_json
    from hstdriz_study.choose.choice import Choice
    from hstdriz_study.choose.common_scale import CommonScale, choose_common_scale
    from hstdriz_study.choose.decide import choose, choose_all
    from hstdriz_study.choose.picks import picks_by_goal, picks_by_rule
    from hstdriz_study.choose.points import PointSummary
    from hstdriz_study.choose.prices import Price
    from hstdriz_study.choose.rule import Rule
    from hstdriz_study.choose.rule_of_thumb import HandbookPick, handbook_pick
    from hstdriz_study.choose.rules import RULES, check_rule, find_rule
    from hstdriz_study.choose.settings import ChoiceSettings
    from hstdriz_study.choose.table_of_points import points_table
else:
    __getattr__, *_ = attach(
        __name__,
        submod_attrs={
            "as_json": ["choice_to_json"],
            "choice": ["Choice"],
            "common_scale": ["CommonScale", "choose_common_scale"],
            "decide": ["choose", "choose_all"],
            "picks": ["picks_by_goal", "picks_by_rule"],
            "points": ["PointSummary"],
            "prices": ["Price"],
            "rule": ["Rule"],
            "rule_of_thumb": ["HandbookPick", "handbook_pick"],
            "rules": ["RULES", "check_rule", "find_rule"],
            "settings": ["ChoiceSettings"],
            "table_of_points": ["points_table"],
        },
    )

__all__ = [
    "RULES",
    "Choice",
    "ChoiceSettings",
    "CommonScale",
    "HandbookPick",
    "PointSummary",
    "Price",
    "Rule",
    "check_rule",
    "choice_to_json",
    "choose",
    "choose_all",
    "choose_common_scale",
    "find_rule",
    "handbook_pick",
    "picks_by_goal",
    "picks_by_rule",
    "points_table",
]
