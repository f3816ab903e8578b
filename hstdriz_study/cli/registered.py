"""What Hydra knows beside the files of ``conf/``: the schema, the goals, our sweeper and mode."""

from __future__ import annotations

from hydra.core.config_store import ConfigStore

from hstdriz_study.choose.goals import GOALS, goal_settings
from hstdriz_study.cli.arguments import register_mode
from hstdriz_study.cli.hydra_parts import check_when_composed
from hstdriz_study.cli.sweeper import register_sweeper
from hstdriz_study.cli.targets import require_known_targets
from hstdriz_study.study.config import schema_with_defaults


def register() -> None:
    """Tell Hydra; once more does no harm."""
    store = ConfigStore.instance().store
    store(name="schema", node=schema_with_defaults(), provider="hstdriz-study")
    for goal in GOALS:
        store(group="goal", name=goal, package="choose", node=goal_settings(goal), provider="goals")
    register_sweeper()
    register_mode()
    check_when_composed(require_known_targets)
