"""Where rules are listed by hand, the lists are those of the registry."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hstdriz_study.choose import RULES, Rule
from hstdriz_study.choose.goals import GOALS
from hstdriz_study.contracts import Metric, PointRecord

if TYPE_CHECKING:
    from collections.abc import Callable

    from hstdriz_study.choose import ChoiceSettings, HandbookPick

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_documentation_has_the_row_that_the_rule_gives(rule: Rule) -> None:
    cells = (f"`{rule.name}`", rule.takes, rule.source, rule.held_back_by)
    assert f"| {' | '.join(cells)} |\n" in (ROOT / "docs" / "choosing.md").read_text()


def test_the_rule_that_the_documentation_shows_chooses(
    point: Callable[..., PointRecord], settings: ChoiceSettings, handbook: HandbookPick
) -> None:
    (code,) = re.findall(
        r"```python\n(.*?)```", (ROOT / "docs" / "choosing.md").read_text(), flags=re.DOTALL
    )
    shown: dict[str, Any] = {}
    exec(code, shown)  # noqa: S102 - what a reader of the page would run
    records = [point(0.06, pixfrac) for pixfrac in (0.5, 1.0)]
    for record, ellipticity in zip(records, (0.03, 0.04), strict=True):
        record.metrics["psf/ellipticity"] = Metric(ellipticity, 0.001)
    assert shown["ROUNDEST"](records, settings, handbook).chosen is records[0]


def test_the_readme_names_every_rule_that_is_not_the_default() -> None:
    (named,) = re.findall(r"Other rules are `choose=([^`]*)`", (ROOT / "README.md").read_text())
    assert set(named.split(" | ")) == set(RULES) - {"default"}


def test_the_configuration_names_every_goal_that_is_not_the_default() -> None:
    (line,) = re.findall(r"- goal: null +# .*: (.*)", (ROOT / "conf" / "config.yaml").read_text())
    assert set(line.split(", ")) == set(GOALS) - {"default"}


def test_every_goal_takes_a_rule_of_the_registry() -> None:
    assert {str(goal.settings["rule"]) for goal in GOALS.values()} <= set(RULES)


def test_what_a_rule_ranks_by_it_needs_or_looks_at() -> None:
    for rule in RULES.values():
        assert set(rule.ranks_by) <= {*rule.needs, *rule.looks_at}
