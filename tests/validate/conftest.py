from __future__ import annotations

import pytest

from hstdriz_study.study.config import (
    choice_settings,
    drizzle_settings,
    field_options,
    point_options,
)
from hstdriz_study.validate.context import SetOptions


@pytest.fixture
def set_options(compose_config):
    """How a study goes about a simulated set, by the overrides of its configuration."""

    def of(*overrides: str) -> SetOptions:
        config = compose_config(*overrides)
        return SetOptions(
            field_options(config),
            drizzle_settings(config),
            point_options(config),
            choice_settings(config.choose),
        )

    return of
