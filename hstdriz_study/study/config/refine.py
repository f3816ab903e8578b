"""From a configuration to the settings of refining."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.refine.settings import RefineSettings

if TYPE_CHECKING:
    from hstdriz_study.study.config.schema import RefineConfig


def refine_settings(config: RefineConfig) -> RefineSettings:
    """Return when the settings of a choice are known closely enough."""
    return RefineSettings(
        scale_tolerance=config.scale_tolerance,
        pixfrac_tolerance=config.pixfrac_tolerance,
        smallest_pixfrac=config.smallest_pixfrac,
    )
