from __future__ import annotations

from types import SimpleNamespace

import pytest

from hstdriz_study.field import Field
from hstdriz_study.study.config import field_options


@pytest.fixture(scope="session")
def prepared_set(compose_config, cache_dir):
    """Synthetic exposures of a filter, prepared, with their configuration."""

    def prepare(name: str, *overrides: str) -> SimpleNamespace:
        config = compose_config(
            f"filter={name}", f"prepare.cache_dir={cache_dir}", "drizzle.final_scale=psf/2",
            "drizzle.final_pixfrac=0.6", *overrides,
        )  # fmt: skip
        field = Field(field_options(config))
        return SimpleNamespace(
            config=config, field=field, found=field.exposures, prepared=field.prepared
        )

    return prepare
