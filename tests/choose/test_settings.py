"""The shipped rules and goals as Hydra composes them, and wrong settings told early."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from hstdriz_study.choose import RULES, check_rule
from hstdriz_study.choose.goals import GOALS
from hstdriz_study.conf_files import conf_directory
from hstdriz_study.errors import ChoiceError, ConfigError
from hstdriz_study.study.config import choice_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from hstdriz_study.choose import ChoiceSettings

    Compose = Callable[..., Any]


def test_every_rule_has_a_file_of_its_name_and_can_run_as_shipped(compose_config: Compose) -> None:
    files = {path.stem for path in (conf_directory() / "choose").glob("*.yaml")}
    assert files == set(RULES)
    for name in files:
        config = compose_config(f"choose={name}").choose
        assert config.rule == name
        check_rule(choice_settings(config))


@pytest.mark.parametrize("goal", GOALS)
def test_a_goal_sets_its_rule_and_limits_and_can_run(goal: str, compose_config: Compose) -> None:
    config = compose_config(f"goal={goal}").choose
    assert config.goal == goal
    assert {key: getattr(config, key) for key in GOALS[goal].settings} == GOALS[goal].settings
    check_rule(choice_settings(config))


def test_a_key_given_beside_a_goal_wins_over_the_goal(compose_config: Compose) -> None:
    config = compose_config("goal=lensing", "choose.max_fwhm_growth=0.2").choose
    assert (config.rule, config.max_fwhm_growth) == ("uniform_noise", 0.2)


@pytest.mark.parametrize(
    "override",
    [
        "choose.max_fwhm_growth=0",
        "choose.max_fwhm_growth=inf",
        "choose.rms_tolerance=1",
        "choose.min_stars_advised=-1",
        "choose.max_change_probability=2",
    ],
)
def test_a_value_out_of_range_names_its_key(override: str, compose_config: Compose) -> None:
    with pytest.raises(ConfigError, match=override.partition("=")[0]):
        compose_config(override)


@pytest.mark.parametrize("rule", ["no such rule", "uniform_noise", "deepest", "weighted"])
def test_a_rule_that_could_not_run_is_refused_before_any_point(
    rule: str, settings: ChoiceSettings
) -> None:
    with pytest.raises(ChoiceError, match=r"choose\."):
        check_rule(replace(settings, rule=rule))
