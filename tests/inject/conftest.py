"""Small simulated sets with artificial stars."""

from __future__ import annotations

import pytest

from hstdriz_study.field import Field
from hstdriz_study.study.config import field_options


@pytest.fixture(scope="session")
def injected(compose_config, cache_dir):
    """Default simulated sets of both detectors with twenty bright artificial stars."""
    made = {}
    for name in ("f160w", "f814w"):
        config = compose_config(
            f"filter={name}", f"prepare.cache_dir={cache_dir}", "drizzle.final_scale=psf/2",
            "drizzle.final_pixfrac=0.8", "measure.inject_stars=20",
        )  # fmt: skip
        made[name] = config, Field(field_options(config))
    return made
