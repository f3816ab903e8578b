"""From a configuration to the settings of a choice."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from hstdriz_study.choose.settings import ChoiceSettings

if TYPE_CHECKING:
    from hstdriz_study.study.config.schema import ChooseConfig


def choice_settings(config: ChooseConfig) -> ChoiceSettings:
    """Return the rule and its limits."""
    given = asdict(config)
    return ChoiceSettings(**given | {"rms_over_median_shown": tuple(config.rms_over_median_shown)})
