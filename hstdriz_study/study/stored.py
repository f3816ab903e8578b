"""From the configuration that a study or a record keeps to a typed one."""

from __future__ import annotations

from typing import Any

from omegaconf import OmegaConf

from hstdriz_study.config import StudyConfig


def stored_config(stored: dict[str, Any]) -> StudyConfig:
    """Type a configuration that was read from JSON."""
    config = OmegaConf.to_object(OmegaConf.merge(OmegaConf.structured(StudyConfig), stored))
    if not isinstance(config, StudyConfig):
        raise TypeError(f"the stored configuration is a {type(config).__name__}")
    return config
